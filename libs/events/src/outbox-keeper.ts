import { type Clock } from '@heed/kernel';
import { type Database } from '@heed/postgres';
import { type Logger } from '@heed/telemetry';
import { tendInbox, tendOutbox } from './relay-cursor.store.js';
import { parsePosition } from './outbox-position.js';

export interface KeeperOptions {
  database: Database;
  clock: Clock;
  log: Logger;
  /** Whether a relay reads the outbox; with the embedded bus nobody's position holds a day back. */
  relayed: boolean;
}

const HOUR_MS = 3_600_000;
const RETRY_MS = 60_000;

/** Makes the days of outbox and inbox ahead, and drops what is over. At the start and every hour. */
export class OutboxKeeper {
  private stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly options: KeeperOptions) {}

  start(): void {
    this.stopping = new AbortController();
    this.running ??= this.run(this.stopping.signal);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.running = undefined;
  }

  /** Once. Days are made a week ahead, so that an hour, or a day, of failures does not matter. */
  async tend(): Promise<void> {
    const { database, log, relayed } = this.options;
    const connection = await database.pool('relay').connect();
    let healthy = false;
    try {
      const reader = relayed ? await this.relaySnapshot(connection) : null;
      const dropped = (await tendOutbox(connection, reader)) + (await tendInbox(connection));
      if (dropped > 0) log.info('old days dropped', { count: dropped });
      healthy = true;
    } finally {
      connection.release(!healthy);
    }
  }

  private async relaySnapshot(connection: {
    query(text: string): Promise<{ rows: { position: string }[] }>;
  }): Promise<string> {
    const { rows } = await connection.query(`select position from heed.relay_cursor where name = 'outbox'`);
    return parsePosition(rows[0]?.position ?? '').snapshot;
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.options;
    while (!signal.aborted) {
      let pause = HOUR_MS;
      try {
        await this.tend();
      } catch (error) {
        log.error('days of outbox and inbox not tended', { error });
        pause = RETRY_MS;
      }
      await clock.wait(pause, signal).catch(() => undefined);
    }
  }
}
