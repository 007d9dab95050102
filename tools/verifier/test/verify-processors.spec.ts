import { describe, expect, it } from '@jest/globals';
import { canonicalJson, newId, SigningKey } from '@heed/kernel';
import { verifyCertificate } from '../src/index.js';
import { certify, draft, vkeyOf, type Draft } from './certificate-maker.js';

const logKey = SigningKey.generate();
const AT = '2026-11-23T08:00:00.000Z';

/** An erasure of somebody of whom telephony has handed something to somebody else. */
function handedOver(): Draft {
  const facts = draft();
  for (const { service, entries } of facts.statements) {
    if (service === 'telephony') Object.assign(entries[0]!, { outcome: 'AT_PROCESSOR', count: 3 });
  }
  return facts;
}

function word({ request: { tenant, request, subject } }: Draft, more: object = {}) {
  return {
    ...{ answer: '', at: AT, expected_by: '', format: 'heed processor v1', name: 'Wire Telecom' },
    ...{ reference: '2026-17', request, said_by: 'PERSON', service: 'telephony', state: 'PENDING' },
    ...{ store: 'telephony.call', subject, tenant, told_at: AT },
    ...more,
  };
}

function told(before: object[] = [{}], after: object[] = []): Draft {
  const facts = handedOver();
  facts.told.before = before.map((more) => word(facts, more));
  facts.told.after = after.map((more) => word(facts, more));
  return facts;
}

function verdict(facts: Draft, spoil: (file: ReturnType<typeof certify>) => void = () => undefined): string {
  const file = certify(facts, logKey);
  spoil(file);
  try {
    verifyCertificate(Buffer.from(canonicalJson(file)), vkeyOf(logKey));
    return 'accepted';
  } catch (error) {
    return (error as { reason: string }).reason;
  }
}

function claimed(facts: Draft) {
  const file = Buffer.from(canonicalJson(certify(facts, logKey)));
  return verifyCertificate(file, vkeyOf(logKey)).claims.stores.find(
    ({ store }) => store === 'telephony.call',
  );
}

describe('a certificate of an erasure that was passed on', () => {
  it('says who has something, and what they were told, never that it is gone there', () => {
    expect(claimed(told())).toMatchObject({
      ...{ outcome: 'AT_PROCESSOR', count: 3 },
      processor: { name: 'Wire Telecom', state: 'PENDING', reference: '2026-17', said_by: 'PERSON' },
    });
  });

  it('says what they have answered since, by a later leaf', () => {
    const done = { state: 'COMPLETED', said_by: 'PROCESSOR', answer: 'a'.repeat(64) };
    expect(claimed(told([{}], [{ state: 'IN_PROGRESS' }, done]))?.processor).toMatchObject(done);
  });

  it('6.4 is refused where they were not told before the end', () => {
    expect(verdict(handedOver())).toBe('ANSWER_MISSING');
    expect(verdict(told([], [{}]))).toBe('ANSWER_MISSING');
  });

  it('6.4 may say that they were not told, with the reason of whoever closed it all the same', () => {
    const untold = { action: 'ERASE', service: 'telephony', since: AT, why: 'untold' };
    const closedAllTheSame = (facts: Draft, more: object = {}): Draft => {
      Object.assign(facts.request, { exceptions: [{ ...untold, ...more }], reason: 'company_is_gone' });
      return facts;
    };
    expect(verdict(closedAllTheSame(handedOver()))).toBe('accepted');
    // Told later: that is a leaf behind the end.
    expect(verdict(closedAllTheSame(told([], [{}])))).toBe('accepted');
    expect(verdict(closedAllTheSame(told()))).toBe('ANSWER_MISSING');
    expect(verdict(closedAllTheSame(handedOver(), { action: 'PROBE' }))).toBe('ANSWER_MISSING');
    expect(verdict(closedAllTheSame(handedOver(), { service: 'contacts' }))).toBe('ANSWER_MISSING');
  });

  it('6.4 is refused where they had said no before the end, unless it says so and why it was closed', () => {
    const no = { state: 'CANCELLED' };
    const refused = { action: 'ERASE', service: 'telephony', since: AT, why: 'refused' };
    const closedAllTheSame = (facts: Draft, more: object = {}): Draft => {
      Object.assign(facts.request, { exceptions: [{ ...refused, ...more }], reason: 'carrier_refuses' });
      return facts;
    };
    expect(verdict(told([{}, no]))).toBe('ANSWER_MISSING');
    expect(verdict(closedAllTheSame(told([{}, no])))).toBe('accepted');
    expect(verdict(closedAllTheSame(told([no, {}])))).toBe('ANSWER_MISSING');
    expect(verdict(closedAllTheSame(told([{}, no]), { why: 'untold' }))).toBe('ANSWER_MISSING');
    expect(verdict(closedAllTheSame(told([{}, no]), { action: 'PROBE' }))).toBe('ANSWER_MISSING');
    // Said when the request was closed already: what it claims of them says it.
    expect(verdict(told([{}], [no]))).toBe('accepted');
  });

  it('is refused with a word about another person, store or service, or about nothing that was handed over', () => {
    for (const more of [
      { subject: newId() },
      { request: newId() },
      { store: 'telephony.keys' },
      { service: 'contacts' },
    ])
      expect(verdict(told([{}, more]))).toBe('STATEMENT_OF_ANOTHER');
    const facts = draft();
    facts.told.before = [word(facts)];
    expect(verdict(facts)).toBe('STATEMENT_OF_ANOTHER');
  });

  it('is refused where a word was altered, is left out, or is claimed otherwise', () => {
    type Shown = { processors: { salt: string; statement: string }[] };
    const done = { state: 'COMPLETED' };
    expect(
      verdict(told(), (file) => {
        const [opening] = (file as unknown as Shown).processors;
        const said = JSON.parse(Buffer.from(opening!.statement, 'base64').toString()) as object;
        opening!.statement = Buffer.from(canonicalJson({ ...said, ...done })).toString('base64');
      }),
    ).toBe('STATEMENT_NOT_COMMITTED');
    expect(verdict(told([{}], [done]), (file) => (file as unknown as Shown).processors.pop())).toBe(
      'LEAF_MALFORMED',
    );
    expect(
      verdict(told(), ({ claims }) => {
        const store = claims.stores.find(({ store: name }) => name === 'telephony.call');
        Object.assign(store!['processor'] as object, done);
      }),
    ).toBe('CLAIMS_NOT_PROVED');
    expect(verdict(draft(), (file) => Object.assign(file, { processors: [] }))).toBe('CERTIFICATE_MALFORMED');
  });

  it('is refused where it says of a name or number what cannot be read', () => {
    for (const more of [
      { name: 'Wire\u001b[2J' },
      { reference: 'line\nbreak' },
      { state: 'NOT_TOLD' },
      { said_by: 'US' },
    ])
      expect(verdict(told([more]))).toBe('CERTIFICATE_MALFORMED');
  });
});
