import { type ErrorKind } from '@heed/kernel';
import { status as Status } from '@grpc/grpc-js';

const CODES: Record<ErrorKind, Status> = {
  'invalid-argument': Status.INVALID_ARGUMENT,
  'not-found': Status.NOT_FOUND,
  'already-exists': Status.ALREADY_EXISTS,
  'failed-precondition': Status.FAILED_PRECONDITION,
  'permission-denied': Status.PERMISSION_DENIED,
  unauthenticated: Status.UNAUTHENTICATED,
  'resource-exhausted': Status.RESOURCE_EXHAUSTED,
  aborted: Status.ABORTED,
  unavailable: Status.UNAVAILABLE,
  'deadline-exceeded': Status.DEADLINE_EXCEEDED,
  unimplemented: Status.UNIMPLEMENTED,
  internal: Status.INTERNAL,
};

const KINDS = new Map<Status, ErrorKind>([
  ...Object.entries(CODES).map(([kind, code]) => [code, kind as ErrorKind] as const),
  [Status.CANCELLED, 'aborted'],
  [Status.OUT_OF_RANGE, 'invalid-argument'],
]);

export function codeOf(kind: ErrorKind): Status {
  return CODES[kind];
}

/** UNKNOWN, DATA_LOSS and what a later gRPC may bring count as internal. */
export function kindOf(code: Status): ErrorKind {
  return KINDS.get(code) ?? 'internal';
}

export { Status };
