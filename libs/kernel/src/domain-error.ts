/** What kind of refusal this is; each edge maps it to its own status (gRPC code, HTTP status). */
export type ErrorKind =
  | 'invalid-argument'
  | 'not-found'
  | 'already-exists'
  | 'failed-precondition'
  | 'permission-denied'
  | 'unauthenticated'
  | 'resource-exhausted'
  | 'aborted'
  | 'unavailable'
  | 'deadline-exceeded'
  | 'unimplemented'
  | 'internal';

/** One field that a request got wrong. `field` is its path as the contract names it. */
export interface FieldViolation {
  field: string;
  reason: string;
}

export interface DomainErrorOptions {
  /** A sentence for the reader. Never personal data, never a driver's text. */
  message?: string;
  /** Machine-readable details: ids, enums, numbers. Never personal data. */
  metadata?: Record<string, string>;
  violations?: FieldViolation[];
  cause?: unknown;
}

const BRAND = Symbol.for('heed.DomainError');

/**
 * A refusal that a caller can act on. `reason` (UPPER_SNAKE) is stable and is what callers compare; the class and
 * the message are not. Expected outcomes ("opted out") are values, not errors.
 */
export class DomainError extends Error {
  readonly reason: string;
  readonly kind: ErrorKind;
  readonly metadata: Record<string, string>;
  readonly violations: FieldViolation[];
  /** Recognised by symbol and not by instanceof: copies of this module (Jest has one per file) must agree. */
  readonly [BRAND] = true;

  constructor(reason: string, kind: ErrorKind, options: DomainErrorOptions = {}) {
    super(options.message ?? reason, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DomainError';
    this.reason = reason;
    this.kind = kind;
    this.metadata = options.metadata ?? {};
    this.violations = options.violations ?? [];
  }
}

/** True for a DomainError, and for one of just this reason when it is given. */
export function isDomainError(error: unknown, reason?: string): error is DomainError {
  return (
    typeof error === 'object' &&
    error !== null &&
    BRAND in error &&
    (reason === undefined || (error as DomainError).reason === reason)
  );
}

/** A request that is wrong in the fields named. */
export function invalidArgument(...violations: FieldViolation[]): DomainError {
  return new DomainError('INVALID_ARGUMENT', 'invalid-argument', {
    message: violations.map((violation) => `${violation.field}: ${violation.reason}`).join('; '),
    violations,
  });
}
