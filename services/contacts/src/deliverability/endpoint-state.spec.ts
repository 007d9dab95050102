import { describe, expect, it } from '@jest/globals';
import { afterReport, MOST_FAILURES, type EndpointState } from './endpoint-state.js';

const DAY_MS = 24 * 3_600_000;
const start = new Date('2026-05-01T10:00:00Z');
const day = (n: number): Date => new Date(start.getTime() + n * DAY_MS);

function afterSoft(times: number, apart = 1): EndpointState {
  let state: EndpointState | undefined;
  for (let n = 0; n < times; n++) {
    state = afterReport(state, { report: 'soft_bounce', code: '4_2_2', at: day(n * apart) });
  }
  return state!;
}

describe('an address', () => {
  it('that does not exist is undeliverable at once', () => {
    const after = afterReport(undefined, { report: 'hard_bounce', code: '5_1_1', at: start });
    expect(after).toEqual({ state: 'undeliverable', reason: '5_1_1', failures: 0, heardAt: start });
  });

  it('whose mailbox is full is written to until it has been full too often', () => {
    expect(afterSoft(MOST_FAILURES - 1)).toMatchObject({ state: 'reachable', failures: MOST_FAILURES - 1 });
    expect(afterSoft(MOST_FAILURES)).toMatchObject({ state: 'undeliverable', reason: '4_2_2' });
  });

  it('that fails once in a long while is not counted up', () => {
    expect(afterSoft(3 * MOST_FAILURES, 31)).toMatchObject({ state: 'reachable', failures: 1 });
  });

  it('that takes mail again is reachable, and stays undeliverable for less than that', () => {
    const gone = afterReport(undefined, { report: 'hard_bounce', code: '5_1_1', at: start });
    expect(afterReport(gone, { report: 'soft_bounce', code: '4_2_2', at: day(1) })).toMatchObject({
      state: 'undeliverable',
      reason: '5_1_1',
    });
    expect(afterReport(gone, { report: 'delivered', code: '2_1_5', at: day(1) })).toMatchObject({
      state: 'reachable',
      failures: 0,
    });
  });
});
