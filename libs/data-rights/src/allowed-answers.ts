import { type ActionName, type Outcome, type StoreAnswer } from './answer.js';

/** What may be said to an order: docs/certificate.md. A certificate with another word would not verify. */
const ALLOWED: Record<ActionName, readonly Outcome[]> = {
  ERASE: ['ERASED', 'ANONYMISED', 'NOTHING_HELD', 'RETAINED', 'IN_BACKUP'],
  PROBE: ['PROBED_CLEAN', 'PROBED_FOUND', 'RETAINED', 'IN_BACKUP'],
  ACCESS: ['EXPORTED', 'NOTHING_HELD', 'RETAINED', 'IN_BACKUP'],
  RESTRICT: ['RESTRICTED', 'NOTHING_HELD', 'RETAINED', 'IN_BACKUP'],
  LIFT: ['LIFTED', 'NOTHING_HELD', 'RETAINED', 'IN_BACKUP'],
  CORRECT: ['CORRECTED', 'NOTHING_HELD', 'RETAINED', 'IN_BACKUP'],
};
const HELD_NOTHING: readonly Outcome[] = ['NOTHING_HELD', 'PROBED_CLEAN'];

const CODE = /^[a-z0-9_]{0,60}$/;
const TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)?$/;
const DIGEST = /^([0-9a-f]{64})?$/;

export function isAllowed(
  action: ActionName,
  { outcome, count, detail, until, digest }: StoreAnswer,
): boolean {
  return (
    ALLOWED[action].includes(outcome) &&
    [CODE.test(detail), TIME.test(until), DIGEST.test(digest)].every(Boolean) &&
    (until === '' || !Number.isNaN(Date.parse(until))) &&
    (HELD_NOTHING.includes(outcome) ? count === 0 : true) &&
    (outcome === 'PROBED_FOUND' ? count > 0 : true) &&
    (outcome !== 'RETAINED' || detail !== '') &&
    (outcome === 'EXPORTED') === (digest !== '')
  );
}
