import { type EventEmitter, once } from 'node:events';
import { type Metadata, type ServerUnaryCall, type ServerWritableStream } from '@grpc/grpc-js';
import { type RpcRule } from '@heed/contracts';
import { DomainError } from '@heed/kernel';
import { currentTraceparent, type Logger, metrics, withRemoteParent, withSpan } from '@heed/telemetry';
import { firstValueFrom, isObservable } from 'rxjs';
import { type Admission } from './admission.js';
import { type CallScope, runInCall } from './call-scope.js';
import { toStatus } from './errors.js';
import { MALFORMED } from './served-methods.js';
import { Status } from './status.js';
import { remainingUntil } from './wire-time.js';

const duration = metrics.histogram('heed_rpc_server_ms', {
  description: 'How long calls took that this service answered, by method and status.',
  unit: 'ms',
});

/** A handler as Nest made it: guards, pipes and filters of the controller included. */
export type Handler = (request: unknown, scope: CallScope) => unknown;
type Call = ServerUnaryCall<object, object> | ServerWritableStream<object, object>;

export interface ServedMethod {
  path: string;
  rule: RpcRule;
  handler: Handler;
}

/** What happens to every call: trace, admission, deadline, handler, and an error that says no more than it should. */
export class CallServer {
  private readonly draining = new AbortController();

  constructor(
    private readonly admission: Admission,
    private readonly log: Logger,
  ) {}

  /** Ends streams, which would otherwise go on for as long as their readers like. */
  drain(): void {
    this.draining.abort(
      new DomainError('DRAINING', 'unavailable', { message: 'the service is stopping: call again' }),
    );
  }

  async unary(method: ServedMethod, call: ServerUnaryCall<object, object>): Promise<unknown> {
    return this.serve(method, call, false, async (scope) => {
      const result = await method.handler(call.request, scope);
      return isObservable(result) ? firstValueFrom(result) : result;
    });
  }

  async stream(method: ServedMethod, call: ServerWritableStream<object, object>): Promise<void> {
    await this.serve(method, call, true, async (scope) => {
      const result = await method.handler(call.request, scope);
      // Nest's exception filter answers with an Observable of the error. As a stream it is not taken: nothing could
      // slow it down to the pace of a slow reader.
      if (isObservable(result)) await firstValueFrom(result);
      await writeAll(iteratorOf(result), call, scope.signal);
    });
  }

  private serve<T>(
    method: ServedMethod,
    call: Call,
    streams: boolean,
    work: (scope: CallScope) => Promise<T>,
  ): Promise<T> {
    const [, service, name] = method.path.split('/') as [string, string, string];
    return withRemoteParent(textOf(call.metadata, 'traceparent'), () =>
      withSpan(
        `${service}/${name}`,
        { method: method.path },
        async (span) => {
          const startedAt = performance.now();
          let status = Status.OK;
          try {
            return await this.answer(method, call, streams, work);
          } catch (error) {
            const answered = toStatus(error, currentTraceparent()?.split('-')[1]);
            status = answered.code;
            if (status === Status.INTERNAL) this.log.error('call failed', { method: method.path, error });
            throw answered;
          } finally {
            span.set({ status: Status[status] });
            duration.record(performance.now() - startedAt, { method: method.path, status: Status[status] });
          }
        },
        { kind: 'server' },
      ),
    );
  }

  private async answer<T>(
    method: ServedMethod,
    call: Call,
    streams: boolean,
    work: (scope: CallScope) => Promise<T>,
  ): Promise<T> {
    if (call.request === MALFORMED) {
      throw new DomainError('REQUEST_MALFORMED', 'invalid-argument', {
        message: 'the bytes sent are not the message of this RPC',
      });
    }
    const { metadata, request } = call;
    const { path, rule } = method;
    const admitted = await this.admission.admit({
      ...{ method: path, rule, metadata, request, streams },
      remainingMs: remainingUntil(call.getDeadline()),
    });
    const stop = new AbortController();
    const signal = streams ? AbortSignal.any([stop.signal, this.draining.signal]) : stop.signal;
    const timer = setTimeout(() => stop.abort(deadlineExceeded()), admitted.remainingMs);
    const gone = (): void =>
      stop.abort(new DomainError('CANCELLED', 'aborted', { message: 'the caller has gone' }));
    call.once('cancelled', gone);
    try {
      return await runInCall({ caller: admitted.caller, signal, metadata }, () =>
        untilAborted(work({ caller: admitted.caller, signal, metadata }), signal),
      );
    } finally {
      clearTimeout(timer);
      call.off('cancelled', gone);
    }
  }
}

function deadlineExceeded(): DomainError {
  return new DomainError('DEADLINE_EXCEEDED', 'deadline-exceeded', {
    message: 'the time given was not enough',
  });
}

/** Answers as soon as the signal aborts, even where the work does not listen to it. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** One message is asked of the handler when the one before has left: a slow reader slows its producer. */
async function writeAll(
  messages: AsyncIterator<object>,
  call: ServerWritableStream<object, object>,
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

function iteratorOf(result: unknown): AsyncIterator<object> {
  if (typeof result === 'object' && result !== null && Symbol.asyncIterator in result) {
    return (result as AsyncIterable<object>)[Symbol.asyncIterator]();
  }
  throw new TypeError('a streaming handler answers with an AsyncIterable');
}

function textOf(metadata: Metadata, key: string): string | undefined {
  const value = metadata.get(key)[0];
  return typeof value === 'string' ? value : undefined;
}
