import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { murmur2, partitionOf } from './murmur2.js';

const kafkajsMurmur2 = createRequire(import.meta.url)(
  'kafkajs/src/producer/partitioners/default/murmur2.js',
) as (key: Buffer) => number;

describe('murmur2', () => {
  it("9.5 agrees with the values of Kafka's own test (UtilsTest.testMurmur2)", () => {
    const cases: [string, number][] = [
      ['21', -973932308],
      ['foobar', -790332482],
      ['a-little-bit-long-string', -985981536],
      ['a-little-bit-longer-string', -1486304829],
      ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
      ['abc', 479470107],
    ];
    for (const [key, hash] of cases) expect(murmur2(Buffer.from(key))).toBe(hash);
  });

  it('agrees with kafkajs on ids and on keys of every length', () => {
    for (let i = 0; i < 200; i++) {
      const id = newId();
      expect(murmur2(Buffer.from(id))).toBe(kafkajsMurmur2(Buffer.from(id)));
      const cut = id.repeat(3).slice(0, i % 100);
      expect(murmur2(Buffer.from(cut))).toBe(kafkajsMurmur2(Buffer.from(cut)));
    }
  });

  it('spreads ids over all partitions', () => {
    const seen = new Set(Array.from({ length: 500 }, () => partitionOf(newId(), 12)));
    expect([...seen].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });
});
