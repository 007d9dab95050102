import { describe, expect, it } from '@jest/globals';
import { timeSpan } from './time-span.js';

const [nine, ten] = ['2026-11-01T09:00:00Z', '2026-11-01T11:00:00+01:00'];

describe('a span of time', () => {
  it('has the ends that were given', () => {
    expect(timeSpan('created', '', '')).toEqual({});
    expect(timeSpan('created', nine, '')).toEqual({ from: new Date(nine) });
    expect(timeSpan('created', '', ten)).toEqual({ until: new Date(ten) });
    expect(timeSpan('created', nine, ten)).toEqual({ from: new Date(nine), until: new Date(ten) });
  });

  it.each([
    ['ends before it begins', ten, nine],
    ['ends when it begins', nine, nine],
  ])('that %s is refused: nothing could be in it', (_, after, before) => {
    expect(() => timeSpan('created', after, before)).toThrow(
      expect.objectContaining({ violations: [{ field: 'created_before', reason: 'TIMES_REVERSED' }] }),
    );
  });
});
