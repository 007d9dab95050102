import { isDomainError, type ErrorKind } from '@heed/kernel';
import { isFenceRefusal, isRetryable, reduced, sqlstate } from '@heed/postgres';

/** What a failed handler means for the events that it was given. */
export type Verdict =
  /** The world is at fault: the same events again, later, in their order. */
  | { kind: 'transient' }
  /** Too much at once; alone, transient. */
  | { kind: 'too-slow' }
  /** The fence stands: somebody is erased. An outcome, not an error. */
  | { kind: 'refused' }
  /** The event is at fault, or the code: again would fail again. */
  | { kind: 'poison'; reason: string; sqlstate?: string };

const TRANSIENT_KINDS = new Set<ErrorKind>(['unavailable', 'aborted', 'resource-exhausted']);

/** By SQLSTATE and kind, never by the text of a message. */
export function judge(error: unknown): Verdict {
  const failure = reduced(error);
  if (isFenceRefusal(failure)) return { kind: 'refused' };
  if (isRetryable(failure)) return { kind: 'transient' };
  if (!isDomainError(failure)) return { kind: 'poison', reason: 'HANDLER_FAILED' };
  if (failure.kind === 'deadline-exceeded') return { kind: 'too-slow' };
  if (TRANSIENT_KINDS.has(failure.kind)) return { kind: 'transient' };
  const code = sqlstate(failure);
  return { kind: 'poison', reason: failure.reason, ...(code === undefined ? {} : { sqlstate: code }) };
}
