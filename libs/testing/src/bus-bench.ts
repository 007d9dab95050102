import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { contactsV1 } from '@heed/contracts';
import { applyTopics, eventMigrations, partitionOf, type IncomingEvent } from '@heed/events';
import { chunked, newId } from '@heed/kernel';
import { addSubjects, type Tx } from '@heed/postgres';
import pg from 'pg';
import { type ChildOrder } from './bus-child.js';
import {
  GROUP,
  LISTENER,
  note,
  replicaOf,
  TELLER,
  typeOf,
  type BusPlace,
  type Replica,
  type Telling,
} from './bus-place.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { deferred } from './gate.js';
import { testParts } from './parts.js';

/** An event that a spec has told. */
export interface Told {
  tenantId: string;
  key: string;
  /** Unique, to find it again. */
  id: string;
  /** Its place among those of its key. */
  n: number;
}

export type Handle = (tx: Tx, events: IncomingEvent<Telling>[]) => Promise<void>;

export interface Joining {
  handle?: Handle;
  name?: string;
  group?: string;
  acting?: boolean;
}

export interface BenchOptions {
  /** Default: those of the test run. */
  brokers?: string[];
  /** False: the teller only writes its outbox, and the spec brings relays of its own. */
  relays?: boolean;
}

export const PARTITIONS = 4;

/** A service that tells, a service that is told, a topic between them; databases, topic and names of the spec's own. */
export class BusBench {
  private readonly closing: (() => Promise<unknown> | unknown)[] = [];
  private readonly listeners = new Set<() => void>();
  private onSaved: () => void = () => undefined;
  private readonly sentinelIds = new Set<string>();
  readonly tenantId = newId();
  teller!: Replica;

  private constructor(
    readonly place: BusPlace,
    readonly tellingDb: TestDatabase,
    readonly toldDb: TestDatabase,
    private readonly ear: pg.Client,
  ) {}

  static async open(kind: BusPlace['kind'], given: BenchOptions = {}): Promise<BusBench> {
    const name = randomBytes(5).toString('hex');
    const brokers = kind === 'kafka' ? (given.brokers ?? (await brokersOfTests())) : [];
    const topic = { name: `heed.${TELLER}.t${name}.v1`, partitions: PARTITIONS, retentionMs: 3_600_000 };
    const events = [{ name: 'events', directory: eventMigrations.directory }];
    const [tellingDb, toldDb] = await Promise.all([
      createTestDatabase(TELLER, events),
      createTestDatabase(LISTENER, events),
    ]);
    const prefix = kind === 'kafka' ? `t${name}.` : '';
    const place: BusPlace = {
      ...{ kind, brokers, prefix, topic },
      ...{ telling: tellingDb.url, told: toldDb.url, password: toldDb.passwords },
    };
    if (kind === 'kafka') await applyTopics({ brokers, prefix, topics: [topic], replication: 1 });
    const bench = new BusBench(place, tellingDb, toldDb, new pg.Client(toldDb.urlOf('owner')));
    await bench.prepare(given.relays ?? true);
    return bench;
  }

  get topic(): string {
    return this.place.topic.name;
  }

  /** Events of new keys, `each` of each, in the order key by key. */
  events({ keys = 1, each = 1, tenantId = this.tenantId } = {}): Told[] {
    return Array.from({ length: keys }, () => newId()).flatMap((key) =>
      Array.from({ length: each }, (_, n) => ({ tenantId, key, id: newId(), n })),
    );
  }

  /** Commits them in this order, so many a transaction. */
  async tell(events: readonly Told[], { atOnce = 100, ordered = false } = {}): Promise<Told[]> {
    const type = typeOf(this.place, ordered);
    for (const slice of chunked(events, atOnce)) {
      const tenants = [...new Set(slice.map(({ tenantId }) => tenantId))];
      for (const tenantId of tenants) {
        const own = slice.filter((event) => event.tenantId === tenantId);
        await this.teller.work.run(tenantId, async (tx) => {
          if (ordered)
            await addSubjects(
              tx,
              own.map(({ key }) => key),
            );
          await this.teller.events.outbox.addAll(
            tx,
            type,
            own.map((event) => ({ data: payloadOf(event) })),
          );
        });
      }
    }
    return [...events];
  }

  /** A member of the group in this process. */
  join({ handle, name = 'member', group = GROUP, acting = false }: Joining = {}): Replica {
    const replica = replicaOf(this.place, LISTENER);
    this.closing.push(() => replica.stop());
    replica.events.consumers.add({
      ...{ event: typeOf(this.place), group, acting },
      handle: handle ?? ((tx, events) => note(tx, events, name)),
    });
    replica.events.consumers.start();
    return replica;
  }

  /** Another replica of the service that tells, with a relay that stands by. */
  anotherTeller(options: Parameters<typeof replicaOf>[2] = {}): Replica {
    const replica = replicaOf(this.place, TELLER, options);
    this.closing.push(() => replica.stop());
    replica.events.relay?.start();
    return replica;
  }

