import { OWN_PURPOSES, type PurposeBasis } from '@heed/contracts';
import { code, table } from './marked.js';

const RESTS_ON: Record<PurposeBasis, string> = {
  contract: 'a contract',
  legal_obligation: 'a law',
  confirmation: 'the opt-out that it confirms',
  sign_up: 'the form that somebody filled in',
};

/** Purposes that stand without a consent, as contacts applies them. */
export function purposesPart(): string {
  return table(
    ['purpose', 'rests on', 'an opt-out of it, of its channel or of everything', 'by'],
    Object.entries(OWN_PURPOSES).map(([purpose, { basis, citation }]) => [
      code(purpose),
      RESTS_ON[basis],
      basis === 'contract' ? 'stops it' : 'does not reach it',
      citation,
    ]),
  );
}
