import { isUuid } from '@heed/kernel';
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

const KEPT = [
  'ce_specversion',
  'ce_id',
  'ce_type',
  'ce_source',
  'ce_time',
  'ce_subject',
  'ce_tenantid',
  'ce_sequence',
  'ce_dataschema',
  'content-type',
  'traceparent',
];

/** The headers that we know. Others (baggage, tracestate) are free text of strangers and are not taken over. */
export function knownHeaders(headers: Record<string, unknown> | undefined): Headers {
  const known: Headers = {};
  for (const name of KEPT) {
    const value = headers?.[name];
    if (typeof value === 'string') known[name] = storable(value);
    else if (value instanceof Uint8Array) known[name] = storable(Buffer.from(value).toString('utf8'));
  }
  return known;
}

/** PostgreSQL takes no NUL in a text: a stranger's record must not fail where it is to be parked. */
export function storable(text: string): string {
  return text.replaceAll('\0', '');
}

/** The event that the headers tell of, or the code of what is wrong with them. */
export function readHeaders(headers: Headers): CloudEvent | { defect: string } {
  const { ce_id: id, ce_type: type, ce_source: source, ce_tenantid: tenantId, ce_subject: subject } = headers;
  if (id === undefined || !isUuid(id)) return { defect: 'EVENT_ID_INVALID' };
  if (type === undefined || !/^[A-Za-z][\w.]{0,199}$/.test(type)) return { defect: 'EVENT_TYPE_INVALID' };
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
