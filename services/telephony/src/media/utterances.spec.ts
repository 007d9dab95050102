import { describe, expect, it } from '@jest/globals';
import { Utterances, type Utterance } from './utterances.js';

const SECOND = 8_000;

/** So many seconds of a loudness, in packets of 20 ms. */
function sound(...parts: (readonly [seconds: number, loudness: number])[]): Buffer {
  const samples = parts.flatMap(([seconds, loudness]) =>
    Array.from({ length: seconds * SECOND }, (_, n) => Math.round(loudness * Math.sin(n))),
  );
  return Buffer.from(Int16Array.from(samples).buffer);
}

function heardIn(bytes: Buffer, packet = 320): Utterance[] {
  const heard: Utterance[] = [];
  const utterances = new Utterances((utterance) => heard.push(utterance));
  for (let at = 0; at < bytes.length; at += packet) utterances.write(bytes.subarray(at, at + packet));
  utterances.end();
  return heard;
}

describe('what is said between two pauses', () => {
  it('is heard as one, with a little of the silence around it, at its time in the call', () => {
    const heard = heardIn(sound([2, 0], [1, 5_000], [0.3, 0], [0.5, 5_000], [2, 0], [1, 5_000]));
    expect(heard).toHaveLength(2);
    const [first, second] = heard;
    expect(first!.atMs).toBeGreaterThanOrEqual(1_600);
    expect(first!.atMs).toBeLessThan(2_000);
    // 1.8 s, and up to 0.3 s before and behind.
    expect(first!.samples.length).toBeGreaterThan(1.8 * SECOND);
    expect(first!.samples.length).toBeLessThan(2.5 * SECOND);
    expect(second!.atMs).toBeGreaterThan(5_000);
  });

  it.each([
    ['silence', sound([5, 0])],
    ['what is heard all the time', sound([30, 150])],
    ['a click', sound([1, 0], [0.02, 20_000], [1, 0])],
    ['a whisper', sound([1, 0], [1, 200], [1, 0])],
  ])('is nothing where there is %s', (_, bytes) => {
    expect(heardIn(bytes)).toEqual([]);
  });

  it('is heard in pieces where nobody pauses, and is the same in packets of any size', () => {
    const bytes = sound([1, 0], [30, 5_000], [1, 0]);
    const pieces = heardIn(bytes);
    expect(pieces).toHaveLength(3);
    for (const { samples } of pieces) expect(samples.length).toBeLessThanOrEqual(12 * SECOND);
    expect(heardIn(bytes, 478)).toEqual(pieces);
  });
});
