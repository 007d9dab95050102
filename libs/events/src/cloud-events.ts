import { isUuid, sha256 } from '@heed/kernel';
import { type OutboxRow } from './outbox-row.js';

// SPEC: CloudEvents 1.0, Kafka protocol binding, section 3.2 (binary content mode): attributes are headers with the
// prefix `ce_`, the payload is the record's value.
const CONTENT_TYPE = 'application/protobuf';

/** The attributes of an event, as they stand in the headers of its record. */
export interface CloudEvent {
  id: string;
  type: string;
  source: string;
  time: Date;
  tenantId: string;
  subject?: string;
  sequence?: bigint;
  traceparent?: string;
}

export type Headers = Record<string, string>;

/** `source` is the service that publishes: heed/contacts. */
export function headersOf(row: OutboxRow, service: string): Headers {
  return {
    ce_specversion: '1.0',
    ce_id: row.id,
    ce_type: row.type,
    ce_source: `heed/${service}`,
    ce_time: row.occurredAt.toISOString(),
    ce_tenantid: row.tenantId,
    ce_dataschema: `urn:heed:proto:${row.type}`,
    'content-type': CONTENT_TYPE,
    ...(row.subject === null ? {} : { ce_subject: row.subject }),
    // SPEC: CloudEvents extension `sequence`: compared as text, hence the zeros.
    ...(row.sequence === null ? {} : { ce_sequence: row.sequence.toString().padStart(20, '0') }),
    ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
  };
}

/**
 * The id of the event that the same relay sent before this one to the same partition. No attribute of the event but of
 * its place: a topic that is made anew under a running consumer, and is long again before the next fetch, gives itself
 * away by it. Offsets do not show that, and kafkajs does not know the ids of topics.
 */
export const PREVIOUS = 'heed_previous';

/** The headers that we take over, each with the form that its values have. */
const KEPT: Record<string, { test(value: string): boolean }> = {
  ce_specversion: /^\d\.\d$/,
  ce_id: { test: isUuid },
  ce_type: /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*\.[A-Z]\w{0,99}$/,
  ce_source: /^heed\/[a-z][a-z0-9-]{0,39}$/,
  ce_time: /^[\d:.TZ+-]{20,35}$/,
  ce_subject: { test: isUuid },
  ce_tenantid: { test: isUuid },
  ce_sequence: /^\d{1,20}$/,
  ce_dataschema: /^urn:heed:proto:[a-z][\w.]{0,199}$/,
  'content-type': /^[a-z]+\/[a-z0-9.+-]{1,80}$/,
  traceparent: /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/,
};
/** Stands where a value was that has not its header's form. No reader takes it for one. */
const WITHHELD = '[withheld]';

/**
 * The headers that we know, as they may be kept: what a stranger has written into one of them would lie in the parked
 * event and travel with its notice, where no erasure reaches (ATTACKS 3.2). Others (baggage, tracestate) are free text
 * and are not taken over.
 */
export function knownHeaders(headers: Record<string, unknown> | undefined): Headers {
  const known: Headers = {};
  for (const [name, form] of Object.entries(KEPT)) {
    const value = headers?.[name];
    const text = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value;
    if (typeof text === 'string') known[name] = form.test(text) ? text : WITHHELD;
  }
  return known;
}

/** Keys of our events are ids. Another one is known by its digest: it keeps its order, and tells nothing. */
export function knownKey(key: Uint8Array | null | undefined): string {
  const text = Buffer.from(key ?? '').toString('utf8');
  if (text === '' || isUuid(text)) return text;
  return `sha256:${sha256(Buffer.from(key!)).toString('hex').slice(0, 32)}`;
}

/** The event that the headers tell of, or the code of what is wrong with them. */
export function readHeaders(headers: Headers): CloudEvent | { defect: string } {
  const { ce_id: id, ce_type: type, ce_source: source, ce_tenantid: tenantId, ce_subject: subject } = headers;
  if (id === undefined || !isUuid(id)) return { defect: 'EVENT_ID_INVALID' };
  if (type === undefined || !KEPT['ce_type']!.test(type)) return { defect: 'EVENT_TYPE_INVALID' };
  if (headers['content-type'] !== CONTENT_TYPE) return { defect: 'EVENT_CONTENT_TYPE_UNKNOWN' };
  if (tenantId === undefined || !isUuid(tenantId)) return { defect: 'EVENT_TENANT_INVALID' };
  if (subject !== undefined && !isUuid(subject)) return { defect: 'EVENT_SUBJECT_INVALID' };
  const sequence = headers['ce_sequence'];
  if (sequence !== undefined && !/^\d{1,20}$/.test(sequence)) return { defect: 'EVENT_SEQUENCE_INVALID' };
  const time = new Date(headers['ce_time'] ?? '');
  if (Number.isNaN(time.getTime())) return { defect: 'EVENT_TIME_INVALID' };
  return {
    id,
    type,
    source: source ?? '',
    time,
    tenantId,
    ...(subject === undefined ? {} : { subject }),
    ...(sequence === undefined ? {} : { sequence: BigInt(sequence) }),
    ...(headers['traceparent'] === undefined ? {} : { traceparent: headers['traceparent'] }),
  };
}
