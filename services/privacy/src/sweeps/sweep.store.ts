import { type AcrossTx, type Statements, type Tx } from '@heed/postgres';

export interface SweepPart {
  service: string;
  answeredAt: Date | null;
  found: number;
  excepted: number;
}

export interface Sweep {
  sweepId: string;
  beganAt: Date;
  endedAt: Date | null;
  requests: number;
}

/** A request whose person is searched for. */
export interface Swept {
  tenantId: string;
  requestId: string;
  subjectId: string;
}

const SWEEP = 'sweep_id as "sweepId", began_at as "beganAt", ended_at as "endedAt", requests';
const SWEPT = 'tenant_id as "tenantId", request_id as "requestId", subject_id as "subjectId"';

/** In the transaction that closes them. */
export async function addSweepDue(
  tx: Tx,
  closed: readonly { requestId: string; subjectId: string; at: Date }[],
): Promise<void> {
  await tx.execute(
    `insert into sweep_due (tenant_id, request_id, subject_id, closed_at)
     select $1, d.* from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) d on conflict do nothing`,
    [
      tx.tenantId,
      closed.map(({ requestId }) => requestId),
      closed.map(({ subjectId }) => subjectId),
      closed.map(({ at }) => at),
    ],
  );
}

/** The one that goes on. */
export async function openSweep(tx: AcrossTx): Promise<Sweep | undefined> {
  const [row] = await tx.query<Sweep>(`select ${SWEEP} from sweep where ended_at is null`);
  return row;
}

/** Undefined where nobody waits for it. */
export async function beginSweep(
  tx: AcrossTx,
  sweepId: string,
  at: Date,
  services: readonly string[],
  most: number,
): Promise<Sweep | undefined> {
  // One beginner at a time: a second would meet the first one's row only when it is committed.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('privacy.sweeps', 0))`);
  const goingOn = await openSweep(tx);
  if (goingOn) return goingOn;
  const [sweep] = await tx.query<Sweep>(
    `insert into sweep (sweep_id, began_at, requests)
     select $1, $2, count(*)::int
     from (select 1 from sweep_due where sweep_id is null order by closed_at limit $3) due having count(*) > 0
     returning ${SWEEP}`,
    [sweepId, at, most],
  );
  if (!sweep) return undefined;
  await tx.execute(
    `update sweep_due set sweep_id = $1 where (tenant_id, request_id) in (
       select tenant_id, request_id from sweep_due where sweep_id is null order by closed_at limit $2)`,
    [sweepId, sweep.requests],
  );
  await tx.execute('insert into sweep_part (sweep_id, service) select $1, unnest($2::text[])', [
    sweepId,
    services,
  ]);
  return sweep;
}

/** In order of tenant. */
export async function sweptBy(tx: AcrossTx, sweepId: string): Promise<Swept[]> {
  return tx.query<Swept>(
    `select ${SWEPT} from sweep_due where sweep_id = $1 order by tenant_id, request_id`,
    [sweepId],
  );
}

export async function partsOf(
  tx: AcrossTx,
  sweepIds: readonly string[],
): Promise<(SweepPart & { sweepId: string })[]> {
  return tx.query<SweepPart & { sweepId: string }>(
    `select sweep_id as "sweepId", service, answered_at as "answeredAt", found, excepted
     from sweep_part where sweep_id = any ($1::uuid[]) order by service`,
    [sweepIds],
  );
}

export async function partAnswered(
  tx: AcrossTx,
  { sweepId, service }: { sweepId: string; service: string },
  { leaf, found, excepted, at }: { leaf: number; found: number; excepted: number; at: Date },
): Promise<void> {
  await tx.execute(
    `update sweep_part set answered_at = $6, leaf = $3, found = $4, excepted = $5
     where sweep_id = $1 and service = $2 and answered_at is null`,
    [sweepId, service, leaf, found, excepted, at],
  );
}

/** True where it ends by this: the last part was answered. */
export async function endSweep(tx: AcrossTx, sweepId: string, at: Date): Promise<boolean> {
  const ended = await tx.execute(
    `update sweep set ended_at = $2 where sweep_id = $1 and ended_at is null
       and not exists (select 1 from sweep_part where sweep_id = $1 and answered_at is null)`,
    [sweepId, at],
  );
  return ended > 0;
}

export async function listSweeps(tx: AcrossTx, before: string | undefined, limit: number): Promise<Sweep[]> {
  return tx.query<Sweep>(
    `select ${SWEEP} from sweep where $1::uuid is null or sweep_id < $1 order by sweep_id desc limit $2`,
    [before ?? null, limit],
  );
}

export async function countWaiting(tx: AcrossTx): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    'select count(*)::int as count from sweep_due where sweep_id is null',
  );
  return row?.count ?? 0;
}

/** These are not searched for any more. */
export async function sweptOnce(
  tx: Statements & { tenantId: string },
  requestIds: readonly string[],
): Promise<void> {
  await tx.execute('delete from sweep_due where tenant_id = $1 and request_id = any ($2::uuid[])', [
    tx.tenantId,
    requestIds,
  ]);
}

/** The next sweep searches for them again. */
export async function sweepAgain(tx: Tx, requestId: string): Promise<void> {
  await tx.execute('update sweep_due set sweep_id = null where tenant_id = $1 and request_id = $2', [
    tx.tenantId,
    requestId,
  ]);
}

/** Requests that were closed before `at` and still wait. */
export async function waitingSince(tx: AcrossTx, at: Date): Promise<Swept[]> {
  return tx.query<Swept>(
    `select ${SWEPT} from sweep_due d where closed_at < $1
       and not exists (select 1 from sweep s where s.sweep_id = d.sweep_id and s.ended_at is null)
     order by tenant_id, request_id`,
    [at],
  );
}
