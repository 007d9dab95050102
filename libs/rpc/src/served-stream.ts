import { type EventEmitter, once } from 'node:events';
import { type Readable } from 'node:stream';
import { type ServerDuplexStream, type ServerWritableStream } from '@grpc/grpc-js';
import { type RpcRule } from '@heed/contracts';
import { DomainError, invalidArgument } from '@heed/kernel';
import { MALFORMED } from './served-methods.js';
import { violationsOf } from './validate-request.js';

/** Answers as soon as the signal aborts, even where the work does not listen to it. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** One message is asked of the handler when the one before has left: a slow reader slows its producer. */
export async function writeAll(
  messages: AsyncIterator<object>,
  call: ServerWritableStream<object, object> | ServerDuplexStream<object, object>,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (;;) {
      const next = await untilAborted(messages.next(), signal);
      if (next.done) return;
      if (!call.write(next.value)) await once(call as EventEmitter, 'drain', { signal });
    }
  } catch (error) {
    // Not awaited: a generator that waits for something of its own ends when that comes.
    void messages.return?.().catch(() => undefined);
    throw signal.aborted ? signal.reason : error;
  }
}

export function iteratorOf(result: unknown): AsyncIterator<object> {
  if (typeof result === 'object' && result !== null && Symbol.asyncIterator in result) {
    return (result as AsyncIterable<object>)[Symbol.asyncIterator]();
  }
  throw new TypeError('a streaming handler answers with an AsyncIterable');
}

/** What the caller sends, for as long as it may. The next one is read when the handler asks for it. */
export async function* readAll(
  call: ServerDuplexStream<object, object>,
  rule: RpcRule,
  signal: AbortSignal,
): AsyncGenerator<object> {
  // Its end is no end of ours: what was asked is still to be answered.
  const messages = (call as unknown as Readable).iterator({
    destroyOnReturn: false,
  }) as AsyncIterator<object>;
  for (;;) {
    const next = await untilAborted(messages.next(), signal);
    if (next.done) return;
    if (next.value === MALFORMED) throw malformed();
    const violations = violationsOf(rule.request, next.value);
    if (violations.length > 0) throw invalidArgument(...violations);
    yield next.value;
  }
}

export function malformed(): DomainError {
  return new DomainError('REQUEST_MALFORMED', 'invalid-argument', {
    message: 'the bytes sent are not the message of this RPC',
  });
}
