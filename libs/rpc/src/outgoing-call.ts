import { type EventEmitter, once } from 'node:events';
import {
  type ClientDuplexStream,
  type ClientReadableStream,
  Metadata,
  type ServiceDefinition,
  type ServiceError,
  status as Status,
} from '@grpc/grpc-js';
import { type Clock, DomainError } from '@heed/kernel';
import { currentTraceparent, withSpan } from '@heed/telemetry';
import { currentCall } from './call-scope.js';
import { type Channels } from './channels.js';
import {
  type CallOptions,
  type Client,
  type DuplexMethod,
  type StreamMethod,
  type UnaryMethod,
} from './client-types.js';
import { fromServiceError } from './errors.js';
import { deadlineIn } from './wire-time.js';

const DEFAULT_STREAM_MS = 300_000;

/** How one kind of caller shows who it is. */
export interface CallingStyle<Options> {
  channels: Channels;
  clock: Pick<Clock, 'now'>;
  /** The deadline of a call that sets none. A stream has five minutes. */
  timeoutMs: number;
  /** The token for this call; none where the RPC is public. */
  token(path: string, options: Options | undefined): Promise<string | undefined>;
  /** The error to throw for what the callee answered. */
  failure(error: DomainError, path: string): DomainError;
}

type Common = Pick<CallOptions, 'timeoutMs' | 'signal' | 'metadata'>;

/** Makes the client of a definition: a method for each RPC, bound to one way of calling. */
export function clientOf<Definition extends ServiceDefinition, Options extends Common>(
  definition: Definition,
  style: CallingStyle<Options>,
): Client<Definition, Options> {
  const calls = new OutgoingCalls(definition, style);
  const methods = Object.entries(definition).map(
    ([name, method]) => [name, calls.methodFor(method)] as const,
  );
  return Object.fromEntries(methods) as Client<Definition, Options>;
}

class OutgoingCalls<Options extends Common> {
  constructor(
    private readonly definition: ServiceDefinition,
    private readonly style: CallingStyle<Options>,
  ) {}

  /** Which of three shapes it has the definition says, and `Client` to whoever calls. */
  methodFor(method: ServiceDefinition[string]): unknown {
    if (method.requestStream) {
      return (requests: AsyncIterable<object>, options?: Options) =>
        this.duplex(method as DuplexMethod<object, object>, requests, options);
    }
    return method.responseStream
      ? (request: object, options?: Options) =>
          this.stream(method as StreamMethod<object, object>, request, options)
      : (request: object, options?: Options) =>
          this.unary(method as UnaryMethod<object, object>, request, options);
  }

  private async unary(
    method: UnaryMethod<object, object>,
    request: object,
    options: Options | undefined,
  ): Promise<object> {
    const { path, requestSerialize, responseDeserialize } = method;
    return withSpan(
      path.slice(1),
      { method: path },
      async (span) => {
        const { metadata, deadline, signal } = await this.prepare(path, options, this.style.timeoutMs);
        const channel = this.style.channels.for(path, this.definition);
        return new Promise<object>((resolve, reject) => {
          const call = channel.makeUnaryRequest(
            ...[path, requestSerialize, responseDeserialize, request, metadata, { deadline }],
            (error: ServiceError | null, answer?: object) => {
              signal?.removeEventListener('abort', cancel);
              span.set({ status: Status[error?.code ?? Status.OK] });
              if (error === null) resolve(answer!);
              else reject(this.style.failure(fromServiceError(error), path));
            },
          );
          const cancel = (): void => call.cancel();
          whenAborted(signal, cancel);
        });
      },
      { kind: 'client' },
    );
  }

  private async *stream(
    { path, requestSerialize, responseDeserialize }: StreamMethod<object, object>,
    request: object,
    options: Options | undefined,
  ): AsyncGenerator<object> {
    const { metadata, deadline, signal } = await this.prepare(path, options, DEFAULT_STREAM_MS);
    const channel = this.style.channels.for(path, this.definition);
    const call: ClientReadableStream<object> = channel.makeServerStreamRequest(
      ...[path, requestSerialize, responseDeserialize, request, metadata, { deadline }],
    );
    yield* this.answersOf(call, path, signal);
  }

