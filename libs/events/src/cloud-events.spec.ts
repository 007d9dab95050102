import { describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { headersOf, knownHeaders, knownKey, readHeaders } from './cloud-events.js';
import { type OutboxRow } from './outbox-row.js';

function row(change: Partial<OutboxRow> = {}): OutboxRow {
  return {
    ...{ seq: 7n, id: newId(), tenantId: newId(), type: 'heed.contacts.v1.ConsentChanged' },
    ...{ topic: 'heed.contacts.consent.v1', shard: 3, key: newId(), subject: newId(), sequence: 41n },
    ...{ occurredAt: new Date('2026-11-23T09:00:00.123Z'), payload: Buffer.of(0, 255) },
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    ...change,
  };
}

describe('the headers of an event', () => {
  it('are those of the CloudEvents Kafka binding, binary mode', () => {
    const event = row();
    expect(headersOf(event, 'contacts')).toEqual({
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_type: 'heed.contacts.v1.ConsentChanged',
      ce_source: 'heed/contacts',
      ce_time: '2026-11-23T09:00:00.123Z',
      ce_tenantid: event.tenantId,
      ce_subject: event.subject,
      ce_sequence: '00000000000000000041',
      ce_dataschema: 'urn:heed:proto:heed.contacts.v1.ConsentChanged',
      'content-type': 'application/protobuf',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
  });

  it('come back as they went, as text or as bytes', () => {
    const event = row();
    const headers = headersOf(event, 'contacts');
    const bytes = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]),
    );
    expect(knownHeaders(bytes)).toEqual(headers);
    expect(readHeaders(knownHeaders(bytes))).toMatchObject({
      ...{ id: event.id, tenantId: event.tenantId, subject: event.subject, sequence: 41n },
      ...{ time: event.occurredAt, source: 'heed/contacts', traceparent: event.traceparent },
    });
  });

  it('leave out what an event has not', () => {
    const headers = headersOf(row({ subject: null, sequence: null, traceparent: null }), 'contacts');
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['ce_subject']));
    expect(readHeaders(headers)).not.toHaveProperty('sequence');
  });

  it("3.2 take nothing over that is a stranger's free text", () => {
    expect(knownHeaders({ baggage: 'user=jane@example.org', tracestate: 'x=y', ce_note: 'hello' })).toEqual(
      {},
    );
    expect(knownHeaders({ ce_id: 'a\0b', ce_subject: 'jane@example.org', ce_source: 'Jane' })).toEqual({
      ce_id: '[withheld]',
      ce_subject: '[withheld]',
      ce_source: '[withheld]',
    });
    expect(readHeaders(knownHeaders({ ...headersOf(row(), 'contacts'), ce_subject: 'Jane' }))).toEqual({
      defect: 'EVENT_SUBJECT_INVALID',
    });
  });

  it('and no key that is one: it is known by its digest', () => {
    const id = newId();
    expect(knownKey(Buffer.from(id))).toBe(id);
    expect(knownKey(Buffer.from('jane@example.org'))).toMatch(/^sha256:[0-9a-f]{32}$/);
    expect(knownKey(Buffer.from('a'))).not.toBe(knownKey(Buffer.from('b')));
    expect(knownKey(null)).toBe('');
  });

  it.each([
    ['EVENT_ID_INVALID', { ce_id: 'jane' }],
    ['EVENT_TYPE_INVALID', { ce_type: 'a b' }],
    ['EVENT_TENANT_INVALID', { ce_tenantid: '' }],
    ['EVENT_SUBJECT_INVALID', { ce_subject: 'jane@example.org' }],
    ['EVENT_SEQUENCE_INVALID', { ce_sequence: '-1' }],
    ['EVENT_TIME_INVALID', { ce_time: 'yesterday' }],
    ['EVENT_CONTENT_TYPE_UNKNOWN', { 'content-type': 'application/json' }],
  ])('are refused as %s', (defect, wrong) => {
    expect(readHeaders({ ...headersOf(row(), 'contacts'), ...wrong })).toEqual({ defect });
  });
});
