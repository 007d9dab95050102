import { type Bell, type Clock } from '@heed/kernel';
import { type Logger } from '@heed/telemetry';
import pg from 'pg';
import { backoffMs } from '../backoff.js';
import { type Cursor, type Quarantine, type Stream } from '../bus.js';
import { BEGINNING, parsePosition, type OutboxPosition } from '../outbox-position.js';
import { READER_OPTIONS, readOutbox, type OutboxPage } from '../outbox-reader.store.js';

export interface SourceOptions {
  /** The service whose outbox this is. */
  producer: string;
  /** Of its database, with the login that may read that outbox and nothing else. */
  url: string;
  clock: Clock;
  log: Logger;
}

/** Sent by the producer after commits, never inside one: NOTIFY in the transaction halves the writers (3.8k -> 1.7k/s). */
export const CHANNEL = 'heed_outbox';

/** Another service's outbox, read directly, and one connection that hears when something was added to it. */
export class OutboxSource {
  readonly producer: string;
  private readonly pool: pg.Pool;
  private readonly bells = new Set<Bell>();
  private readonly closing = new AbortController();
  private readonly hearing: Promise<void>;
  private listener: pg.Client | undefined;

  constructor(private readonly options: SourceOptions) {
    this.producer = options.producer;
    this.pool = new pg.Pool({
      connectionString: options.url,
      application_name: 'heed bus',
      max: 2,
      idleTimeoutMillis: 30_000,
      connectionTimeoutMillis: 15_000,
      keepAlive: true,
      statement_timeout: 30_000,
      options: READER_OPTIONS.atConnect,
    });
    this.pool.on('error', () => undefined);
    this.hearing = this.hear();
  }

  /** Rung whenever the producer says that it has added something. Answers how to stop that. */
  ring(bell: Bell): () => void {
    this.bells.add(bell);
    return () => void this.bells.delete(bell);
  }

  /** Whether a missed announcement is the exception. */
  get hears(): boolean {
    return this.listener !== undefined;
  }

  read(position: OutboxPosition, limit: number, topics: string[]): Promise<OutboxPage> {
    return readOutbox(this.pool, position, limit, topics);
  }

  /** Whether this outbox is still the one that the cursor was in: the same questions as for a topic. */
  async assess(stream: Stream, cursor: Cursor): Promise<Quarantine | undefined> {
    const quarantine = (reason: Quarantine['reason']): Quarantine => ({
      reason,
      stream,
      position: cursor.position,
    });
    let snapshot: string;
    try {
      ({ snapshot } = parsePosition(cursor.position));
    } catch {
      return quarantine('CURSOR_MALFORMED');
    }
    const { rows } = await this.pool.query<{
      beyond: boolean;
      missed: boolean;
      dropped: string;
      witness: string | null;
    }>(
      `select pg_snapshot_xmax($1::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot()) as beyond,
              h.xid >= pg_snapshot_xmin($1::pg_snapshot) as missed,
              h.seq as dropped,
              (select id from heed.outbox where seq = $2::bigint) as witness
       from heed.outbox_horizon h`,
      [snapshot, cursor.witness?.offset.toString() ?? null],
    );
    const [found] = rows;
    if (found === undefined || found.beyond) return quarantine('TOPIC_ENDS_BEFORE_CURSOR');
    // Whoever has read nothing yet begins with what is there.
    if (found.missed && cursor.position !== BEGINNING) return quarantine('TOPIC_BEGINS_AFTER_CURSOR');
    const { witness } = cursor;
    if (witness === undefined || found.witness === witness.eventId) return undefined;
    const dropped = found.witness === null && BigInt(found.dropped) >= witness.offset;
    return dropped ? undefined : quarantine('TOPIC_IS_ANOTHER');
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.listener?.end().catch(() => undefined);
    await this.hearing;
    await this.pool.end();
  }

  private async hear(): Promise<void> {
    const { clock, log, producer, url } = this.options;
    const { signal } = this.closing;
    for (let failures = 1; !signal.aborted; failures += 1) {
      const client = new pg.Client({
        connectionString: url,
        application_name: 'heed bus listen',
        keepAlive: true,
      });
      client.on('error', () => undefined);
      client.on('notification', () => this.bells.forEach((bell) => bell.ring()));
      try {
        await client.connect();
        await client.query(`listen ${CHANNEL}`);
        this.listener = client;
        failures = 0;
        // What was announced before we listened.
        this.bells.forEach((bell) => bell.ring());
        await new Promise<void>((resolve) => {
          client.once('end', resolve);
          if (signal.aborted) void client.end();
        });
      } catch (error) {
        log.warn('outbox not heard, polled instead', { component: producer, error });
      } finally {
        this.listener = undefined;
        await client.end().catch(() => undefined);
      }
      await clock.wait(backoffMs(Math.max(failures, 1)), signal).catch(() => undefined);
    }
  }
}
