import { type contactsV1 } from '@heed/contracts';
import { masked } from './address.js';
import { numberOf } from './channel-message.js';
import { type Contact, type Endpoint } from './contact.js';

export type View = 'masked' | 'clear';

export function contactMessage(
  contact: Contact,
  endpoints: readonly Endpoint[],
  view: View,
): contactsV1.Contact {
  return {
    contactId: contact.contactId,
    firstName: contact.firstName ?? '',
    lastName: contact.lastName ?? '',
    country: contact.country ?? '',
    endpoints: endpoints.map(({ endpointId, channel, address }) => ({
      endpointId,
      channel: numberOf(channel),
      address: view === 'clear' ? address : masked(channel, address),
    })),
    createdAt: contact.createdAt.toISOString(),
    source: contact.source,
  };
}
