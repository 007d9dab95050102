import { describe, expect, it } from '@jest/globals';
import { whatWasAsked } from './requester.js';

describe('what a requester is told that they asked', () => {
  it('says of an erasure whether hashes of their addresses stay, so that they can ask otherwise', () => {
    expect(whatWasAsked({ right: 'ERASURE', objects: true })).toContain(
      'keyed hashes of your addresses stay',
    );
    expect(whatWasAsked({ right: 'ERASURE', objects: false })).toContain('no hash of your addresses');
    expect(whatWasAsked({ right: 'ACCESS', objects: true })).toBe('for a copy of your data');
  });

  it('fits the mail that it stands in', () => {
    for (const right of ['ERASURE', 'ACCESS', 'RESTRICTION', 'LIFT', 'CORRECTION'] as const)
      for (const objects of [true, false])
        expect(whatWasAsked({ right, objects }).length).toBeLessThanOrEqual(200);
  });
});
