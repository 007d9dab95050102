import { describe, expect, it } from '@jest/globals';
import { contactsV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { violationsOf } from './index.js';

const consent = (
  changes: Partial<contactsV1.RecordConsentRequest> = {},
): contactsV1.RecordConsentRequest => ({
  requestId: newId(),
  contactId: newId(),
  channel: typesV1.Channel.CHANNEL_EMAIL,
  purpose: 'newsletter',
  basis: 'consent',
  saidAt: '',
  evidence: '',
  sender: '',
  ...changes,
});
const ask = (changes: Partial<contactsV1.PermitAsk> = {}): contactsV1.PermitAsk => ({
  attemptId: newId(),
  contactId: newId(),
  channel: typesV1.Channel.CHANNEL_EMAIL,
  purpose: 'newsletter',
  nonce: Buffer.alloc(16, 1),
  templateFields: [],
  tracking: false,
  sender: '',
  ...changes,
});
const wrongWith = (changes: Partial<contactsV1.RecordConsentRequest>) =>
  violationsOf('heed.contacts.v1.RecordConsentRequest', consent(changes));
const wrongAsks = (asks: contactsV1.PermitAsk[]) =>
  violationsOf('heed.contacts.v1.BatchIssuePermitsRequest', { asks });

describe('a request', () => {
  it('that keeps its contract has no violations', () => {
    expect(wrongWith({})).toEqual([]);
    expect(wrongAsks([ask(), ask()])).toEqual([]);
  });

  it.each<[string, Partial<contactsV1.RecordConsentRequest>, string, string]>([
    ['a required id left out', { contactId: '' }, 'contact_id', 'REQUIRED'],
    ['an id of another make', { contactId: '42' }, 'contact_id', 'NOT_A_UUID'],
    ['an id in capitals', { contactId: newId().toUpperCase() }, 'contact_id', 'NOT_A_UUID'],
    ['an enum left out', { channel: 0 }, 'channel', 'REQUIRED'],
    ['an unknown value of an enum', { channel: 77 as typesV1.Channel }, 'channel', 'UNKNOWN_VALUE'],
    ['a text that breaks its pattern', { purpose: 'News letter' }, 'purpose', 'PATTERN'],
    ['a text whose part keeps the pattern', { basis: 'consent, surely' }, 'basis', 'PATTERN'],
    ['a text that is too long', { evidence: 'x'.repeat(2_001) }, 'evidence', 'TOO_LONG'],
    ['a text that PostgreSQL cannot hold', { evidence: 'a\0b' }, 'evidence', 'NOT_TEXT'],
  ])('with %s says so', (_, changes, field, reason) => {
    expect(wrongWith(changes)).toEqual([{ field, reason }]);
  });

  it('says where in nested messages and lists the fault is', () => {
    expect(wrongAsks([ask(), ask({ nonce: Buffer.alloc(0), contactId: 'x' })])).toEqual(
      [
        { field: 'asks[1].nonce', reason: 'REQUIRED' },
        { field: 'asks[1].contact_id', reason: 'NOT_A_UUID' },
      ].sort((a, b) => b.field.localeCompare(a.field) * -1),
    );
  });

  it('may not carry more elements than the contract says, and then none is looked at', () => {
    expect(wrongAsks(Array.from({ length: 501 }, () => ask({ contactId: 'x' })))).toEqual([
      { field: 'asks', reason: 'TOO_MANY' },
    ]);
    expect(wrongAsks([])).toEqual([{ field: 'asks', reason: 'REQUIRED' }]);
    expect(wrongAsks([ask({ nonce: Buffer.alloc(17, 1) })])).toEqual([
      { field: 'asks[0].nonce', reason: 'TOO_LONG' },
    ]);
  });

  it('has numbers between their limits', () => {
    const page = (pageSize: number) =>
      violationsOf('heed.contacts.v1.ListListsRequest', {
        pageSize,
        pageToken: '',
        nameContains: '',
      } satisfies contactsV1.ListListsRequest);
    expect([page(0), page(1000)]).toEqual([[], []]);
    expect(page(-1)).toEqual([{ field: 'page_size', reason: 'TOO_SMALL' }]);
    expect(page(1001)).toEqual([{ field: 'page_size', reason: 'TOO_LARGE' }]);
    expect(page(NaN)).toEqual([{ field: 'page_size', reason: 'NOT_A_NUMBER' }]);
  });

  it('lists 50 faults at most', () => {
    expect(wrongAsks(Array.from({ length: 500 }, () => ask({ contactId: 'x' })))).toHaveLength(50);
  });

  it('has times with date and zone', () => {
    const since = (createdAfter: string) =>
      violationsOf(
        'heed.contacts.v1.ListImportsRequest',
        contactsV1.ListImportsRequest.fromPartial({ createdAfter }),
      );
    for (const time of ['', '2026-11-01T09:00:00Z', '2026-11-01T09:00:00.123456+01:00']) {
      expect(since(time)).toEqual([]);
    }
    for (const none of ['2026-11-01', '1 Nov 2026', '2026-11-01T09:00:00', '2026-13-01T09:00:00Z', 'now']) {
      expect(since(none)).toEqual([{ field: 'created_after', reason: 'NOT_A_TIME' }]);
    }
  });
});
