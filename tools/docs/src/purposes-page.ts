import { OWN_PURPOSES } from '@heed/contracts';
import { code, table } from './marked.js';

/** Purposes that stand without a consent, as contacts applies them. */
export function purposesPart(): string {
  return table(
    ['purpose', 'rests on', 'an opt-out of it, of its channel or of everything', 'by'],
    Object.entries(OWN_PURPOSES).map(([purpose, { basis, citation }]) => [
      code(purpose),
      basis === 'contract' ? 'a contract' : 'a law',
      basis === 'contract' ? 'stops it' : 'does not reach it',
      citation,
    ]),
  );
}
