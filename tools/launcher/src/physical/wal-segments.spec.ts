import { describe, expect, it } from '@jest/globals';
import { segmentsOf } from './wal-segments.js';

const segmentBytes = 16 << 20;

describe('the segments of a log that a copy of files needs', () => {
  it('are all from the one where recovery begins to the one where it is consistent', () => {
    expect(segmentsOf({ timeline: 1, start: '0/FE000028', stop: '1/1000158', segmentBytes })).toEqual([
      '0000000100000000000000FE',
      '0000000100000000000000FF',
      '000000010000000100000000',
      '000000010000000100000001',
    ]);
  });

  it('do not hold the next one where the range ends with the last byte of one', () => {
    expect(segmentsOf({ timeline: 10, start: '0/3000028', stop: '0/4000000', segmentBytes })).toEqual([
      '0000000A0000000000000003',
    ]);
  });

  it('are refused where a place is none', () => {
    expect(() => segmentsOf({ timeline: 1, start: '0/3000028', stop: '', segmentBytes })).toThrow(
      'no place in a log',
    );
  });
});
