import { contactsV1, type EventType } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { typeOf, type BusPlace, type Telling } from '../libs/testing/src/bus-place.js';

const PADDING = 'x'.repeat(860);

/** A real event, but for a purpose that may be long: no event of the product comes near a kilobyte. */
export function kilobyteEvent(place: BusPlace): EventType<Telling> {
  const type = typeOf(place);
  return {
    ...type,
    fields: { ...type.fields, purpose: { ...type.fields['purpose'], pattern: '[a-z]{0,1000}' } },
  };
}

export function kilobyte(): Telling {
  return contactsV1.ConsentChanged.fromPartial({
    ...{ contactId: newId(), entryId: newId(), epoch: 1n, purpose: PADDING },
    recordedAt: '2026-11-23T09:00:00.000Z',
  });
}

/** The same as bytes. */
export function kilobyteBytes(): Buffer {
  return Buffer.from(contactsV1.ConsentChanged.encode(kilobyte()).finish());
}
