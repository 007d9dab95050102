/** The shape of ts-proto's grpc-js service definitions, as far as a client needs it. */
export interface UnaryMethod<Req, Res> {
  path: string;
  requestStream: false;
  responseStream: false;
  requestSerialize: (value: Req) => Buffer;
  responseDeserialize: (bytes: Buffer) => Res;
}

export interface StreamMethod<Req, Res> extends Omit<UnaryMethod<Req, Res>, 'responseStream'> {
  responseStream: true;
}

export interface DuplexMethod<Req, Res> extends Omit<StreamMethod<Req, Res>, 'requestStream'> {
  requestStream: true;
}

export interface CallOptions {
  /** The tenant that the call is about; NIL_UUID where it is about none. */
  tenantId: string;
  /** 5 s for an answer, 5 min for a stream, and never longer than the call within which this one is made. */
  timeoutMs?: number;
  /** Id of the member for whom this is done. */
  onBehalfOf?: string;
  signal?: AbortSignal;
  metadata?: Record<string, string>;
}

/** What a caller with a token of their own may set. */
export type MemberCallOptions = Omit<CallOptions, 'tenantId' | 'onBehalfOf'>;

/**
 * A client of a service definition: `recordOptOut(request, options): Promise<RecordOptOutResponse>`; server streams are
 * AsyncIterables that begin when they are iterated, and end their call when the loop is left. A stream both ways takes an
 * AsyncIterable of requests, and ends its side when that ends.
 */
export type Client<Definition, Options = CallOptions> = {
  [Name in keyof Definition]: Definition[Name] extends UnaryMethod<infer Req, infer Res>
    ? (request: Req, ...options: OptionsArgument<Options>) => Promise<Res>
    : Definition[Name] extends StreamMethod<infer Req, infer Res>
      ? (request: Req, ...options: OptionsArgument<Options>) => AsyncIterable<Res>
      : Definition[Name] extends DuplexMethod<infer Req, infer Res>
        ? (requests: AsyncIterable<Req>, ...options: OptionsArgument<Options>) => AsyncIterable<Res>
        : never;
};

/** Options may be left out where all of them may. */
type OptionsArgument<Options> = object extends Options ? [options?: Options] : [options: Options];
