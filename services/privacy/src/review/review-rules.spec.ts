import { describe, expect, it } from '@jest/globals';
import { type Right } from '../requests/request.js';
import { FIRST_RULES, waitsForReview, type Intake, type ReviewRule } from './review-rules.js';

const waits = (
  rules: Partial<ReviewRule>[] | undefined,
  right: Right,
  verification: string,
  intake: Intake = 'single',
) =>
  waitsForReview(
    rules === undefined
      ? FIRST_RULES
      : { waits: rules.map((rule) => ({ right: '', verification: '', intake: '', ...rule })) },
    { right, verification },
    intake,
  );

describe('a request waits for review', () => {
  it('where an agent knows the person and nothing proves it, unless the tenant says otherwise', () => {
    for (const right of ['ERASURE', 'ACCESS', 'CORRECTION', 'LIFT'] as const) {
      expect(waits(undefined, right, 'known_to_agent')).toBe(true);
      expect(waits(undefined, right, 'known_to_agent', 'batch')).toBe(true);
      for (const proof of ['email_code', 'phone_code', 'document'])
        expect(waits(undefined, right, proof)).toBe(false);
    }
    expect(waits([], 'CORRECTION', 'known_to_agent')).toBe(false);
  });

  it('where nobody verified anything, whatever the rules say', () => {
    expect(waits([], 'ACCESS', 'none')).toBe(true);
    expect(waits([{ right: 'ERASURE' }], 'ACCESS', 'none', 'batch')).toBe(true);
  });

  it('where it agrees with all that one rule states', () => {
    const rules = [
      { right: 'ACCESS', verification: 'email_code' },
      { right: 'ERASURE', intake: 'batch' },
    ] as const;
    expect(waits([...rules], 'ACCESS', 'email_code')).toBe(true);
    expect(waits([...rules], 'ACCESS', 'document')).toBe(false);
    expect(waits([...rules], 'ERASURE', 'document', 'batch')).toBe(true);
    expect(waits([...rules], 'ERASURE', 'document', 'single')).toBe(false);
  });
});
