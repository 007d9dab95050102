import { AsyncLocalStorage } from 'node:async_hooks';
import { type Metadata } from '@grpc/grpc-js';
import { type Caller } from '@heed/kernel';

/** The call that is being answered. */
export interface CallScope {
  readonly caller: Caller;
  /** Aborts when the caller has gone, the deadline has passed or the server drains: stop, and begin nothing new. */
  readonly signal: AbortSignal;
  readonly metadata: Metadata;
}

interface Running extends CallScope {
  ended: boolean;
}

const running = new AsyncLocalStorage<Running>();

/**
 * The call within which this code runs, if any. Work that a call started and left behind is no longer within it: its
 * deadline would make every later step of that work fail.
 */
export function currentCall(): CallScope | undefined {
  const scope = running.getStore();
  return scope === undefined || scope.ended ? undefined : scope;
}

export async function runInCall<T>(scope: CallScope, work: () => Promise<T>): Promise<T> {
  const current: Running = { ...scope, ended: false };
  try {
    return await running.run(current, work);
  } finally {
    current.ended = true;
  }
}
