import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { applyTopics, eventMigrations } from '@heed/events';
import { newId } from '@heed/kernel';

import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../libs/testing/src/database.js';
import { LISTENER, replicaOf, TELLER, type BusPlace, type Replica } from '../libs/testing/src/bus-place.js';
import { kilobyte, kilobyteEvent } from './kilobyte-event.js';
import { type ListenerOrder } from './listener.js';
import { type Place } from './place.js';

const PARTITIONS = 4;

/** One way from a commit in one database to a commit in another. */
export interface Road {
  /** Commits so many events in one transaction. */
  tell(events: number): Promise<void>;
  /** Resolves once so many have been handled, all in all. */
  handled(count: number): Promise<void>;
  /** From commit to commit, each event that has come, in milliseconds, in the order in which they were told. */
  latencies(): Promise<number[]>;
}

/** The two databases and what they have in common with the bare way; dropped with everything else on `close`. */
export class RoadWorks {
  private readonly closing: (() => Promise<unknown> | unknown)[] = [];

  private constructor(
    readonly name: string,
    readonly brokers: string[],
    readonly telling: TestDatabase,
    readonly told: TestDatabase,
  ) {}

  static async open(place: Place): Promise<RoadWorks> {
    const { parts } = await place.parts();
    if (!parts.kafka) throw new Error('there is no Kafka here: it takes Java 17 and Maven, or KAFKA_BROKERS');
    const events = [{ name: 'events', directory: eventMigrations.directory }];
    const [telling, told] = await Promise.all([
      createTestDatabase(TELLER, events),
      createTestDatabase(LISTENER, events),
    ]);
    return new RoadWorks(randomBytes(4).toString('hex'), parts.kafka.brokers, telling, told);
  }

  /** Outbox, relay, Kafka, inbox: as the services have them. */
  async heed(): Promise<Road> {
    const prefix = `b${this.name}.`;
    const topic = { name: `heed.${TELLER}.b${this.name}.v1`, partitions: PARTITIONS, retentionMs: 3_600_000 };
    const { brokers, telling, told } = this;
    const place: BusPlace = {
      ...{ kind: 'kafka', brokers, prefix, topic },
      ...{ telling: telling.url, told: told.url, password: told.passwords },
    };
    await applyTopics({ brokers, prefix, topics: [topic], replication: 1 });
    await this.sql(
      'told',
      `create table noted (tenant_id uuid not null, event_id uuid not null);
      select heed.walled('noted')`,
    );
    const teller = replicaOf(place, TELLER);
    this.closing.push(() => teller.stop());
    await teller.events.start();
    return {
      tell: telling1KB(teller, place),
      handled: await this.listener({ kind: 'heed', place }),
      latencies: () => this.latencies('heed.outbox', 'id', 'noted', 'event_id'),
    };
  }

  /** What `latencies` of both ways are made of: the times at which PostgreSQL committed, both by one clock. */
  async latencies(outbox: string, id: string, inbox: string, eventId: string): Promise<number[]> {
    const query = (table: string, column: string): string =>
      `select ${column} as id, extract(epoch from pg_xact_commit_timestamp(xmin))::float8 * 1000 as at from ${table}`;
    interface Commit {
      id: string;
      at: number;
    }
    const told = await this.sql<Commit>('telling', `${query(outbox, id)} order by seq`);
    const came = await this.sql<Commit>('told', query(inbox, eventId));
    const cameAt = new Map(came.map((commit) => [commit.id, commit.at]));
    return told.flatMap((commit) => {
      const at = cameAt.get(commit.id);
      return at === undefined ? [] : [at - commit.at];
    });
  }

  /** The listening process. Gives what waits for its count. */
  async listener(order: ListenerOrder): Promise<Road['handled']> {
    const child = spawn(
      process.execPath,
      [
        ...['--conditions=heed-source', '--import', file('../libs/testing/typescript-hooks.mjs')],
        ...[file('./listener.ts'), JSON.stringify(order)],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.closing.push(() => killed(child));
    let count = 0;
    let waiting: { count: number; resolve: () => void; reject: (error: Error) => void } | undefined;
    child.once('exit', () => waiting?.reject(new Error('the listener ended')));
    createInterface(child.stdout).on('line', (line) => {
      count = Number(line);
      if (waiting && count >= waiting.count) waiting.resolve();
    });
    return (expected) =>
      new Promise<void>((resolve, reject) => {
        if (count >= expected) return resolve();
        waiting = { count: expected, resolve, reject };
      });
  }

  async sql<R extends object>(where: 'telling' | 'told', text: string): Promise<R[]> {
    const client = new pg.Client(this[where].superuserUrl);
    await client.connect();
    try {
      return (await client.query(text)).rows as R[];
    } finally {
      await client.end();
    }
  }

  /** Something to stop when all is measured; the last first. */
  later(close: () => Promise<unknown> | unknown): void {
    this.closing.push(close);
  }

  async close(): Promise<void> {
    for (const close of this.closing.splice(0).reverse()) await close();
    await Promise.all([this.telling.drop(), this.told.drop()]);
  }
}

function telling1KB(teller: Replica, place: BusPlace): Road['tell'] {
  const type = kilobyteEvent(place);
  const tenantId = newId();
  return async (events) => {
    const data = Array.from({ length: events }, () => ({ data: kilobyte() }));
    await teller.work.run(tenantId, (tx) => teller.events.outbox.addAll(tx, type, data));
  };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.removeAllListeners('exit');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function file(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
