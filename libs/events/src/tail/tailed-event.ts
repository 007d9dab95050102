import { embeddedCodecs, eventTypes, type EventType } from '@heed/contracts';
import { readHeaders, type CloudEvent, type Headers } from '../cloud-events.js';

/** An event as it lies on the bus, for whoever looks on: nobody's cursor moves. */
export interface TailedEvent extends Partial<Omit<CloudEvent, 'sequence'>> {
  topic: string;
  partition: number;
  /** Kafka's offset; with the embedded bus the number of the outbox row. */
  offset: string;
  key: string;
  sequence?: string;
  /** The payload in protobuf's JSON. Absent where it cannot be read, for which `defect` is the reason. */
  data?: unknown;
  defect?: string;
}

export interface TailOptions {
  /** All topics of the contracts if absent. */
  topics?: readonly string[];
  /** `beginning`: all that is there now, and then the end. `now`: what comes from now on, until the signal. */
  from: 'beginning' | 'now';
  /** With `beginning`: go on when all that was there has been read. */
  follow?: boolean;
  signal: AbortSignal;
  /** `now` is settled: whatever is told from here on will be seen. */
  onBegun?(): void;
  /** False: it has seen enough. */
  onEvent(event: TailedEvent): boolean;
}

export interface RawRecord {
  topic: string;
  partition: number;
  offset: string;
  key: string;
  headers: Headers;
  payload: Uint8Array;
}

export function readRecord(record: RawRecord): TailedEvent {
  const { topic, partition, offset, key } = record;
  const place = { topic, partition, offset, key };
  const attributes = readHeaders(record.headers);
  if ('defect' in attributes) return { ...place, defect: attributes.defect };
  const { sequence, ...rest } = attributes;
  const event: TailedEvent = {
    ...place,
    ...rest,
    ...(sequence !== undefined && { sequence: sequence.toString() }),
  };
  const type = eventTypes.find(({ name }) => name === attributes.type);
  if (type === undefined) return { ...event, defect: 'EVENT_TYPE_UNKNOWN' };
  try {
    return { ...event, data: payloadOf(type, record.payload) };
  } catch {
    return { ...event, defect: 'EVENT_PAYLOAD_MALFORMED' };
  }
}

/** What a field holds in encoded form (a signed batch of orders) is shown decoded. */
function payloadOf(type: EventType<never>, payload: Uint8Array): unknown {
  const message: Record<string, unknown> = type.codec.decode(payload);
  const shown = type.codec.toJSON(message as never) as Record<string, unknown>;
  for (const [field, { embeds }] of Object.entries(type.fields)) {
    const codec = embeds === undefined ? undefined : embeddedCodecs[embeds];
    const inner = message[field];
    if (codec && inner instanceof Uint8Array) shown[field] = codec.toJSON(codec.decode(inner));
  }
  return shown;
}
