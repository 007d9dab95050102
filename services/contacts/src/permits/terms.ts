import { ownPurpose, type PurposeBasis } from '@heed/contracts';

/**
 * On what terms somebody may be reached for a purpose.
 * - `consent`: the ledger must say that they agreed.
 * - `own`: a contract; the ledger need say nothing, and must not say no.
 * - `required`: a law demands it; the ledger is not asked.
 * - `confirmation`: it answers an opt-out, which therefore does not stop it; whether it is due, and until when, is looked up.
 * Requests of the person, an erasure and an address that is no good stop all of them.
 */
export type Terms = 'consent' | 'own' | 'required' | 'confirmation';

const TERMS: Record<PurposeBasis, Terms> = {
  contract: 'own',
  legal_obligation: 'required',
  confirmation: 'confirmation',
  // Answered by sign-up-permits.ts; to everybody else it is not due.
  sign_up: 'confirmation',
};

export function termsOf(purpose: string): Terms {
  const own = ownPurpose(purpose);
  if (!own) return 'consent';
  return TERMS[own.basis];
}
