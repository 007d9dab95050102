import { ownPurpose } from '@heed/contracts';

/**
 * On what terms somebody may be reached for a purpose.
 * - `consent`: the ledger must say that they agreed.
 * - `own`: a contract; the ledger need say nothing, and must not say no.
 * - `required`: a law demands it; the ledger is not asked.
 * Requests of the person, an erasure and an address that is no good stop all of them.
 */
export type Terms = 'consent' | 'own' | 'required';

export function termsOf(purpose: string): Terms {
  const own = ownPurpose(purpose);
  if (!own) return 'consent';
  return own.basis === 'legal_obligation' ? 'required' : 'own';
}
