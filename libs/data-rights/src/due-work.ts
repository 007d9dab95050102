import { DomainError, isDomainError, newId, type Clock } from '@heed/kernel';
import { type Statements, type Tx, type UnitOfWork } from '@heed/postgres';
import { currentTraceparent, metrics, withCausedSpan, type Logger } from '@heed/telemetry';
import { DueWorkStore, type DueRow } from './due-work.store.js';

/** A piece of work in hand. It ends with `done` or `putOff`, in the transaction of what was done. */
export interface DueItem {
  tenantId: string;
  ref: string;
  /** 1 at the first attempt since it last made progress. */
  attempt: number;
  /** Throws WORK_LOST, and so rolls the transaction back, where somebody else has taken the work over. */
  done(tx: Statements): Promise<void>;
  /** Nothing is wrong: there is something to wait for. */
  putOff(tx: Statements, until: Date): Promise<void>;
}

export type DueHandler = (item: DueItem) => Promise<void>;

export interface DueWorkOptions {
  work: UnitOfWork;
  clock: Clock;
  log: Logger;
  /** How many pieces are in hand at once. */
  parallel?: number;
}

/** Work of a killed process is taken over after this long. A living one renews its claim three times as often. */
const CLAIM_MS = 15_000;
/** Woken by commits of this process; other processes' work and what was put off is found by looking. */
const POLL_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

const failures = metrics.counter('heed_due_work_failures_total', {
  description: 'Attempts at durable work that failed and will be made again',
});

/**
 * Durable work: rows that say what is due, and a loop that does it until it is done. Retries never end and are visible
 * in the row: an order that cannot be carried out yet is late, not lost.
 */
export class DueWork {
  private readonly store = new DueWorkStore();
  private readonly handlers = new Map<string, DueHandler>();
  private readonly inHand = new Set<Promise<void>>();
  /** Of queues that wait for others' machines: whoever hangs there holds up nothing else. */
  private readonly apart: DueWork[] = [];
  private readonly parallel: number;
  private stopping: AbortController | undefined;
  private loop: Promise<void> | undefined;
  private wakeUp: () => void = () => undefined;

  constructor(private readonly options: DueWorkOptions) {
    this.parallel = options.parallel ?? 4;
  }

  /** With `apart`, so many of the queue's pieces are in hand at once, and count among no others. */
  serve(queue: string, handler: DueHandler, { apart }: { apart?: number } = {}): void {
    if (apart !== undefined) {
      const own = new DueWork({ ...this.options, parallel: apart });
      own.serve(queue, handler);
      this.apart.push(own);
      return;
    }
    if (this.handlers.has(queue)) throw new DomainError('QUEUE_TAKEN', 'internal', { metadata: { queue } });
    this.handlers.set(queue, handler);
  }

  /** Due once the transaction has committed. */
  async add(
    tx: Tx,
    queue: string,
    refs: readonly string[],
    at: Date = this.options.clock.now(),
  ): Promise<void> {
    if (refs.length === 0) return;
    await this.store.add(tx, queue, tx.tenantId, refs, at, currentTraceparent());
    tx.afterCommit(() => this.wakeAt(at));
  }

  /** Whoever has `done` in hand has done these too: of them, what nobody has begun need not be begun. */
  async spare(tx: Tx, queue: string, done: string, refs: readonly string[]): Promise<void> {
    const others = refs.filter((ref) => ref !== done);
    if (others.length > 0) await this.store.spare(tx, queue, tx.tenantId, others);
  }

  /** Takes back what nobody has begun: true where it was there, and will not be done. */
  async takeBack(tx: Tx, queue: string, refs: readonly string[]): Promise<boolean> {
    return (await this.store.takeBack(tx, queue, tx.tenantId, refs)) === refs.length;
  }

  start(): void {
    if (this.loop) return;
    this.stopping = new AbortController();
    this.loop = this.run(this.stopping.signal);
    for (const own of this.apart) own.start();
  }

  /** Finishes what is in hand. */
  async stop(): Promise<void> {
    this.stopping?.abort(new DomainError('STOPPING', 'unavailable'));
    await this.loop;
    await Promise.all([...this.inHand, ...this.apart.map((own) => own.stop())]);
    this.loop = undefined;
  }

