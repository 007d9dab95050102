import { DomainError, isDomainError, newId, type Bell, type Clock } from '@heed/kernel';
import { type Database } from '@heed/postgres';
import { metrics, type Logger } from '@heed/telemetry';
import { type PoolClient } from 'pg';
import { type Publisher } from './bus.js';
import { published } from './measures.js';
import { formatPosition, parsePosition, type OutboxPosition } from './outbox-position.js';
import { READER_OPTIONS, readOutbox } from './outbox-reader.store.js';
import { giveUpLead, saveCursor, takeLead, type Lead } from './relay-cursor.store.js';
import { Pacer } from './pacer.js';

export interface RelayOptions {
  database: Database;
  publisher: Publisher;
  clock: Clock;
  log: Logger;
  /** Rung after commits that added events. */
  bell: Bell;
  /** Told of each step; a spec holds or kills the relay there. */
  onStep?: (step: RelayStep) => unknown;
}

export type RelayStep = 'leading' | 'read' | 'sent' | 'saved';

const ROWS_A_CYCLE = 1_000;
/** Without a bell: commits of other replicas while signals are down. */
const POLL_MS = 200;
const LEASE_MS = 10_000;
const RENEW_MS = 3_000;
const RETRY_MS = 500;

/**
 * Carries the outbox to the bus: read what is new, send it, wait until it is acknowledged, save how far that was.
 * One loop under one lease, one request in flight. A crash between two of these steps, or a holder that does not know
 * it has been replaced, sends a contiguous run in order once more: it can only duplicate, and the inbox knows the ids.
 */
export class Relay {
  private stopping = new AbortController();
  private running: Promise<void> | undefined;
  private forgetGauge: (() => void) | undefined;
  private oldestMs = 0;
  private leading = false;
  private readonly holder = newId();

  constructor(private readonly options: RelayOptions) {}

  /** Whether it is this replica that carries the outbox. */
  get leads(): boolean {
    return this.leading;
  }

  start(): void {
    if (this.running) return;
    this.stopping = new AbortController();
    this.forgetGauge = metrics.gauge(
      'heed_outbox_oldest_seconds',
      { description: 'Age of the oldest event that is not acknowledged yet.', unit: 's' },
      () => this.oldestMs / 1_000,
    );
    this.running = this.run(this.stopping.signal);
  }

  /** Finishes the cycle in hand and gives up the lead. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.forgetGauge?.();
    this.running = undefined;
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { bell, log } = this.options;
    while (!signal.aborted) {
      try {
        await this.leadOnce(signal);
      } catch (error) {
        if (isDomainError(error, LEAD_LOST)) log.warn('relay replaced by another');
        else log.error('relay failed, will try again', { error });
      }
      // Also what a replica that does not lead does: ask for the lead, now and then.
      await bell.heard(RETRY_MS, signal);
    }
  }

  /** Leads, if nobody else does, until it is stopped or replaced. */
  private async leadOnce(signal: AbortSignal): Promise<void> {
    const { database, clock, log } = this.options;
    const connection = await database.pool('relay').connect();
    // Without a listener a connection that breaks while idle would end the process.
    connection.on('error', ignore);
    let healthy = false;
    try {
      const now = clock.now();
      const lead = await takeLead(connection, this.holder, now, later(now, LEASE_MS));
      if (lead) {
        this.leading = true;
        log.info('relay leads', { generation: Number(lead.token) });
        await this.options.onStep?.('leading');
        await connection.query(READER_OPTIONS.seqscanOff);
        await this.lead(connection, lead, signal);
        await connection.query(READER_OPTIONS.asBefore);
        await giveUpLead(connection, lead, clock.now());
      }
      healthy = true;
    } finally {
      this.leading = false;
      connection.off('error', ignore);
      // A connection that failed may still hold the lock: it is closed, not given back.
      connection.release(!healthy);
    }
  }

  private async lead(connection: PoolClient, lead: Lead, signal: AbortSignal): Promise<void> {
    const { clock, bell, publisher, onStep } = this.options;
    const pacer = new Pacer(clock);
    let position = parsePosition(lead.position);
    let savedAt = clock.monotonicMs();
    while (!signal.aborted) {
      const page = await readOutbox(connection, position, ROWS_A_CYCLE);
      const { rows, next } = page;
      const [oldest] = rows;
      if (oldest) {
        this.oldestMs = clock.now().getTime() - oldest.occurredAt.getTime();
        await onStep?.('read');
        await publisher.publish(rows);
        published.add(rows.length);
        await onStep?.('sent');
      } else if (next.walk === undefined) {
        this.oldestMs = 0;
      }
      position = next;
      // An empty page moves the snapshot in memory only: saving it each time would write five rows a second for nothing.
      if (oldest || clock.monotonicMs() - savedAt >= RENEW_MS) {
        await this.save(connection, lead, position);
        savedAt = clock.monotonicMs();
        if (oldest) await onStep?.('saved');
      }
      if (next.walk === undefined) await pacer.next(rows.length, bell, POLL_MS, signal);
    }
    // What was empty is saved too, so that the successor does not look at it again.
    await this.save(connection, lead, position);
  }

  private async save(connection: PoolClient, lead: Lead, position: OutboxPosition): Promise<void> {
    const { clock } = this.options;
    const now = clock.now();
    const text = formatPosition(position);
    if (!(await saveCursor(connection, lead, text, now, later(now, LEASE_MS)))) {
      throw new DomainError(LEAD_LOST, 'aborted');
    }
    lead.position = text;
  }
}

const LEAD_LOST = 'RELAY_LEAD_LOST';
const ignore = (): undefined => undefined;

function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
