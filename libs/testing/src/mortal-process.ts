import { Readable } from 'node:stream';
import { DomainError, type Clock } from '@heed/kernel';
import { type Database } from '@heed/postgres';
import type pg from 'pg';

/** Where a process dies: before its step number `at` (from 1) is begun, or after that has taken effect outside. */
export interface Death {
  at: number;
  when: 'before' | 'after';
}

export interface Step {
  name: string;
  /** Whether its effect can be seen outside: that of a statement is, unless a transaction is open behind it. */
  seen: boolean;
}

/**
 * A process as the world outside sees it: what it does out there are steps, one after another, and at one of them it
 * may die. Then its connections are cut (PostgreSQL rolls back, as it does for a killed process), the answer of the
 * step is not heard, and whatever its code tries afterwards fails before it reaches anything.
 */
export class MortalProcess {
  /** What it did, in order. */
  readonly steps: Step[] = [];
  /** Backends of PostgreSQL that it has had. */
  readonly backends = new Set<number>();
  /** Resolves when it dies. */
  readonly died: Promise<void>;
  private readonly databases: Database[] = [];
  private readonly cuts: (() => void)[] = [];
  private dead = false;
  private toll!: () => void;

  constructor(private readonly death?: Death) {
    this.died = new Promise((resolve) => (this.toll = resolve));
  }

  get isDead(): boolean {
    return this.dead;
  }

  /** Something that it does outside. */
  async step<T>(name: string, act: () => Promise<T>, seen = true): Promise<T> {
    if (this.dead) throw killed();
    const number = this.steps.push({ name, seen });
    if (this.isDue(number, 'before')) throw this.die();
    const result = await act();
    if (this.isDue(number, 'after')) this.die();
    if (!this.dead) return result;
    // An open file ends with the process, too.
    if (result instanceof Readable) result.destroy();
    throw killed();
  }

  /** Every statement on every connection of this database is a step, BEGIN and COMMIT too. */
  with(database: Database): Database {
    const poolOf = database.pool.bind(database);
    const known = new Set<pg.Pool>();
    database.pool = (name) => {
      const pool = poolOf(name);
      if (!known.has(pool)) pool.on('connect', (client) => this.watch(client));
      known.add(pool);
      return pool;
    };
    this.databases.push(database);
    this.cuts.push(() => database.kill());
    return database;
  }

  /** Every call of these methods is a step. They must answer with promises. */
  through<T extends object>(target: T, ...methods: (keyof T & string)[]): T {
    for (const name of methods) {
      const method = target[name] as (...args: unknown[]) => Promise<unknown>;
      const watched = (...args: unknown[]) => this.step(name, () => method.apply(target, args));
      Object.defineProperty(target, name, { value: watched, configurable: true });
    }
    return target;
  }

  /** Its time: nobody who waits by it wakes after its death. */
  onTime(clock: Clock): Clock {
    const death = new AbortController();
    this.onDeath(() => death.abort());
    return {
      now: () => clock.now(),
      monotonicMs: () => clock.monotonicMs(),
      bootMs: () => clock.bootMs(),
      wait: async (ms, signal) => {
        try {
          await clock.wait(ms, signal ? AbortSignal.any([signal, death.signal]) : death.signal);
        } catch (error) {
          if (!this.dead) throw error;
        }
        if (this.dead) await new Promise(() => undefined);
      },
    };
  }

  /** What else ends with the process, such as its connections to a mail server. */
  onDeath(cut: () => void): void {
    this.cuts.push(cut);
  }

  /** It comes to its end alive. */
  async end(): Promise<void> {
    if (!this.dead) await Promise.all(this.databases.map((database) => database.close()));
  }

  private isDue(number: number, when: Death['when']): boolean {
    return !this.dead && this.death?.at === number && this.death.when === when;
  }

  private die(): DomainError {
    this.dead = true;
    for (const cut of this.cuts) cut();
    this.toll();
    return killed();
  }

  private watch(client: pg.PoolClient): void {
    const pid: unknown = (client as { processID?: unknown }).processID;
    if (typeof pid === 'number') this.backends.add(pid);
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    let open = false;
    const watched = (...args: unknown[]): unknown => {
      const [first] = args;
      if (isSubmittable(first)) return this.copy(() => query(...args));
      const callback = typeof args.at(-1) === 'function' ? (args.pop() as Callback) : undefined;
      const statement = statementOf(first);
      if (/^begin\b/i.test(statement)) open = true;
      else if (/^(commit|rollback)$/i.test(statement)) open = false;
      const answer = this.step(statement, async () => query(...args), !open);
      if (!callback) return answer;
      answer.then(
        (result) => callback(null, result),
        (error: unknown) => callback(error),
      );
      return undefined;
    };
    client.query = watched as typeof client.query;
  }

  /** COPY answers with a stream, which its connection, once cut, ends with an error. */
  private copy(begin: () => unknown): unknown {
    if (this.dead) return begin();
    const number = this.steps.push({ name: 'copy', seen: false });
    if (this.isDue(number, 'before')) this.die();
    return begin();
  }
}

type Callback = (error: unknown, result?: unknown) => void;

function isSubmittable(first: unknown): boolean {
  return typeof first === 'object' && first !== null && 'submit' in first;
}

function statementOf(first: unknown): string {
  const text = typeof first === 'string' ? first : ((first as { text?: string }).text ?? '');
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 60);
}

function killed(): DomainError {
  return new DomainError('PROCESS_KILLED', 'unavailable');
}
