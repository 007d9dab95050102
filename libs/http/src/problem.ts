import { type ErrorKind, type FieldViolation, isDomainError } from '@heed/kernel';

/** SPEC: RFC 9457, with our reason, violations and metadata as extension members. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  reason: string;
  violations?: FieldViolation[];
  metadata?: Record<string, string>;
  trace_id?: string;
}

const STATUS: Record<ErrorKind, [number, string]> = {
  'invalid-argument': [400, 'Not valid'],
  unauthenticated: [401, 'Not signed in'],
  'permission-denied': [403, 'Not permitted'],
  'not-found': [404, 'Not found'],
  'already-exists': [409, 'Already there'],
  aborted: [409, 'In conflict'],
  'failed-precondition': [422, 'Not possible as things are'],
  'resource-exhausted': [429, 'Too much'],
  internal: [500, 'Fault of ours'],
  unimplemented: [501, 'Not built'],
  unavailable: [503, 'Not available'],
  'deadline-exceeded': [504, 'Too late'],
};

/** Reasons for which HTTP has a status of its own. */
const SPECIAL: Record<string, number> = {
  BODY_TOO_LARGE: 413,
  MEDIA_TYPE_UNSUPPORTED: 415,
  BODY_ENCODED: 415,
};

const BY_STATUS: Record<number, [string, string]> = {
  404: ['ROUTE_NOT_FOUND', 'no such route'],
  405: ['METHOD_NOT_ALLOWED', 'this route takes another method'],
};

/** What a caller may learn of an error. */
export function problemOf(error: unknown, traceId: string | undefined): Problem {
  const trace = traceId === undefined ? {} : { trace_id: traceId };
  if (isDomainError(error) && error.kind !== 'internal') {
    const [status, title] = STATUS[error.kind];
    return {
      ...base(SPECIAL[error.reason] ?? status, title, error.reason, error.message),
      ...(error.violations.length > 0 && { violations: error.violations.slice(0, 50) }),
      ...(Object.keys(error.metadata).length > 0 && { metadata: error.metadata }),
      ...trace,
    };
  }
  // Of Nest and Express themselves: no such route, a path that is no UTF-8.
  const status = statusOf(error);
  if (status !== undefined) {
    const [reason, detail] = BY_STATUS[status] ?? [
      'REQUEST_REFUSED',
      'the request is not one that can be read',
    ];
    return { ...base(status, 'Not valid', reason, detail), ...trace };
  }
  return { ...base(500, STATUS.internal[1], 'INTERNAL', 'internal error'), ...trace };
}

function base(status: number, title: string, reason: string, detail: string): Problem {
  return { type: `urn:heed:error:${reason}`, title, status, detail: detail.slice(0, 500), reason };
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
