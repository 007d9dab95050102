import { describe, expect, it } from '@jest/globals';
import { GROUNDS, groundInWords, mayRefuse } from './refusal-ground.js';

describe('a ground on which a request is refused', () => {
  it('is one that the law knows against its right', () => {
    expect(mayRefuse('ERASURE', 'legal_claims')).toBe(true);
    expect(mayRefuse('ACCESS', 'legal_claims')).toBe(false);
    expect(mayRefuse('ACCESS', 'rights_of_others')).toBe(true);
    expect(mayRefuse('ERASURE', 'rights_of_others')).toBe(false);
    for (const right of ['ERASURE', 'ACCESS', 'RESTRICTION', 'LIFT'] as const)
      expect(mayRefuse(right, 'manifestly_unfounded')).toBe(true);
    expect(mayRefuse('ERASURE', 'too_much_work')).toBe(false);
  });

  it('has words for whoever asked, each of which counts against some right', () => {
    for (const ground of Object.keys(GROUNDS)) {
      expect(groundInWords(ground)).not.toBe('');
      expect(mayRefuse('ERASURE', ground) || mayRefuse('ACCESS', ground)).toBe(true);
    }
    expect(groundInWords(null)).toBe('');
    expect(groundInWords('toString')).toBe('');
  });
});
