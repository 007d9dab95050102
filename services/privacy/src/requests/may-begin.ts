import { type Tx } from '@heed/postgres';
import { refusal } from '../errors.js';
import { type Right } from './request.js';
import { openRequest } from './request.store.js';
import { isRestricted } from './restriction.store.js';

/** Refused where another request about the same person stands in the way. */
export async function demandMayBegin(tx: Tx, right: Right, subjectId: string): Promise<void> {
  if (right === 'RESTRICTION') {
    if (await openRequest(tx, subjectId, 'ERASURE')) throw refusal('ERASURE_UNDER_WAY');
    // Its order would come after that of the new restriction, and lift it.
    if (await openRequest(tx, subjectId, 'LIFT')) throw refusal('LIFT_UNDER_WAY');
  }
  if (right === 'CORRECTION' && (await openRequest(tx, subjectId, 'ERASURE')))
    throw refusal('ERASURE_UNDER_WAY');
  if (right === 'LIFT' && !(await isRestricted(tx, subjectId))) throw refusal('NOT_RESTRICTED');
}
