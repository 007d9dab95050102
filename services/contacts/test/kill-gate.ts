import { systemClock } from '@heed/kernel';
import pg from 'pg';

/** Any number: advisory locks are of one database. */
const GATE = 4_711;
const LOOK_MS = 20;

/** A transaction that stands before a write that nobody has died at yet. */
export interface Standing {
  pid: number;
  point: string;
}

/**
 * Stops a process before each write to some tables, once for each kind of write: triggers say in `application_name` what
 * they stand before, and wait for a lock that the spec never gives away. What was let through is nothing new. That a step
 * of a resync begins is let through: whoever dies in it has begun it.
 */
export class KillGate {
  readonly passed: string[] = [];

  private constructor(private readonly client: pg.Client) {}

  static async open(url: string, tables: readonly string[]): Promise<KillGate> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const gate = new KillGate(client);
    await client.query('select pg_advisory_lock($1)', [GATE]);
    await gate.build();
    for (const table of tables) {
      await client.query(
        `create trigger aa_kill_gate before insert or update or delete on ${table}
         for each row execute function public.kill_gate()`,
      );
    }
    return gate;
  }

  /** The next one that stands somewhere new; undefined once `over` has come first. */
  async next(over: Promise<unknown>): Promise<Standing | undefined> {
    let isOver = false;
    over.then(
      () => (isOver = true),
      () => (isOver = true),
    );
    for (;;) {
      const { rows } = await this.client.query<Standing>(
        `select pid, substr(application_name, 4) as point from pg_stat_activity
         where datname = current_database() and application_name like 'at %' and wait_event = 'advisory'`,
      );
      if (rows[0] || isOver) return rows[0];
      await systemClock.wait(LOOK_MS);
    }
  }

  /** PostgreSQL learns that the process is gone; from now on this kind of write is let through. */
  async bury({ pid, point }: Standing): Promise<void> {
    this.passed.push(point);
    await this.build();
    await this.client.query('select pg_terminate_backend($1, 10000)', [pid]);
  }

  /** As superuser, whom nothing stops. */
  async sql(text: string, values: unknown[] = []): Promise<object[]> {
    return (await this.client.query<object>(text, values)).rows;
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  private async build(): Promise<void> {
    const passed = this.passed.map((point) => pg.escapeLiteral(point)).join(', ');
    await this.client.query(
      `create or replace function public.kill_gate() returns trigger language plpgsql as $gate$
       declare
         point text := tg_table_name || ' ' || lower(tg_op);
       begin
         if tg_table_name = 'resync_step' and tg_op <> 'DELETE' then
           if tg_op = 'INSERT' then return new;
           elsif new.finished_at is not null then point := 'finish ' || new.step;
           elsif (new.done, new.total) is distinct from (old.done, old.total) then point := 'progress ' || new.step;
           else return new;
           end if;
         end if;
         if not (select rolsuper from pg_roles where rolname = session_user) and not point = any (array[${passed}]::text[]) then
           perform set_config('application_name', 'at ' || point, true);
           perform pg_advisory_xact_lock_shared(${GATE});
         end if;
         return coalesce(new, old);
       end $gate$`,
    );
  }
}
