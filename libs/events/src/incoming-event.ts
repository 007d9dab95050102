import { type Delivery, type Origin } from './bus.js';
import { readHeaders } from './cloud-events.js';

/** What the inbox needs to know of an event type; an EventType of @heed/contracts is one. */
export interface ReadableType {
  name: string;
  topic: string;
  codec: { decode(input: Uint8Array): unknown };
}

/** What the handler of such a type is given. */
export type PayloadOf<Type extends ReadableType> = ReturnType<Type['codec']['decode']>;

/** An event as a handler sees it. */
export interface IncomingEvent<T> {
  id: string;
  type: string;
  /** Who published it: heed/contacts. */
  source: string;
  tenantId: string;
  /** Events of one key of one topic come in order. Across topics nothing is promised. */
  key: string;
  subject?: string;
  /** Number of the subject's (or aggregate's) ordered events: a gap is visible. */
  sequence?: bigint;
  time: Date;
  data: T;
  position: Origin;
  /** The database went back behind it: it was handled once, in a past that is lost. Never act on it. */
  replayed: boolean;
  traceparent?: string;
}

export type Reading =
  | { kind: 'event'; event: IncomingEvent<unknown> }
  /** A type that this group does not handle: topics grow by types. */
  | { kind: 'foreign' }
  | { kind: 'defect'; reason: string; eventId?: string };

/** The types that a group handles, by topic and name: ReceiptSigned comes on six topics. */
export type Types = ReadonlyMap<string, ReadableType>;

export function typesOf(types: readonly ReadableType[]): Types {
  return new Map(types.map((type) => [`${type.topic} ${type.name}`, type]));
}

export function readDelivery(delivery: Delivery, types: Types): Reading {
  const { headers, origin } = delivery;
  const attributes = readHeaders(headers);
  if ('defect' in attributes) return { kind: 'defect', reason: attributes.defect };
  const type = types.get(`${origin.topic} ${attributes.type}`);
  if (type === undefined) return { kind: 'foreign' };
  let data: unknown;
  try {
    data = type.codec.decode(delivery.payload);
  } catch {
    return { kind: 'defect', reason: 'EVENT_PAYLOAD_MALFORMED', eventId: attributes.id };
  }
  // ATTACKS 8.3: the payload is the authority where it names a tenant.
  const named = (data as { tenantId?: unknown }).tenantId;
  if (typeof named === 'string' && named !== attributes.tenantId) {
    return { kind: 'defect', reason: 'EVENT_TENANT_MISMATCH', eventId: attributes.id };
  }
  const event = { ...attributes, key: delivery.key, data, position: origin, replayed: delivery.replayed };
  return { kind: 'event', event };
}