  /** A process of its own. Resolves when it stands where it was told to hold. */
  async spawn(order: Omit<ChildOrder, 'place'>): Promise<ChildProcess> {
    const child = spawn(
      process.execPath,
      [
        ...['--conditions=heed-source', '--import', file('../typescript-hooks.mjs'), file('./bus-child.ts')],
        JSON.stringify({ ...order, place: this.place } satisfies ChildOrder),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.closing.push(() => kill(child));
    for await (const line of createInterface(child.stdout)) {
      if (line === order.holdAt) return child;
    }
    throw new Error(`the process ended before it reached ${order.holdAt}`);
  }

  /**
   * Waits until each of these was noted, and then until nothing can come after them that was told before: a sentinel in
   * every partition. Anything else that was noted, or noted twice, or out of order, fails.
   */
  async expectExactly(events: readonly Told[]): Promise<Noted[]> {
    const last = await this.tell(this.sentinels());
    last.forEach(({ id }) => this.sentinelIds.add(id));
    const expected = new Set(events.map(({ id }) => id));
    const awaited = [...expected, ...last.map(({ id }) => id)];
    const noted = await this.until((rows) => {
      const ids = new Set(rows.map(({ id }) => id));
      const missing = awaited.filter((id) => !ids.has(id));
      return missing.length === 0 ? undefined : `${missing.length} missing: ${missing.slice(0, 3).join(' ')}`;
    });
    const seen = new Set<string>();
    const wrong: string[] = [];
    for (const { id } of noted) {
      if (seen.has(id)) wrong.push(`${id} twice`);
      else if (!expected.has(id) && !this.sentinelIds.has(id)) wrong.push(`${id} extra`);
      seen.add(id);
    }
    if (wrong.length > 0) throw new Error(`${wrong.length} too many: ${wrong.slice(0, 3).join(', ')}`);
    const own = noted.filter(({ id }) => expected.has(id));
    this.expectOrder(own);
    return own;
  }

  /** In order within each key. */
  expectOrder(noted: readonly Noted[]): void {
    const last = new Map<string, number>();
    for (const { key, n, id } of noted) {
      if (n <= (last.get(key) ?? -1)) throw new Error(`${id} of key ${key} came out of order`);
      last.set(key, n);
    }
  }

  async noted(): Promise<Noted[]> {
    const { rows } = await this.ear.query<Noted>(
      `select entry_id as id, key, epoch::int as n, replayed, noted_by as "by" from noted order by at`,
    );
    return rows;
  }

  /** Looks again whenever something was noted, until `lacking` has nothing to say. */
  async until(lacking: (noted: Noted[]) => string | undefined, withinMs = 100_000): Promise<Noted[]> {
    const deadline = setTimeout(() => this.listeners.forEach((wake) => wake()), withinMs);
    const until = performance.now() + withinMs;
    try {
      for (;;) {
        const more = deferred();
        const wake = (): void => more.resolve();
        this.listeners.add(wake);
        const noted = await this.noted();
        const lacks = lacking(noted);
        if (lacks === undefined) return noted;
        if (performance.now() >= until) throw new Error(lacks);
        await more.promise;
        this.listeners.delete(wake);
      }
    } finally {
      clearTimeout(deadline);
      this.listeners.clear();
    }
  }

  /** Waits until the relay has sent all that was told (there is none with the embedded bus). */
  async drained(): Promise<void> {
    if (this.teller.events.relay === undefined) return;
    for (;;) {
      const saved = deferred();
      this.onSaved = () => saved.resolve();
      const [row] = await this.sql<{ left: number }>(
        'telling',
        `select count(*)::int as left from heed.outbox o, heed.relay_cursor c
         where not pg_visible_in_snapshot(o.xid, split_part(c.position, '/', 1)::pg_snapshot)`,
      );
      if (row?.left === 0) return;
      await saved.promise;
    }
  }

  /** As a superuser, behind everybody's back. */
  async sql<R extends object>(where: 'telling' | 'told', text: string, params: unknown[] = []): Promise<R[]> {
    const client = new pg.Client(
      where === 'telling' ? this.tellingDb.superuserUrl : this.toldDb.superuserUrl,
    );
    await client.connect();
    try {
      return (await client.query(text, params)).rows as R[];
    } finally {
      await client.end();
    }
  }

  async close(): Promise<void> {
    for (const close of this.closing.splice(0).reverse()) await close();
    await this.ear.end();
    await Promise.all([this.tellingDb.drop(), this.toldDb.drop()]);
  }

  private async prepare(relays: boolean): Promise<void> {
    await this.ear.connect();
    await this.ear.query(`
      create table noted (
        at bigint generated always as identity, tenant_id uuid not null, entry_id uuid not null, key uuid not null,
        epoch bigint not null, replayed boolean not null, noted_by text not null);
      select heed.walled('noted');
      alter table noted no force row level security;
      create function say_noted() returns trigger language plpgsql as $$ begin notify noted; return null; end $$;
      create trigger say_noted after insert on noted for each statement execute function say_noted();
      listen noted`);
    this.ear.on('notification', () => this.listeners.forEach((wake) => wake()));
    const onRelayStep = (step: string): unknown => step === 'saved' && this.onSaved();
    this.teller = replicaOf(this.place, TELLER, { onRelayStep });
    this.closing.push(() => this.teller.stop());
    if (relays) await this.teller.events.start();
  }

  /** One for each partition: the last to come there. */
  private sentinels(): Told[] {
    const found = new Map<number, Told>();
    while (found.size < PARTITIONS) {
      const [event] = this.events();
      if (event) found.set(partitionOf(event.key, PARTITIONS), event);
    }
    return [...found.values()];
  }
}

export interface Noted {
  id: string;
  key: string;
  n: number;
  replayed: boolean;
  by: string;
}

export function payloadOf({ key, id, n }: Told): Telling {
  return contactsV1.ConsentChanged.fromPartial({
    contactId: key,
    entryId: id,
    epoch: BigInt(n),
    purpose: 'newsletter',
    recordedAt: '2026-11-23T09:00:00.000Z',
  });
}

async function brokersOfTests(): Promise<string[]> {
  const { kafka } = await testParts('kafka');
  if (!kafka) throw new Error('no Kafka here: it takes Java 17 and Maven');
  return kafka.brokers;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function file(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
