import { describe, expect, it } from '@jest/globals';
import { SilenceWatch } from './silence-watch.js';

const beat = (senderId: string, beats: number) => ({ senderId, beats: BigInt(beats) });

describe('the watch over senders', () => {
  it('finds a sender silent whose count has stood still for ten seconds of its own', () => {
    const watch = new SilenceWatch();
    expect(watch.observe([beat('a', 7)], 0)).toEqual([]);
    expect(watch.observe([beat('a', 7)], 9_999)).toEqual([]);
    expect(watch.observe([beat('a', 7)], 10_000)).toEqual([beat('a', 7)]);
  });

  it('starts anew with each beat', () => {
    const watch = new SilenceWatch();
    watch.observe([beat('a', 1)], 0);
    watch.observe([beat('a', 2)], 9_000);
    expect(watch.observe([beat('a', 2)], 18_999)).toEqual([]);
    expect(watch.observe([beat('a', 2)], 19_000)).toEqual([beat('a', 2)]);
  });

  it('takes nobody for dead that it has just met, however old the row is', () => {
    const watch = new SilenceWatch();
    watch.observe([], 0);
    expect(watch.observe([beat('a', 500)], 3_600_000)).toEqual([]);
  });

  it('forgets senders that are gone', () => {
    const watch = new SilenceWatch();
    watch.observe([beat('a', 1)], 0);
    watch.observe([], 5_000);
    expect(watch.observe([beat('a', 1)], 12_000)).toEqual([]);
  });
});
