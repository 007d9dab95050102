import { type ActionName, type Outcome, type StoreAnswer } from './answer.js';

/** What may be said to an order: docs/certificate.md. A certificate with another word would not verify. */
const ALLOWED: Record<ActionName, readonly Outcome[]> = {
  ERASE: ['ERASED', 'ANONYMISED', 'NOTHING_HELD', 'RETAINED', 'IN_BACKUP', 'AT_PROCESSOR'],
  PROBE: ['PROBED_CLEAN', 'PROBED_FOUND', 'RETAINED', 'IN_BACKUP', 'AT_PROCESSOR'],
  ACCESS: ['EXPORTED', 'NOTHING_HELD', 'RETAINED', 'IN_BACKUP', 'AT_PROCESSOR'],
  RESTRICT: ['RESTRICTED', 'NOTHING_HELD', 'RETAINED', 'IN_BACKUP', 'AT_PROCESSOR'],
  LIFT: ['LIFTED', 'NOTHING_HELD', 'RETAINED', 'IN_BACKUP', 'AT_PROCESSOR'],
  CORRECT: ['CORRECTED', 'NOTHING_HELD', 'RETAINED', 'IN_BACKUP', 'AT_PROCESSOR'],
};
const HELD_NOTHING: readonly Outcome[] = ['NOTHING_HELD', 'PROBED_CLEAN'];
const NEEDS_COUNT: readonly Outcome[] = ['PROBED_FOUND', 'AT_PROCESSOR'];

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
    (NEEDS_COUNT.includes(outcome) ? count > 0 : true) &&
    (outcome !== 'RETAINED' || detail !== '') &&
    (outcome === 'EXPORTED') === (digest !== '')
  );
}
