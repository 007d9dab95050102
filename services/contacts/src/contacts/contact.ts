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
  /** What the person had corrected themselves: no file changes it again. */
  corrected?: readonly string[];
}

export interface Endpoint {
  endpointId: string;
  contactId: string;
  channel: Channel;
  address: string;
  endpointHash: Buffer;
}

/**
 * Takes what a newer source says, and keeps what it does not say, or what the person had corrected. Undefined where nothing
 * changes.
 */
export function updatedProfile(
  known: Profile,
  stated: Profile,
  corrected: ReadonlySet<string> = new Set(),
): Profile | undefined {
  const next: Profile = {
    firstName: corrected.has('first_name') ? known.firstName : (stated.firstName ?? known.firstName),
    lastName: corrected.has('last_name') ? known.lastName : (stated.lastName ?? known.lastName),
    country: corrected.has('country') ? known.country : (stated.country ?? known.country),
  };
  const same =
    next.firstName === known.firstName && next.lastName === known.lastName && next.country === known.country;
  return same ? undefined : next;
}
