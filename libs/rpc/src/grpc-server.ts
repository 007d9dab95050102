import {
  type sendUnaryData,
  Server as TransportServer,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedHandleCall,
} from '@grpc/grpc-js';
import { type ListenAddress } from '@heed/config';
import { DomainError } from '@heed/kernel';
import { type Logger } from '@heed/telemetry';
import { type CustomTransportStrategy, Server, Transport } from '@nestjs/microservices';
import { type Admission } from './admission.js';
import { addHealth, type Health } from './health.js';
import { addReflection } from './reflection.js';
import { CallServer, type Handler, type ServedMethod } from './served-call.js';
import { ruleOf, serviceNameOf, tolerant } from './served-methods.js';

export interface GrpcServerOptions {
  listen: ListenAddress;
  services: readonly ServiceDefinition[];
  admission: Admission;
  health: Health;
  log: Logger;
}

const MEGABYTE = 1024 * 1024;
const CHANNEL_OPTIONS = {
  // A batch of 500 is some 200 KB; files go over HTTP.
  'grpc.max_receive_message_length': 4 * MEGABYTE,
  'grpc.max_send_message_length': 16 * MEGABYTE,
  'grpc.max_metadata_size': 16 * 1024,
  'grpc.max_concurrent_streams': 1_000,
  // Connections live long and requests are spread when one is made: without an end, a new replica gets none.
  'grpc.max_connection_age_ms': 300_000,
  'grpc.max_connection_age_grace_ms': 30_000,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 5_000,
};
const CLOSE_WITHIN_MS = 5_000;

/**
 * Nest's transport for our gRPC: handlers, guards and filters are Nest's, the wire is grpc-js with ts-proto's own
 * codecs. Nest's ServerGrpc loads proto-loader and protobufjs (10 MB), loses status codes, and buffers without end
 * whatever a stream's reader does not take.
 */
export class GrpcServer extends Server implements CustomTransportStrategy {
  override readonly transportId = Transport.GRPC;
  private readonly transport = new TransportServer(CHANNEL_OPTIONS);
  private readonly calls: CallServer;
  private boundPort: number | undefined;

  constructor(private readonly options: GrpcServerOptions) {
    super();
    this.calls = new CallServer(options.admission, options.log, options.health);
  }

  /** The port that is listened on: the one asked for, or the one the system gave for 0. */
  get port(): number {
    if (this.boundPort === undefined) throw new Error('the gRPC server does not listen yet');
    return this.boundPort;
  }

  listen(callback: (error?: unknown) => void): void {
    this.start().then(() => callback(), callback);
  }

  /** Ends streams, lets calls in hand end within 5 s, then closes what is left. */
  async close(): Promise<void> {
    this.calls.drain();
    this.options.health.end();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.transport.forceShutdown();
        resolve();
      }, CLOSE_WITHIN_MS);
      this.transport.tryShutdown(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Ends every connection at once, as a crash would. */
  kill(): void {
    this.transport.forceShutdown();
  }

  on(): never {
    throw new Error('the gRPC server has no events');
  }

  unwrap<T>(): T {
    return this.transport as T;
  }

  private async start(): Promise<void> {
    const { listen, services, health } = this.options;
    const names = services.map(serviceNameOf);
    services.forEach((definition) =>
      this.transport.addService(tolerant(definition), this.handlersOf(definition)),
    );
    addHealth(this.transport, health, names);
    addReflection(this.transport, names);
    this.boundPort = await new Promise<number>((resolve, reject) => {
      this.transport.bindAsync(
        `${listen.host}:${listen.port}`,
        ServerCredentials.createInsecure(),
        (error, port) => (error ? reject(error) : resolve(port)),
      );
    });
  }

  private handlersOf(definition: ServiceDefinition): Record<string, UntypedHandleCall> {
    return Object.fromEntries(
      Object.entries(definition).map(([name, { path, requestStream, responseStream }]) => {
        if (requestStream && !responseStream)
          throw new TypeError(`${path}: streams with one answer are not served`);
        const method: ServedMethod = { path, rule: ruleOf(path), handler: this.handlerOf(path, name) };
        if (requestStream) return [name, this.duplexOf(method)];
        return [name, responseStream ? this.streamOf(method) : this.unaryOf(method)];
      }),
    );
  }

  private unaryOf(method: ServedMethod) {
    return (call: ServerUnaryCall<object, object>, callback: sendUnaryData<object>): void => {
      this.calls.unary(method, call).then((answer) => callback(null, answer as object), callback);
    };
  }

  private streamOf(method: ServedMethod) {
    return (call: ServerWritableStream<object, object>): void => {
      this.calls.stream(method, call).then(
        () => call.end(),
        (status: Error) => call.emit('error', status),
      );
    };
  }

  private duplexOf(method: ServedMethod) {
    return (call: ServerDuplexStream<object, object>): void => {
      this.calls.duplex(method, call).then(
        () => call.end(),
        (status: Error) => call.emit('error', status),
      );
    };
  }

  /** Controllers register under the RPC's name (@GrpcMethod) or its name in code (ts-proto's decorator of a class). */
  private handlerOf(path: string, nameInCode: string): Handler {
    const [, service, rpc] = path.split('/') as [string, string, string];
    const patterns = ['no_stream', 'rx_stream'].flatMap((streaming) =>
      [rpc, nameInCode].map((name) => ({ service: service.split('.').at(-1)!, rpc: name, streaming })),
    );
    const handler = patterns
      .map((pattern) => this.messageHandlers.get(this.normalizePattern(pattern)))
      .find((found) => found !== undefined);
    if (handler !== undefined) return handler as unknown as Handler;
    return () => {
      throw new DomainError('RPC_NOT_BUILT', 'unimplemented', { message: `${path} is not built yet` });
    };
  }
}
