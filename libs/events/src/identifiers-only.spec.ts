import { describe, expect, it } from '@jest/globals';
import {
  ConsentChanged,
  contactsV1,
  datarightsV1,
  embeddedCodecs,
  messageRules,
  OrdersIssued,
} from '@heed/contracts';
import { isDomainError, newId } from '@heed/kernel';
import { refuseIdentifiers } from './identifiers-only.js';

function consentChanged(change: Partial<contactsV1.ConsentChanged> = {}): contactsV1.ConsentChanged {
  return contactsV1.ConsentChanged.fromPartial({
    contactId: newId(),
    entryId: newId(),
    purpose: 'newsletter',
    epoch: 1n,
    recordedAt: '2026-11-23T10:00:00.000Z',
    ...change,
  });
}

function violationsOf(publish: () => void): string[] {
  try {
    publish();
    return [];
  } catch (error) {
    if (!isDomainError(error, 'EVENT_CARRIES_TEXT')) throw error;
    return error.violations.map(({ field, reason }) => `${field} ${reason}`);
  }
}

describe('an event at publish', () => {
  it('passes with ids, enums, numbers, times and text that matches its pattern', () => {
    expect(violationsOf(() => refuseIdentifiers(ConsentChanged, consentChanged()))).toEqual([]);
  });

  it('3.2 is refused with an address where an id belongs', () => {
    const event = consentChanged({ contactId: 'jane@example.org' });
    expect(violationsOf(() => refuseIdentifiers(ConsentChanged, event))).toEqual(['contactId NOT_A_UUID']);
  });

  it('3.2 is refused with an address in a patterned text, even beside a part that matches', () => {
    const event = consentChanged({ purpose: 'newsletter\njane@example.org' });
    expect(violationsOf(() => refuseIdentifiers(ConsentChanged, event))).toEqual(['purpose PATTERN']);
  });

  it('3.2 is refused with a text that the contract does not know', () => {
    const event = { ...consentChanged(), note: 'called at 0171 1234567' };
    expect(violationsOf(() => refuseIdentifiers(ConsentChanged, event))).toEqual(['note UNDECLARED_TEXT']);
  });

  it('3.2 never repeats the value in the error', () => {
    try {
      refuseIdentifiers(ConsentChanged, consentChanged({ contactId: 'jane@example.org' }));
    } catch (error) {
      expect(String(error) + JSON.stringify(error)).not.toContain('jane');
    }
    expect.assertions(1);
  });

  it('is looked into where bytes embed a message', () => {
    const batch = datarightsV1.OrderBatch.fromPartial({
      batchId: newId(),
      tenantId: newId(),
      orders: [{ orderId: newId(), requestId: newId(), subjectId: '+491711234567' }],
      manifests: { contacts: 'a'.repeat(64), 'jane@example.org': 'b'.repeat(64) },
    });
    const event = datarightsV1.OrdersIssued.fromPartial({
      batchId: batch.batchId,
      batch: Buffer.from(datarightsV1.OrderBatch.encode(batch).finish()),
      keyId: '0123456789abcdef',
      signature: Buffer.alloc(64),
    });
    expect(violationsOf(() => refuseIdentifiers(OrdersIssued, event))).toEqual(
      expect.arrayContaining(['batch.orders[0].subjectId NOT_A_UUID', 'batch.manifests KEY_NOT_A_NAME']),
    );
  });

  it('knows the codec of every message that some event embeds', () => {
    const embedded = Object.values(messageRules).flatMap((fields) =>
      Object.values(fields).flatMap((rule) => (rule.embeds === undefined ? [] : [rule.embeds])),
    );
    expect(embedded.filter((name) => embeddedCodecs[name] === undefined)).toEqual([]);
  });
});
