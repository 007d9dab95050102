import { newId, systemClock, type Clock } from '@heed/kernel';
import { logger, metrics, type Logger } from '@heed/telemetry';
import {
  connect,
  type ConnectionOptions,
  type Msg,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node';
import { Signals, type SignalData, type Unsubscribe } from './signals.js';

export interface NatsSignalsOptions {
  /** nats://host:port or tls://host:port, with user and password where the server asks for them. */
  url: string;
  clock?: Clock;
  log?: Logger;
  /** Put before every subject, to keep installations (and specs) on one server apart. */
  prefix?: string;
}

interface Listener {
  subject: string;
  handler: (data: SignalData, subject: string) => void;
  subscription?: Subscription;
}

const ECHO_MS = 250;
const FRESH_MS = 1_000;
/** A connection that is open and carries nothing (half-open TCP): NATS' own ping would need four minutes. */
const DEAF_MS = 4_000;
const RECONNECT_MS = 500;
const LARGEST = 4_096;

const dropped = metrics.counter('heed_signals_dropped', {
  description: 'Signals that could not be sent: no connection, or too large.',
  unit: '{signal}',
});

/** Signals over NATS (core, no JetStream). One connection, opened in the background and kept open for ever. */
export class NatsSignals extends Signals {
  private readonly clock: Clock;
  private readonly log: Logger;
  private readonly prefix: string;
  private readonly closing = new AbortController();
  private readonly listeners = new Set<Listener>();
  private connection: NatsConnection | undefined;
  private online = false;
  private echoedAt: number | undefined;
  private deafSince = 0;
  private readonly running: Promise<void>;
  private opened!: () => void;
  private readonly firstEcho = new Promise<void>((resolve) => (this.opened = resolve));

  private readonly stopMeasuring = metrics.gauge(
    'heed_signals_fresh',
    {
      description: '1 while words of our own come back; 0: opt-outs take effect within a second, not at once',
    },
    () => (this.fresh() ? 1 : 0),
  );

  constructor(private readonly options: NatsSignalsOptions) {
    super();
    this.clock = options.clock ?? systemClock;
    this.log = options.log ?? logger({ component: 'signals' });
    this.prefix = options.prefix ?? '';
    const echo = `heed.echo.${newId()}`;
    this.subscribe(echo, () => {
      this.echoedAt = this.clock.monotonicMs();
      this.opened();
    });
    this.running = this.run(echo);
  }

  publish(subject: string, data: SignalData): void {
    try {
      const text = JSON.stringify(data);
      // While it reconnects the client would keep what it is given and send it late.
      if (this.connection === undefined || !this.online || text.length > LARGEST) {
        dropped.add(1, { signal: subject });
        return;
      }
      this.connection.publish(this.prefix + subject, text);
    } catch (error) {
      dropped.add(1, { signal: subject });
      this.log.warn('signal not sent', { signal: subject, error });
    }
  }

  subscribe(subject: string, handler: Listener['handler']): Unsubscribe {
    const listener: Listener = { subject, handler };
    this.listeners.add(listener);
    this.attach(listener);
    return () => {
      this.listeners.delete(listener);
      try {
        listener.subscription?.unsubscribe();
      } catch {
        // The connection has gone, and the subscription with it.
      }
    };
  }

  fresh(): boolean {
    return this.echoedAt !== undefined && this.clock.monotonicMs() - this.echoedAt < FRESH_MS;
  }

  ready(): Promise<void> {
    return this.firstEcho;
  }

  async close(): Promise<void> {
    this.stopMeasuring();
    this.closing.abort();
    await this.running;
    await this.connection?.close().catch(() => undefined);
  }

  private attach(listener: Listener): void {
    const connection = this.connection;
    if (connection === undefined || connection.isClosed()) return;
    listener.subscription = connection.subscribe(this.prefix + listener.subject, {
      callback: (error: Error | null, message: Msg) => {
        if (error === null) this.deliver(listener, message);
      },
    });
  }

  private deliver({ subject, handler }: Listener, message: Msg): void {
    try {
      const data: unknown = message.json();
      if (typeof data !== 'object' || data === null) return;
      handler(data as SignalData, message.subject.slice(this.prefix.length));
    } catch (error) {
      this.log.warn('signal not handled', { signal: subject, error });
    }
  }

  private async run(echo: string): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      if (this.connection === undefined) await this.open();
      if (this.connection !== undefined) this.listen(echo);
      await this.clock.wait(ECHO_MS, signal).catch(() => undefined);
    }
  }

  private async open(): Promise<void> {
    try {
      const connection = await connect(connectionOptions(this.options.url));
      this.connection = connection;
      this.online = true;
      this.deafSince = this.clock.monotonicMs();
      for (const listener of this.listeners) this.attach(listener);
      void this.watch(connection);
    } catch (error) {
      this.log.warn('no connection to NATS, will try again', { error });
      await this.clock.wait(RECONNECT_MS, this.closing.signal).catch(() => undefined);
    }
  }

  /** A word to ourselves; and if our words do not come back, another connection. */
  private listen(echo: string): void {
    this.publish(echo, {});
    const now = this.clock.monotonicMs();
    if (!this.online || this.fresh()) this.deafSince = now;
    if (now - this.deafSince < DEAF_MS) return;
    this.deafSince = now;
    this.log.warn('signals do not come back, reconnecting');
    this.connection?.reconnect().catch(() => undefined);
  }

  private async watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' || type === 'close') {
        if (this.online) this.log.warn('the connection to NATS is gone, will try again');
        this.online = false;
      }
      if (type === 'reconnect') {
        this.log.info('NATS is there again');
        this.online = true;
      }
    }
    // For good only when we close it: reconnecting never ends.
    this.online = false;
    if (!this.closing.signal.aborted) this.connection = undefined;
  }
}

function connectionOptions(address: string): ConnectionOptions {
  const url = new URL(address);
  return {
    servers: `${url.hostname}:${url.port || '4222'}`,
    ...(url.username
      ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
      : {}),
    ...(url.protocol === 'tls:' ? { tls: {} } : {}),
    timeout: 3_000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: 100,
    ignoreClusterUpdates: false,
  };
}
