import { DomainError, isDomainError, type ErrorKind } from '@heed/kernel';

/** What may be known of a refusal by PostgreSQL: codes and names of the schema, never values. */
interface Refusal {
  sqlstate: string;
  constraint?: string;
  table?: string;
  /** Names of the schema that PostgreSQL could not do with; only for SQLSTATEs whose texts quote no values. */
  hint?: string;
}

/**
 * A refusal by PostgreSQL, reduced to what holds no personal data. The driver's own error carries the values in
 * `detail` (unique, check), `where`, `parameters` and often in its message (22P02), so it is never kept as a cause.
 */
export class DatabaseFailure extends DomainError {
  readonly sqlstate: string;
  /** The same, under the name that PostgreSQL's drivers give it: loggers and TypeORM look there. */
  readonly code: string;
  readonly constraint: string | undefined;
  readonly table: string | undefined;

  constructor(refusal: Refusal) {
    const { reason, kind } = meaningOf(refusal);
    const where = refusal.constraint ?? refusal.hint ?? refusal.table;
    super(reason, kind, { message: `${reason} (${refusal.sqlstate}${where ? ` ${where}` : ''})` });
    this.name = 'DatabaseFailure';
    this.sqlstate = refusal.sqlstate;
    this.code = refusal.sqlstate;
    this.constraint = refusal.constraint;
    this.table = refusal.table;
  }
}

/** Node's socket errors and the pool's own, which bear no SQLSTATE: 08006, connection failure. */
const CONNECTION_FAILURE = '08006';
const SOCKET_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);
const DRIVER_CONNECTION_MESSAGES = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
  'Client was closed and is not queryable',
  'Cannot use a pool after calling end',
];

function refusalOf(error: unknown): Refusal | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('driverError' in error && error.driverError) return refusalOf(error.driverError);
  if ('sqlstate' in error && typeof error.sqlstate === 'string') {
    return {
      sqlstate: error.sqlstate,
      constraint: text(error, 'constraint'),
      table: text(error, 'table'),
    };
  }
  const code = text(error, 'code');
  if (code && /^[0-9A-Z]{5}$/.test(code) && 'severity' in error) {
    return {
      sqlstate: code,
      constraint: text(error, 'constraint'),
      table: text(error, 'table'),
      hint: hintOf(code, error),
    };
  }
  if (code && SOCKET_ERRORS.has(code)) return { sqlstate: CONNECTION_FAILURE };
  const message = text(error, 'message') ?? '';
  if (DRIVER_CONNECTION_MESSAGES.some((start) => message.startsWith(start))) {
    return { sqlstate: CONNECTION_FAILURE };
  }
  return undefined;
}

/**
 * Class 42 is about the statement (no such column, permission denied) and names parts of the schema. A syntax error is
 * the exception: it quotes the text near it, which may be a value.
 */
function hintOf(code: string, error: object): string | undefined {
  if (!code.startsWith('42')) return undefined;
  return code === '42601' ? `at ${text(error, 'position') ?? '?'}` : text(error, 'message');
}

function text(from: object, key: string): string | undefined {
  const value: unknown = (from as Record<string, unknown>)[key];
  return typeof value === 'string' ? value : undefined;
}

function meaningOf({ sqlstate, constraint }: Refusal): { reason: string; kind: ErrorKind } {
  if (sqlstate === '23503' && constraint?.endsWith('_fence')) {
    return { reason: 'SUBJECT_ERASED', kind: 'failed-precondition' };
  }
  switch (sqlstate) {
    case 'HD001':
      return { reason: 'SUBJECT_UNKNOWN', kind: 'failed-precondition' };
    case '40001':
    case '40P01':
      return { reason: 'DATABASE_CONFLICT', kind: 'aborted' };
    case '55P03':
      return { reason: 'DATABASE_LOCK_TIMEOUT', kind: 'aborted' };
    case '57014':
      return { reason: 'DATABASE_TIMEOUT', kind: 'deadline-exceeded' };
  }
  // 08 connection, 53 resources, 57P the operator stops the server, 25P03/25P04 the server ended the session.
  if (/^(08|53|57P|25P0[34])/.test(sqlstate)) return { reason: 'DATABASE_UNAVAILABLE', kind: 'unavailable' };
  return { reason: 'DATABASE_REFUSED', kind: 'internal' };
}

/** The error itself, or its reduced form where it came from PostgreSQL or from TypeORM on its behalf. */
export function reduced(error: unknown): unknown {
  if (isDomainError(error)) return error;
  const refusal = refusalOf(error);
  if (refusal) return new DatabaseFailure(refusal);
  // TypeORM's errors quote the statement, and some of them its parameters.
  if (typeof error === 'object' && error !== null && 'query' in error && 'parameters' in error) {
    return new DatabaseFailure({ sqlstate: 'XX000' });
  }
  return error;
}

/** No connection was had. Whatever the server gave as its reason, nothing was done, and it may be there again soon. */
export function unreachable(error: unknown): unknown {
  const refusal = refusalOf(error);
  if (!refusal || meaningOf(refusal).kind === 'unavailable') return reduced(error);
  return new DatabaseFailure({ sqlstate: CONNECTION_FAILURE, hint: refusal.sqlstate });
}

export function sqlstate(error: unknown): string | undefined {
  return refusalOf(error)?.sqlstate;
}

export function constraintOf(error: unknown): string | undefined {
  return refusalOf(error)?.constraint;
}

/** The same work may succeed when it is tried again as a whole, in a new transaction. */
export function isRetryable(error: unknown): boolean {
  const code = sqlstate(error);
  return code !== undefined && /^(40001|40P01|55P03|08|53|57P|25P0[34])/.test(code);
}

/** The row's subject was erased, or was never known here: the outcome `refused_erased`, not an error. */
export function isFenceRefusal(error: unknown): boolean {
  return sqlstate(error) === '23503' && (constraintOf(error)?.endsWith('_fence') ?? false);
}

/** What each constraint means to a caller: `{ endpoint_address_key: 'ENDPOINT_TAKEN' }`. */
export type ConstraintReasons = Record<string, string | { reason: string; kind: ErrorKind }>;

/**
 * The error to throw on: a DomainError for a constraint that `reasons` names, the reduced failure for any other refusal
 * by PostgreSQL, and the error itself where PostgreSQL had no part in it.
 */
export function reasonOf(error: unknown, reasons: ConstraintReasons): unknown {
  const refusal = refusalOf(error);
  const known = refusal?.constraint === undefined ? undefined : reasons[refusal.constraint];
  if (!refusal || known === undefined) return reduced(error);
  if (typeof known !== 'string') return new DomainError(known.reason, known.kind);
  return new DomainError(known, kindOf(refusal.sqlstate));
}

function kindOf(code: string): ErrorKind {
  if (code === '23505' || code === '23P01') return 'already-exists';
  if (code === '23503') return 'failed-precondition';
  return 'invalid-argument';
}
