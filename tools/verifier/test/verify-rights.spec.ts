import { describe, expect, it } from '@jest/globals';
import { canonicalJson, newId, SigningKey } from '@heed/kernel';
import { verifyCertificate } from '../src/index.js';
import { certify, draft, vkeyOf, type Draft } from './certificate-maker.js';

const logKey = SigningKey.generate();

/** What a right other than erasure demands: one action, one word of every store. */
function asking(right: string, action: string, outcome: string, more: object = {}): Draft {
  const facts = draft();
  const order = newId();
  Object.assign(facts.request, { right, orders: { [action]: order }, objects: false }, more);
  facts.statements = facts.statements.slice(0, 2).map((statement) => ({
    ...{ ...statement, action, order },
    entries: statement.entries.map((entry) => ({ ...entry, outcome })),
  }));
  return facts;
}

function verdict(facts: Draft): string {
  try {
    verifyCertificate(Buffer.from(canonicalJson(certify(facts, logKey))), vkeyOf(logKey));
    return 'accepted';
  } catch (error) {
    return (error as { reason: string }).reason;
  }
}

const restriction = () => asking('RESTRICTION', 'RESTRICT', 'RESTRICTED');
const lift = (more: object = { informed: 'letter' }) => asking('LIFT', 'LIFT', 'LIFTED', more);

describe('a certificate of a restriction', () => {
  it('verifies, with one word of every store', () => {
    const facts = restriction();
    const file = Buffer.from(canonicalJson(certify(facts, logKey)));
    const { claims } = verifyCertificate(file, vkeyOf(logKey));
    expect(claims.stores.map(({ store, outcome, count }) => `${store} ${outcome} ${count}`)).toEqual([
      ...['contacts.call RESTRICTED 2', 'contacts.keys RESTRICTED 2'],
      ...['telephony.call RESTRICTED 2', 'telephony.keys RESTRICTED 2'],
    ]);
  });

  it('is refused where a store has done something else, or one has not answered', () => {
    for (const outcome of ['ERASED', 'LIFTED', 'EXPORTED', 'PROBED_CLEAN']) {
      const facts = restriction();
      facts.statements[1]!.entries[0]!['outcome'] = outcome;
      expect(verdict(facts)).toBe('ANSWER_MISSING');
    }
    const facts = restriction();
    facts.statements[1]!.entries.pop();
    expect(verdict(facts)).toBe('ANSWER_MISSING');
  });

  it('proves no lifting, nor an erasure', () => {
    const facts = restriction();
    facts.request['right'] = 'ERASURE';
    expect(verdict(facts)).toBe('STATEMENT_OF_ANOTHER');
    facts.request['right'] = 'LIFT';
    facts.request['informed'] = 'letter';
    expect(verdict(facts)).toBe('STATEMENT_OF_ANOTHER');
  });

  it('that was lifted says how the person was told before, and no other right does', () => {
    expect(verdict(lift())).toBe('accepted');
    expect(verdict(lift({}))).toBe('ANSWER_MISSING');
    const facts = restriction();
    facts.request['informed'] = 'letter';
    expect(verdict(facts)).toBe('ANSWER_MISSING');
  });
});
