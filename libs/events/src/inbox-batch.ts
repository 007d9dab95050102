import { isUuid } from '@heed/kernel';
import { streamKey, type DeadLetter, type Delivery } from './bus.js';
import { type Move, type Parking } from './inbox.store.js';
import { type IncomingEvent, type Reading } from './incoming-event.js';

export const QUEUED_BEHIND = 'QUEUED_BEHIND';

export interface ReadDelivery {
  delivery: Delivery;
  reading: Reading;
}

/** A key stands still within its topic only. */
export interface TopicKey {
  topic: string;
  key: string;
}

/**
 * What is to be handled, tenant by tenant, and what must be parked: defects, and what comes behind a key that stands
 * still. `unseen` are the ids that the inbox did not know.
 */
export function sortBatch(
  read: readonly ReadDelivery[],
  unseen: ReadonlySet<string>,
  standing: readonly TopicKey[],
): { batches: IncomingEvent<unknown>[][]; parkings: Parking[] } {
  const fresh = new Set(unseen);
  const still = new Set(standing.map(textOf));
  const batches = new Map<string, IncomingEvent<unknown>[]>();
  const parkings: Parking[] = [];
  for (const { delivery, reading } of read) {
    const id = idOf(reading);
    // Deleting makes the second of two in one batch a duplicate, too.
    if (reading.kind === 'foreign' || (id !== undefined && !fresh.delete(id))) continue;
    const key = textOf(keyOf(delivery));
    if (reading.kind === 'event' && !still.has(key)) {
      const batch = batches.get(reading.event.tenantId);
      if (batch) batch.push(reading.event);
      else batches.set(reading.event.tenantId, [reading.event]);
      continue;
    }
    const reason = reading.kind === 'defect' ? reading.reason : QUEUED_BEHIND;
    parkings.push({ delivery, eventId: id ?? null, reason, sqlstate: null });
    still.add(key);
  }
  // In order of tenant: two consumers that lock rows of the same tenants then never wait for each other in a circle.
  const sorted = [...batches].sort(([a], [b]) => (a < b ? -1 : 1));
  return { batches: sorted.map(([, events]) => events), parkings };
}

/** The last record of each stream decides where its cursor goes. */
export function movesOf(deliveries: readonly Delivery[]): Move[] {
  const moves = new Map<string, Move>();
  for (const { stream, from, to, origin, headers } of deliveries) {
    const key = streamKey(stream);
    const id = headers['ce_id'];
    moves.set(key, {
      stream,
      from: moves.get(key)?.from ?? from,
      to,
      eventId: id !== undefined && isUuid(id) ? id : null,
      offset: origin.offset,
    });
  }
  return [...moves.values()];
}

/** One for each event that something is wrong with; those that only wait behind it are no news. */
export function lettersOf(consumer: string, parkings: readonly Parking[]): DeadLetter[] {
  return parkings
    .filter(({ reason }) => reason !== QUEUED_BEHIND)
    .map(({ delivery: { origin, key, headers }, eventId, reason, sqlstate }) => ({
      ...{ consumer, origin, key, reason },
      ...(eventId === null ? {} : { eventId }),
      ...(sqlstate === null ? {} : { sqlstate }),
      ...(headers['ce_type'] === undefined ? {} : { eventType: headers['ce_type'] }),
    }));
}

export function idOf(reading: Reading): string | undefined {
  if (reading.kind === 'event') return reading.event.id;
  return reading.kind === 'defect' ? reading.eventId : undefined;
}

export function keyOf(delivery: Delivery): TopicKey {
  return { topic: delivery.origin.topic, key: delivery.key };
}

function textOf({ topic, key }: TopicKey): string {
  return `${topic} ${key}`;
}
