import { type Right, type State } from '../requests/request.js';

/** A request as it lies off site: its row, by the columns that there were when it was written. */
export interface KeptRow {
  [column: string]: unknown;
  request_id: string;
  subject_id: string;
  asked_right: Right;
  state: State;
  closed_at: string | null;
}

/** Why a request counts as closed whose proof went with the life in which it was closed. */
export const RESTORED = 'restored';

const NOT_CLOSED = { closed_at: null, exception_reason: null, closing_statement: null, closing_salt: null };

/**
 * As it stands in the database that has lost it. What was refused or taken back stays so. What waited goes on waiting. Of
 * what was completed the receipts are lost with the log: an erasure or restriction is worked once more, which harms nobody
 * and is proved anew; anything else was done, and is kept as closed with its proof missing here.
 */
export function asReturned(row: KeptRow): KeptRow {
  const known = { ...row, handle: null, closing_leaf: null, attention_at: null };
  if (row.closed_at === null || row.state === 'REFUSED' || row.state === 'CANCELLED') return known;
  if (row.asked_right === 'ERASURE' || row.asked_right === 'RESTRICTION')
    return { ...known, ...NOT_CLOSED, state: 'FANNED_OUT' };
  return {
    ...known,
    ...{ state: 'COMPLETED_WITH_EXCEPTIONS', exception_reason: RESTORED },
    ...{ closing_statement: null, closing_salt: null },
  };
}

/** The last word on each of them. */
export function lastWords<Row>(payloads: readonly Buffer[], idOf: (row: Row) => string): Row[] {
  const rows = payloads.map((payload) => JSON.parse(payload.toString('utf8')) as Row);
  return [...new Map(rows.map((row) => [idOf(row), row])).values()];
}
