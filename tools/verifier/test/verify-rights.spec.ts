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

describe('a certificate of a correction', () => {
  /** What each store has corrected, and what was found there afterwards: in the place of an erasure and its probe. */
  function correction(): Draft {
    const facts = draft();
    const { ERASE: order, PROBE } = facts.request.orders;
    Object.assign(facts.request, { right: 'CORRECTION', objects: false, orders: { CORRECT: order, PROBE } });
    for (const statement of facts.statements.filter(({ action }) => action === 'ERASE')) {
      Object.assign(statement, { action: 'CORRECT' });
      for (const entry of statement.entries) entry['outcome'] = 'CORRECTED';
    }
    return facts;
  }

  it('verifies, with what each store has corrected and what its probe found', () => {
    expect(verdict(correction())).toBe('accepted');
  });

  it('is refused where a store has done something else, or was not searched afterwards', () => {
    const other = correction();
    other.statements[0]!.entries[0]!['outcome'] = 'ERASED';
    expect(verdict(other)).toBe('ANSWER_MISSING');
    const unsearched = correction();
    unsearched.statements = unsearched.statements.filter(({ action }) => action !== 'PROBE');
    expect(verdict(unsearched)).toBe('ANSWER_MISSING');
  });

  it('names participants that were not asked: in order, each once, none that had to answer, and of no other right', () => {
    const naming = (facts: Draft, ...stores: string[]): string => {
      Object.assign(facts.request, { not_asked: stores });
      return verdict(facts);
    };
    expect(naming(correction(), 'loyalty.cart', 'loyalty.member')).toBe('accepted');
    expect(naming(asking('ACCESS', 'ACCESS', 'NOTHING_HELD'), 'loyalty.member')).toBe('accepted');
    for (const stores of [[], ['loyalty.b', 'loyalty.a'], ['loyalty.a', 'loyalty.a'], ['telephony.call']])
      expect(naming(correction(), ...stores)).toBe('ANSWER_MISSING');
    expect(naming(draft(), 'loyalty.member')).toBe('ANSWER_MISSING');
    expect(naming(correction(), 'no store')).toBe('CERTIFICATE_MALFORMED');
  });

  it('proves no erasure', () => {
    const facts = correction();
    facts.request['right'] = 'ERASURE';
    expect(verdict(facts)).not.toBe('accepted');
  });
});

describe('a certificate of an erasure that was closed with exceptions', () => {
  const since = '2026-11-23T08:00:00.000Z';
  const open = (service: string, action: string) => ({ action, service, since, why: 'open' });

  /** Telephony was silent, so nobody was probed; a member closed it. */
  function silent(): Draft {
    const facts = draft();
    facts.statements = facts.statements.slice(0, 1);
    facts.keyLeaves = ['contacts'];
    facts.request['exceptions'] = [
      ...[open('contacts', 'PROBE'), open('telephony', 'ERASE'), open('telephony', 'PROBE')],
    ];
    facts.request['reason'] = 'store_gone';
    facts.request.orders = { ERASE: facts.request.orders['ERASE']! };
    return facts;
  }

  it('says which stores were unreachable since when, and why it was closed all the same', () => {
    const file = certify(silent(), logKey);
    const stores = file.claims.stores.map(({ answered_at, ...rest }) => ({
      ...{ ...rest, answered_at },
      probe: { outcome: 'UNREACHABLE', since },
    }));
    file.claims.stores = [
      ...stores,
      ...['call', 'keys'].map((name) => ({
        ...{ service: 'telephony', store: `telephony.${name}`, outcome: 'UNREACHABLE', since },
      })),
    ];
    const { claims } = verifyCertificate(Buffer.from(canonicalJson(file)), vkeyOf(logKey));
    expect(claims).toMatchObject({ reason: 'store_gone' });
    expect(claims.exceptions).toHaveLength(3);
  });

  it.each<[string, (facts: Draft) => void, string]>([
    ['without a reason', (facts) => delete facts.request['reason'], 'ANSWER_MISSING'],
    ['that do not name all that is missing', (facts) => exceptions(facts).pop(), 'ANSWER_MISSING'],
    ['that name one twice', (facts) => exceptions(facts).push(open('telephony', 'ERASE')), 'ANSWER_MISSING'],
    [
      'about what nobody demanded',
      (facts) => exceptions(facts).push(open('telephony', 'ACCESS')),
      'ANSWER_MISSING',
    ],
    [
      'about a service that need not answer',
      (facts) => exceptions(facts).push(open('x', 'ERASE')),
      'ANSWER_MISSING',
    ],
    [
      'about what was answered',
      (facts) => exceptions(facts).push(open('contacts', 'ERASE')),
      'STATEMENT_OF_ANOTHER',
    ],
  ])('is refused with exceptions %s', (_, spoil, reason) => {
    const facts = silent();
    spoil(facts);
    expect(verdict(facts)).toBe(reason);
  });

  it('is refused where a probe has found something that no exception names, or one names what it has not', () => {
    const found = draft();
    found.statements[3]!.entries[0]!['outcome'] = 'PROBED_FOUND';
    expect(verdict(found)).toBe('ANSWER_MISSING');
    const clean = draft();
    clean.request['exceptions'] = [{ ...open('telephony', 'PROBE'), why: 'found' }];
    clean.request['reason'] = 'household';
    expect(verdict(clean)).toBe('ANSWER_MISSING');
    found.request['exceptions'] = clean.request['exceptions'];
    found.request['reason'] = 'household';
    expect(verdict(found)).toBe('accepted');
  });

  function exceptions(facts: Draft): object[] {
    return facts.request['exceptions'] as object[];
  }
});
