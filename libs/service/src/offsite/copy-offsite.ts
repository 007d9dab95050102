import {
  allKnowSince,
  beginOffsite,
  endOffsite,
  isOffsiteDue,
  lockOffsite,
  markFilled,
  offsiteDue,
  offsiteLag,
  readOffsiteHead,
  saveOffsiteHead,
} from '@heed/events';
import { DomainError } from '@heed/kernel';
import {
  AppendOnlyLog,
  type Entry,
  type Head,
  keepsWhatIsThere,
  type ObjectStore,
  START,
} from '@heed/objects';
import { metrics } from '@heed/telemetry';
import { type Frame } from '../frame.js';
import { type OffsiteLog } from './offsite-log.js';

/** So much later than the commit an entry is off site. */
const LOOK_MS = 1_000;
const AFTER_A_FAILURE_MS = 5_000;
const ENTRIES_A_CHUNK = 500;
const KNOWN_LOOK_MS = 50;
/** The copy off site had come further than its database knows. */
const OFFSITE_AHEAD = 'OFFSITE_AHEAD';

/** Copies the logs of a service to its store off site. Killed anywhere it goes on: a chunk is written once. */
export class CopyOffsite {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private isKept = false;
  private waiting = 0;
  private oldestAt: Date | null = null;
  private readonly forget: (() => void)[] = [];

  constructor(
    private readonly frame: Pick<
      Frame,
      'definition' | 'uow' | 'databases' | 'clock' | 'log' | 'offsite' | 'onWentBack'
    >,
  ) {}

  start(): void {
    const { definition, clock } = this.frame;
    if (!definition.offsite) return;
    this.forget.push(
      metrics.gauge(
        'heed_offsite_waiting',
        { description: 'Entries that are not copied off site yet', unit: '{entry}' },
        () => this.waiting,
      ),
      metrics.gauge(
        'heed_offsite_lag_seconds',
        { description: 'For how long the oldest of them waits: what a disaster now would lose', unit: 's' },
        () => (this.oldestAt ? Math.max(0, clock.now().getTime() - this.oldestAt.getTime()) / 1_000 : 0),
      ),
    );
    this.running ??= this.run(definition.offsite);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    for (const forget of this.forget.splice(0)) forget();
  }

  private async run(logs: readonly OffsiteLog[]): Promise<void> {
    const { clock, log: lines, uow, offsite } = this.frame;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      let pause = LOOK_MS;
      try {
        if (offsite === undefined) return await uow.runAcross('service', (tx) => endOffsite(tx));
        await this.demandKept(offsite);
        for (const log of logs) await this.copy(log, new AppendOnlyLog(offsite, log.name));
      } catch (error) {
        pause = AFTER_A_FAILURE_MS;
        lines.error('not copied off site, will try again', { error });
      }
      await this.measure().catch(() => undefined);
      await clock.wait(pause, signal).catch(() => undefined);
    }
  }

  /** Asked once: where a chunk could be written over nothing is copied, and what waits shows it. */
  private async demandKept(offsite: ObjectStore): Promise<void> {
    this.isKept ||= await keepsWhatIsThere(offsite, this.frame.definition.name);
    if (this.isKept) return;
    throw new DomainError('OFFSITE_REPLACES', 'failed-precondition', {
      message: 'the store off site takes a second write of what is there: name another in HEED_OFFSITE',
    });
  }

  private async copy(log: OffsiteLog, chunks: AppendOnlyLog): Promise<void> {
    const { uow } = this.frame;
    const head = await uow.runAcross('service', (tx) => readOffsiteHead(tx, log.name));
    if (!head?.filledAt) {
      if (!(await this.follow(log, chunks, head ?? START))) return;
      await this.fill(log);
    }
    while (!this.stopping.signal.aborted && (await this.copyOnce(log, chunks)));
  }

  /**
   * The chunk is there before the head says so: a try that dies between finds it, and all its entries wait still. Where
   * some do not, a life of this database that it has lost wrote them: they are for a resync to read, nobody walks past.
   */
  private copyOnce({ name }: OffsiteLog, chunks: AppendOnlyLog): Promise<boolean> {
    const { uow, clock } = this.frame;
    return uow.runAcross('service', async (tx) => {
      if (!(await lockOffsite(tx, name))) return false;
      const head = await readOffsiteHead(tx, name);
      const due = await offsiteDue(tx, name, ENTRIES_A_CHUNK);
      if (head === undefined || due.length === 0) return false;
      const chunk = await chunks.append(head, due, clock.now());
      const given = new Set(due.map(keyOf));
      const others = chunk.entries.filter((entry) => !given.has(keyOf(entry)));
      if (others.length > 0 && !(await isOffsiteDue(tx, name, others))) {
        this.frame.onWentBack(OFFSITE_AHEAD);
        return false;
      }
      const written = new Set(chunk.entries.map(keyOf));
      const copied = due.filter((entry) => written.has(keyOf(entry))).map(({ id }) => id);
      await saveOffsiteHead(tx, name, chunk, copied, clock.now());
      return true;
    });
  }

  /**
   * Where copies were made before, and then for a while were not: they go on after those that are there. False: another
   * replica has moved the head meanwhile.
   */
  private async follow({ name }: OffsiteLog, chunks: AppendOnlyLog, from: Head): Promise<boolean> {
    const { uow, clock } = this.frame;
    for await (const chunk of chunks.after(from)) {
      const moved = await uow.runAcross('service', async (tx) => {
        if (!(await lockOffsite(tx, name))) return false;
        const head = await readOffsiteHead(tx, name);
        if (head?.filledAt || (head ?? START).sequence !== chunk.sequence - 1) return false;
        await saveOffsiteHead(tx, name, chunk, [], clock.now());
        return true;
      });
      if (!moved) return false;
    }
    return true;
  }

  /** Once: what was there before anybody made copies. Twice is no harm, whoever reads it knows it by then. */
  private async fill({ name, table, addAll }: OffsiteLog): Promise<void> {
    const { uow, databases, clock } = this.frame;
    const xid = await uow.runAcross('service', (tx) => beginOffsite(tx, name));
    const known = () => uow.runAcross('service', (tx) => allKnowSince(tx, xid));
    while (!(await known())) await clock.wait(KNOWN_LOOK_MS, this.stopping.signal);
    const { rows } = await databases.main
      .pool('probe')
      .query<{ tenant_id: string }>(`select distinct tenant_id from ${table} order by 1`);
    for (const { tenant_id: tenantId } of rows) await uow.run(tenantId, addAll);
    await uow.runAcross('service', (tx) => markFilled(tx, name, clock.now()));
  }

  private async measure(): Promise<void> {
    const { waiting, oldestAt } = await this.frame.uow.runAcross('service', (tx) => offsiteLag(tx));
    this.waiting = waiting;
    this.oldestAt = oldestAt;
  }
}

function keyOf({ tenantId, payload }: Entry): string {
  return `${tenantId} ${payload.toString('base64')}`;
}
