import { describe, expect, it } from '@jest/globals';
import { asReturned, lastWords, type KeptRow } from './returned-request.js';

const row = (known: Partial<KeptRow>): KeptRow => ({
  ...{ request_id: 'r', subject_id: 's', asked_right: 'ERASURE', state: 'FANNED_OUT', closed_at: null },
  ...{ handle: 'h', closing_leaf: 7, closing_statement: '\\x01', closing_salt: '\\x02' },
  ...known,
});
const CLOSED = '2026-11-28T03:00:00Z';

describe('5.5 a request that privacy has forgotten, by its copy off site', () => {
  it('goes on where it was open, without the way to what was given to find its person by', () => {
    expect(asReturned(row({ state: 'HELD' }))).toMatchObject({
      ...{ state: 'HELD', closed_at: null, handle: null, closing_leaf: null },
    });
  });

  it('stays refused or taken back, in the words that the log is to be told of again', () => {
    for (const state of ['REFUSED', 'CANCELLED'] as const)
      expect(asReturned(row({ state, closed_at: CLOSED }))).toMatchObject({
        ...{ state, closed_at: CLOSED, closing_statement: '\\x01', closing_leaf: null },
      });
  });

  it('is worked once more where it was completed and doing it again harms nobody', () => {
    for (const right of ['ERASURE', 'RESTRICTION'] as const)
      expect(asReturned(row({ asked_right: right, state: 'COMPLETED', closed_at: CLOSED }))).toMatchObject({
        state: 'FANNED_OUT',
        closed_at: null,
        closing_statement: null,
      });
  });

  it('counts as done where it was done and cannot be done again, and says that its proof is not here', () => {
    for (const right of ['ACCESS', 'LIFT', 'CORRECTION'] as const)
      expect(asReturned(row({ asked_right: right, state: 'COMPLETED', closed_at: CLOSED }))).toMatchObject({
        ...{ state: 'COMPLETED_WITH_EXCEPTIONS', exception_reason: 'restored', closed_at: CLOSED },
      });
  });

  it('is what was written of it last', () => {
    const payloads = [row({}), row({ request_id: 'other' }), row({ state: 'CANCELLED' })].map((each) =>
      Buffer.from(JSON.stringify(each)),
    );
    expect(lastWords<KeptRow>(payloads, (each) => each.request_id).map(({ state }) => state)).toEqual([
      'CANCELLED',
      'FANNED_OUT',
    ]);
  });
});
