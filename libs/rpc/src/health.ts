import { EventEmitter, on } from 'node:events';
import {
  Metadata,
  type sendUnaryData,
  type Server,
  type ServerUnaryCall,
  type ServerWritableStream,
  status as Status,
} from '@grpc/grpc-js';
import {
  type HealthCheckRequest,
  type HealthCheckResponse,
  HealthCheckResponse_ServingStatus as ServingStatus,
  HealthService,
} from './wire/grpc/health/v1/health.js';

/** Whether this process takes calls. One answer for all its services: they start and stop together. */
export class Health {
  private readonly changes = new EventEmitter().setMaxListeners(0);
  private serving = false;
  private why: string | undefined;

  /** A code, while this process answers health and nothing else. */
  get silentBecause(): string | undefined {
    return this.why;
  }

  /** From now on every call but those for health is refused, and health says why; undefined: no longer. */
  silence(reason: string | undefined): void {
    this.why = reason;
  }

  get isServing(): boolean {
    return this.serving;
  }

  set(serving: boolean): void {
    if (this.serving === serving) return;
    this.serving = serving;
    this.changes.emit('change');
  }

  /** Lets those who watch go: a server cannot close while they do. */
  end(): void {
    this.changes.emit('end');
  }

  /** The state now, and again whenever it changes. */
  async *watch(signal: AbortSignal): AsyncGenerator<boolean> {
    const changes = on(this.changes, 'change', { signal, close: ['end'] });
    yield this.serving;
    while (!(await changes.next()).done) yield this.serving;
  }
}

/** The trailer in which health says why it does not serve. The contract of health has no field for it. */
export const QUARANTINE_TRAILER = 'heed-quarantine';

function reasonOf({ silentBecause }: Health): Metadata {
  const trailer = new Metadata();
  if (silentBecause !== undefined) trailer.set(QUARANTINE_TRAILER, silentBecause);
  return trailer;
}

/** SPEC: grpc.health.v1: '' is the server as a whole; Check of an unknown name is NOT_FOUND, Watch of one says so. */
export function addHealth(server: Server, health: Health, services: readonly string[]): void {
  const isKnown = (name: string): boolean => name === '' || services.includes(name);
  const statusOf = (serving: boolean): HealthCheckResponse => ({
    status: serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING,
  });

  server.addService(HealthService, {
    check(
      call: ServerUnaryCall<HealthCheckRequest, HealthCheckResponse>,
      reply: sendUnaryData<HealthCheckResponse>,
    ) {
      if (isKnown(call.request.service)) reply(null, statusOf(health.isServing), reasonOf(health));
      else reply({ code: Status.NOT_FOUND, details: 'no such service here' });
    },

    watch(call: ServerWritableStream<HealthCheckRequest, HealthCheckResponse>) {
      if (!isKnown(call.request.service)) {
        // The stream stays open: the service may be added by a later version behind the same address.
        call.write({ status: ServingStatus.SERVICE_UNKNOWN });
        return;
      }
      const gone = new AbortController();
      call.on('cancelled', () => gone.abort());
      void (async () => {
        try {
          for await (const serving of health.watch(gone.signal)) call.write(statusOf(serving));
        } catch {
          // the watcher has gone
        }
        call.end();
      })();
    },
  });
}
