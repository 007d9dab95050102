import { type Channel } from './address.js';

export interface Profile {
  firstName: string | undefined;
  lastName: string | undefined;
  country: string | undefined;
}

export interface Contact extends Profile {
  contactId: string;
  /** `api`, or `import:<id>`. */
  source: string;
  createdAt: Date;
}

export interface Endpoint {
  endpointId: string;
  contactId: string;
  channel: Channel;
  address: string;
  endpointHash: Buffer;
}

/** Takes what a newer source says, and keeps what it does not say. Undefined where nothing changes. */
export function updatedProfile(known: Profile, stated: Profile): Profile | undefined {
  const next: Profile = {
    firstName: stated.firstName ?? known.firstName,
    lastName: stated.lastName ?? known.lastName,
    country: stated.country ?? known.country,
  };
  const same =
    next.firstName === known.firstName && next.lastName === known.lastName && next.country === known.country;
  return same ? undefined : next;
}
