import { describe, expect, it } from '@jest/globals';
import { judge, type Life } from './incarnation.js';

const life = (number: bigint, nonce: string, previousNonce = '', resynced = false): Life => ({
  ...{ number, nonce, previousNonce, resynced },
});

describe('the life of a database', () => {
  const last = { number: 7n, nonce: 'seven' };

  it('that is the first, or follows the last, or is told again, is fine', () => {
    expect(judge(life(3n, 'three'), undefined)).toBe('follows');
    expect(judge(life(8n, 'eight', 'seven'), last)).toBe('follows');
    expect(judge(life(7n, 'seven', 'six'), last)).toBe('known');
  });

  it('2.2 that another has followed is of a database that was put back', () => {
    expect(judge(life(6n, 'six', 'five'), last)).toBe('left-behind');
    expect(judge(life(5n, 'five', 'four'), last)).toBe('left-behind');
  });

  it('2.2 that has the right number and another past is so too', () => {
    expect(judge(life(7n, 'another', 'six'), last)).toBe('left-behind');
    expect(judge(life(8n, 'eight', 'another seven'), last)).toBe('left-behind');
  });

  it('follows after a resync, and only under a number that was never given', () => {
    expect(judge(life(8n, 'new', '', true), last)).toBe('follows');
    expect(judge(life(7n, 'new', '', true), last)).toBe('left-behind');
  });

  it('that is far ahead shows that the witness was put back, not the database', () => {
    expect(judge(life(12n, 'twelve', 'eleven'), last)).toBe('follows');
  });
});