  /** Does all that is due by now, and what that makes due; for specs, and for a drain. */
  async runDue(queues?: readonly string[]): Promise<number> {
    const ours = [...this.handlers.keys()].filter((queue) => queues?.includes(queue) ?? true);
    for (let done = 0; ;) {
      const rows = await this.claim(this.parallel, ours);
      if (rows.length === 0) {
        const others = await Promise.all(this.apart.map((own) => own.runDue(queues)));
        const more = others.reduce((sum, count) => sum + count, 0);
        if (more === 0) return done;
        done += more;
        continue;
      }
      await Promise.all(rows.map(({ row, claim }) => this.attempt(row, claim)));
      done += rows.length;
    }
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.options;
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => (this.wakeUp = resolve));
      let found = 0;
      try {
        const rows = await this.claim(this.parallel - this.inHand.size);
        found = rows.length;
        for (const { row, claim } of rows) {
          const running: Promise<void> = this.attempt(row, claim).finally(() => {
            this.inHand.delete(running);
            this.wakeUp();
          });
          this.inHand.add(running);
        }
      } catch (error) {
        log.warn('due work could not be looked up', { error });
      }
      if (found > 0 && this.inHand.size < this.parallel) continue;
      const pause = new AbortController();
      const waited = clock.wait(POLL_MS, AbortSignal.any([signal, pause.signal])).catch(() => undefined);
      await Promise.race([woken, waited]);
      pause.abort();
    }
  }

  /** What of a queue could not be done yet, or is in hand. What waits for its time is not counted. */
  async countOpen(queue: string): Promise<number> {
    const { work, clock } = this.options;
    return work.runAcross('service', (tx) => this.store.countOpen(tx, queue, clock.now()));
  }

  /** Whose work of a queue there is, due or not. */
  async tenantsOf(queue: string): Promise<string[]> {
    return this.options.work.runAcross('service', (tx) => this.store.tenantsOf(tx, queue));
  }

  private async claim(
    limit: number,
    queues: readonly string[] = [...this.handlers.keys()],
  ): Promise<{ row: DueRow; claim: string }[]> {
    if (limit <= 0 || queues.length === 0) return [];
    const { work, clock } = this.options;
    const at = clock.now();
    const claimed: { row: DueRow; claim: string }[] = [];
    await work.runAcross('service', async (tx) => {
      // One claim for each piece: a claim that covered several would be renewed for all while one of them hangs.
      for (let n = 0; n < limit; n++) {
        const claim = newId();
        const [row] = await this.store.claim(tx, queues, 1, claim, at, later(at, CLAIM_MS));
        if (!row) break;
        claimed.push({ row, claim });
      }
    });
    return claimed;
  }

  private async attempt(row: DueRow, claim: string): Promise<void> {
    const { work, clock, log } = this.options;
    const ended = new AbortController();
    const renewing = this.renew(claim, ended.signal);
    try {
      await withCausedSpan(
        row.traceparents,
        `work.${row.queue}`,
        { queue: row.queue, tenantId: row.tenantId },
        () =>
          this.handlers.get(row.queue)!({
            tenantId: row.tenantId,
            ref: row.ref,
            attempt: row.attempts,
            done: async (tx) => held(await this.store.finish(tx, row, claim)),
            putOff: async (tx, until) => {
              held(await this.store.release(tx, row, claim, until, null));
              tx.afterCommit(() => this.wakeAt(until));
            },
          }),
      );
    } catch (error) {
      if (isDomainError(error, 'WORK_LOST')) return;
      const reason = codeOf(error);
      failures.add(1, { queue: row.queue, reason });
      log.warn('due work failed and will be tried again', {
        queue: row.queue,
        tenantId: row.tenantId,
        attempt: row.attempts,
        error,
      });
      const at = later(clock.now(), pauseAfter(row.attempts));
      await work
        .runAcross('service', (tx) => this.store.release(tx, row, claim, at, reason))
        // The claim runs out by itself.
        .catch((failed: unknown) => log.warn('due work could not be put off', { error: failed }));
    } finally {
      ended.abort();
      await renewing;
    }
  }

  /** What is due sooner than the loop would look by itself is not left waiting for that. */
  private wakeAt(at: Date): void {
    const { clock } = this.options;
    const ms = at.getTime() - clock.now().getTime();
    for (const own of this.apart) own.wakeAt(at);
    if (ms <= 0) this.wakeUp();
    else if (ms < POLL_MS && this.stopping) {
      clock.wait(ms, this.stopping.signal).then(
        () => this.wakeUp(),
        () => undefined,
      );
    }
  }

  private async renew(claim: string, ended: AbortSignal): Promise<void> {
    const { work, clock } = this.options;
    for (;;) {
      const over = await clock.wait(CLAIM_MS / 3, ended).then(
        () => false,
        () => true,
      );
      if (over) return;
      await work
        .runAcross('service', (tx) => this.store.renew(tx, claim, later(clock.now(), CLAIM_MS)))
        .catch(() => undefined);
    }
  }
}

function held(rows: number): void {
  if (rows > 0) return;
  throw new DomainError('WORK_LOST', 'aborted', { message: 'somebody else has taken this work over' });
}

/** 1, 2, 4 ... 60 seconds. */
function pauseAfter(attempts: number): number {
  return Math.min(1_000 * 2 ** Math.min(attempts - 1, 10), LONGEST_PAUSE_MS);
}

function codeOf(error: unknown): string {
  const reason = isDomainError(error) ? error.reason : '';
  return /^[A-Z][A-Z0-9_]{0,63}$/.test(reason) ? reason : 'HANDLER_FAILED';
}

function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
