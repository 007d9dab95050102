import { type Statements } from '@heed/postgres';

export interface DueRow {
  queue: string;
  tenantId: string;
  ref: string;
  attempts: number;
  /** Of those who asked for it. */
  traceparents: string[];
}

/** Links beyond these tell nobody more. */
const MOST_TRACES = 32;

/** The rows of heed.due_work. Their tenant is part of the key; no wall stands here, for one loop serves all tenants. */
export class DueWorkStore {
  /**
   * Added again, work is due at the earlier time. While somebody has it in hand it is noted to be done once more: what
   * they are doing may have begun before what it is added for.
   */
  async add(
    tx: Statements,
    queue: string,
    tenantId: string,
    refs: readonly string[],
    at: Date,
    traceparent: string | undefined,
  ): Promise<void> {
    await tx.execute(
      `insert into heed.due_work as w (queue, tenant_id, ref, due_at, traceparents)
       select $1, $2, ref, $4, $5 from unnest($3::uuid[]) ref order by ref
       on conflict (queue, tenant_id, ref) do update set
         due_at = case when w.claim is null or w.again then least(w.due_at, excluded.due_at) else excluded.due_at end,
         again = w.claim is not null,
         -- Whoever has it in hand knows who asked until then.
         traceparents = case when w.claim is not null and not w.again then excluded.traceparents
                             else (w.traceparents || excluded.traceparents)[1:${MOST_TRACES}] end`,
      [queue, tenantId, refs, at, traceparent === undefined ? [] : [traceparent]],
    );
  }

  /** What failed is due later and has a reason; what was put off has none. */
  async countOpen(tx: Statements, queue: string, at: Date): Promise<number> {
    const [row] = await tx.query<{ open: number }>(
      `select count(*)::int as open from heed.due_work
       where queue = $1 and (due_at <= $2 or reason is not null or claim is not null)`,
      [queue, at],
    );
    return row?.open ?? 0;
  }

  async tenantsOf(tx: Statements, queue: string): Promise<string[]> {
    const rows = await tx.query<{ tenantId: string }>(
      'select distinct tenant_id as "tenantId" from heed.due_work where queue = $1',
      [queue],
    );
    return rows.map(({ tenantId }) => tenantId);
  }

  async claim(
    tx: Statements,
    queues: readonly string[],
    limit: number,
    claim: string,
    at: Date,
    until: Date,
  ): Promise<DueRow[]> {
    return tx.query<DueRow>(
      `with due as (
         select queue, tenant_id, ref from heed.due_work
         where queue = any ($1) and due_at <= $3 and (claimed_until is null or claimed_until <= $3)
         order by due_at limit $2
         for update skip locked
       )
       update heed.due_work w set claim = $4, claimed_until = $5, again = false, attempts = w.attempts + 1
       from due where (w.queue, w.tenant_id, w.ref) = (due.queue, due.tenant_id, due.ref)
       returning w.queue, w.tenant_id as "tenantId", w.ref, w.attempts, w.traceparents`,
      [queues, limit, at, claim, until],
    );
  }

  async renew(tx: Statements, claim: string, until: Date): Promise<void> {
    await tx.execute('update heed.due_work set claimed_until = $2 where claim = $1', [claim, until]);
  }

  /** Takes the work away. 0 where somebody else has claimed it since: the caller's transaction must not commit. */
  async finish(tx: Statements, row: DueRow, claim: string): Promise<number> {
    const mine = [row.queue, row.tenantId, row.ref, claim];
    const gone = await tx.execute(
      'delete from heed.due_work where queue = $1 and tenant_id = $2 and ref = $3 and claim = $4 and not again',
      mine,
    );
    if (gone > 0) return gone;
    return tx.execute(
      `update heed.due_work set claim = null, claimed_until = null, again = false, attempts = 0, reason = null
       where queue = $1 and tenant_id = $2 and ref = $3 and claim = $4`,
      mine,
    );
  }

  /** Whoever is claiming one at this moment is not waited for: they find nothing left to do. */
  async spare(tx: Statements, queue: string, tenantId: string, refs: readonly string[]): Promise<void> {
    await tx.execute(
      `delete from heed.due_work where (queue, tenant_id, ref) in (
         select queue, tenant_id, ref from heed.due_work
         where queue = $1 and tenant_id = $2 and ref = any ($3::uuid[]) and claim is null
         for update skip locked)`,
      [queue, tenantId, refs],
    );
  }

  /** Whoever is claiming one at this moment is waited for, and has it. */
  takeBack(tx: Statements, queue: string, tenantId: string, refs: readonly string[]): Promise<number> {
    return tx.execute(
      `delete from heed.due_work
       where queue = $1 and tenant_id = $2 and ref = any ($3::uuid[]) and claim is null and attempts = 0`,
      [queue, tenantId, refs],
    );
  }

  /** Lets go of the work until `at`. `reason` is why it failed, and null where it is only waiting. */
  release(tx: Statements, row: DueRow, claim: string, at: Date, reason: string | null): Promise<number> {
    return tx.execute(
      `update heed.due_work set due_at = case when again then least(due_at, $5) else $5 end, again = false,
         claim = null, claimed_until = null, reason = $6,
         attempts = case when $6::text is null then 0 else attempts end,
         traceparents = case when again then ($7::text[] || traceparents)[1:${MOST_TRACES}] else traceparents end
       where queue = $1 and tenant_id = $2 and ref = $3 and claim = $4`,
      [row.queue, row.tenantId, row.ref, claim, at, reason, row.traceparents],
    );
  }
}