  private async *duplex(
    { path, requestSerialize, responseDeserialize }: DuplexMethod<object, object>,
    requests: AsyncIterable<object>,
    options: Options | undefined,
  ): AsyncGenerator<object> {
    const { metadata, deadline, signal } = await this.prepare(path, options, DEFAULT_STREAM_MS);
    const channel = this.style.channels.for(path, this.definition);
    const call: ClientDuplexStream<object, object> = channel.makeBidiStreamRequest(
      ...[path, requestSerialize, responseDeserialize, metadata, { deadline }],
    );
    // What goes wrong with a call is said where its answers are read.
    const sending = sendAll(requests, call).catch(() => call.cancel());
    try {
      yield* this.answersOf(call, path, signal);
    } finally {
      await sending;
    }
  }

  private async *answersOf(
    call: ClientReadableStream<object> | ClientDuplexStream<object, object>,
    path: string,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<object> {
    const cancel = (): void => call.cancel();
    whenAborted(signal, cancel);
    try {
      for await (const message of call) yield message as object;
    } catch (error) {
      throw this.style.failure(fromServiceError(error as ServiceError), path);
    } finally {
      signal?.removeEventListener('abort', cancel);
      call.cancel(); // without effect on a stream that ended; a loop that was left frees the server
    }
  }

  /** The deadline and the abort signal of the call that is being answered bind the calls made for it. */
  private async prepare(path: string, options: Options | undefined, defaultMs: number) {
    const within = currentCall();
    const signals = [options?.signal, within?.signal].filter((signal) => signal !== undefined);
    const signal = signals.length > 1 ? AbortSignal.any(signals) : signals[0];
    if (signal?.aborted) {
      throw new DomainError('CANCELLED', 'aborted', { message: 'the caller has gone before the call began' });
    }
    // From here, before anything is waited for: a callee that drops what is too old to answer must not be told that a
    // question is new which has waited for its token (ATTACKS 2.13).
    const asked = options?.timeoutMs ?? defaultMs;
    const left = within ? within.caller.deadline.getTime() - this.style.clock.now().getTime() : Infinity;
    const deadline = deadlineIn(Math.max(0, Math.min(asked, left)));
    const metadata = new Metadata();
    const token = await this.style.token(path, options);
    if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
    const traceparent = currentTraceparent();
    if (traceparent !== undefined) metadata.set('traceparent', traceparent);
    for (const [key, value] of Object.entries(options?.metadata ?? {})) metadata.set(key, value);
    return { metadata, signal, deadline };
  }
}

/** At once where it is too late to listen. */
function whenAborted(signal: AbortSignal | undefined, cancel: () => void): void {
  if (signal?.aborted) cancel();
  else signal?.addEventListener('abort', cancel, { once: true });
}

/** Ends our side when there is nothing more, or the call has ended. */
async function sendAll(
  requests: AsyncIterable<object>,
  call: ClientDuplexStream<object, object>,
): Promise<void> {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  for (const event of ['end', 'close', 'error', 'status']) (call as EventEmitter).once(event, end);
  const messages = requests[Symbol.asyncIterator]();
  const over = new Promise<undefined>((resolve) =>
    ended.signal.addEventListener('abort', () => resolve(undefined), { once: true }),
  );
  try {
    for (;;) {
      const next = await Promise.race([messages.next(), over]);
      if (next === undefined || next.done || ended.signal.aborted) return;
      if (!call.write(next.value)) await Promise.race([once(call as EventEmitter, 'drain'), over]);
    }
  } finally {
    // Not awaited: whoever waits for something of their own ends when that comes.
    void messages.return?.()?.catch(() => undefined);
    call.end();
  }
}
