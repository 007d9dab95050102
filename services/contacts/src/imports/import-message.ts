import { contactsV1 } from '@heed/contracts';
import { type Import, type ImportState } from './import.js';

const STATES: Record<ImportState, contactsV1.ImportState> = {
  receiving: contactsV1.ImportState.IMPORT_STATE_RECEIVING,
  merging: contactsV1.ImportState.IMPORT_STATE_MERGING,
  completed: contactsV1.ImportState.IMPORT_STATE_COMPLETED,
  failed: contactsV1.ImportState.IMPORT_STATE_FAILED,
  cancelled: contactsV1.ImportState.IMPORT_STATE_CANCELLED,
};

export function importMessage(found: Import): contactsV1.Import {
  const rejected = Object.entries(found.rejected);
  return {
    importId: found.importId,
    listId: found.listId,
    state: STATES[found.state],
    rows: BigInt(found.rows),
    accepted: BigInt(found.accepted),
    rejected: BigInt(rejected.reduce((sum, [, n]) => sum + n, 0)),
    rejectedByReason: Object.fromEntries(rejected.map(([reason, n]) => [reason, BigInt(n)])),
    created: BigInt(found.created),
    updated: BigInt(found.updated),
    consents: BigInt(found.consents),
    failureReason: found.failureReason ?? '',
    createdAt: found.createdAt.toISOString(),
    finishedAt: found.finishedAt?.toISOString() ?? '',
  };
}

/** Undefined for unspecified: all. */
export function stateOf(number: contactsV1.ImportState): ImportState | undefined {
  return (Object.keys(STATES) as ImportState[]).find((state) => STATES[state] === number);
}
