import { describe, expect, it } from '@jest/globals';
import { SigningKey } from '@heed/kernel';
import { LogKey } from './checkpoint.js';
import { LogKeyRing, signerOf, sizesDue } from './log-signers.js';

const signers = [
  { vkey: 'a', addedIndex: 0, follows: null },
  { vkey: 'b', addedIndex: 10, follows: 'a' },
];

describe('who signs the log', () => {
  it('is the key before, over the leaf that names the next; the next one beyond it', () => {
    expect([0, 1, 10, 11].map((size) => signerOf(signers, size))).toEqual(['a', 'a', 'a', 'a']);
    expect([12, 13, 1000].map((size) => signerOf(signers, size))).toEqual(['b', 'b', 'b']);
    expect(signerOf([], 5)).toBeUndefined();
  });

  it('signs the size over a key that entered, also when leaves came behind it', () => {
    expect(sizesDue(signers, 9, 15)).toEqual([11, 15]);
    expect(sizesDue(signers, 11, 15)).toEqual([15]);
    expect(sizesDue(signers, 9, 11)).toEqual([11]);
    expect(sizesDue(signers, 15, 15)).toEqual([]);
    expect(sizesDue([], undefined, 0)).toEqual([0]);
  });

  it('is nobody who does not hold the key', () => {
    const [held, next, other] = [1, 2, 3].map(() => new LogKey('log', SigningKey.generate()));
    const ring = new LogKeyRing(held!, next);
    expect([ring.of(undefined), ring.of(held!.vkey), ring.of(next!.vkey)]).toEqual([held, held, next]);
    expect(() => ring.of(other!.vkey)).toThrow(expect.objectContaining({ reason: 'LOG_KEY_NOT_HELD' }));
  });
});
