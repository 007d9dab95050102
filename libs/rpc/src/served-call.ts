import { type EventEmitter } from 'node:events';
import {
  type Metadata,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { type RpcRule } from '@heed/contracts';
import { DomainError } from '@heed/kernel';
import { currentTraceparent, type Logger, metrics, withRemoteParent, withSpan } from '@heed/telemetry';
import { firstValueFrom, isObservable } from 'rxjs';
import { type Admission } from './admission.js';
import { type CallScope, runInCall } from './call-scope.js';
import { toStatus } from './errors.js';
import { type Health } from './health.js';
import { MALFORMED } from './served-methods.js';
import { iteratorOf, malformed, readAll, untilAborted, writeAll } from './served-stream.js';
import { Status } from './status.js';
import { remainingUntil } from './wire-time.js';

const duration = metrics.histogram('heed_rpc_server_ms', {
  description: 'How long calls took that this service answered, by method and status.',
  unit: 'ms',
});

/** A handler as Nest made it: guards, pipes and filters of the controller included. */
export type Handler = (request: unknown, scope: CallScope) => unknown;
type Call = ServerUnaryCall<object, object> | ServerWritableStream<object, object>;
type Duplex = ServerDuplexStream<object, object>;

export interface ServedMethod {
  path: string;
  rule: RpcRule;
  handler: Handler;
}

/**
 * Public keys, which everybody may read. Where identity was put back with the others they could not tell each other who
 * asks, and none would catch up.
 */
const ANSWERED_IN_QUARANTINE = '/heed.identity.v1.TokensService/ListServiceKeys';

/** What happens to every call: trace, admission, deadline, handler, and an error that says no more than it should. */
export class CallServer {
  private readonly draining = new AbortController();

  constructor(
    private readonly admission: Admission,
    private readonly log: Logger,
    private readonly health: Pick<Health, 'silentBecause'>,
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

  /** The handler is given the messages of the caller as an AsyncIterable, each held to its contract as it comes. */
  async duplex(method: ServedMethod, call: Duplex): Promise<void> {
    await this.serve(method, call, true, async (scope) => {
      const messages = readAll(call, method.rule, scope.signal);
      await writeAll(iteratorOf(await method.handler(messages, scope)), call, scope.signal);
    });
  }

  private serve<T>(
    method: ServedMethod,
    call: Call | Duplex,
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
    call: Call | Duplex,
    streams: boolean,
    work: (scope: CallScope) => Promise<T>,
  ): Promise<T> {
    const { silentBecause } = this.health;
    if (silentBecause !== undefined && method.path !== ANSWERED_IN_QUARANTINE)
      throw inQuarantine(silentBecause);
    // A stream's messages are looked at as they come.
    const request = 'request' in call ? call.request : {};
    if (request === MALFORMED) throw malformed();
    const { metadata } = call;
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
    const events: EventEmitter = call;
    events.once('cancelled', gone);
    try {
      return await runInCall({ caller: admitted.caller, signal, metadata }, () =>
        untilAborted(work({ caller: admitted.caller, signal, metadata }), signal),
      );
    } finally {
      clearTimeout(timer);
      events.off('cancelled', gone);
    }
  }
}

function inQuarantine(why: string): DomainError {
  return new DomainError('IN_QUARANTINE', 'unavailable', {
    message: `its database went back (${why}): until heed resync has caught up it answers health alone`,
    metadata: { why },
  });
}

function deadlineExceeded(): DomainError {
  return new DomainError('DEADLINE_EXCEEDED', 'deadline-exceeded', {
    message: 'the time given was not enough',
  });
}

function textOf(metadata: Metadata, key: string): string | undefined {
  const value = metadata.get(key)[0];
  return typeof value === 'string' ? value : undefined;
}
