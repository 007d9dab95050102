import { newId } from '@heed/kernel';
import { type Statements } from '@heed/postgres';

/** Why a service is silent, and how far back it went, where that is known. */
export interface ServiceQuarantine {
  reason: string;
  since: Date;
  restoredTo: Date | null;
  resyncAskedAt: Date | null;
}

type Reading = Pick<Statements, 'query'>;
type Writing = Pick<Statements, 'execute'>;

export async function readQuarantine(tx: Reading): Promise<ServiceQuarantine | undefined> {
  const [row] = await tx.query<ServiceQuarantine>(
    `select reason, since, restored_to as "restoredTo", resync_asked_at as "resyncAskedAt" from heed.quarantine`,
  );
  return row;
}

/** The first reason stands: it was closest to what happened. */
export async function enterQuarantine(tx: Writing, reason: string, at: Date): Promise<void> {
  await tx.execute(
    `insert into heed.quarantine (name, reason, since) values ('this', $1, $2) on conflict (name) do nothing`,
    [reason, at],
  );
}

/** By an operator, as the owner. False: it is not in quarantine. */
export async function askForResync(tx: Writing, at: Date): Promise<boolean> {
  return (await tx.execute(`update heed.quarantine set resync_asked_at = $1`, [at])) === 1;
}

/** It has caught up. That it had to stays on record. */
export async function leaveQuarantine(tx: Writing, at: Date): Promise<void> {
  await liftQuarantine(tx, { because: BY_RESYNC, resynced: true, liftedBy: null }, at);
}

/** How a quarantine was ended, by a resync or by an operator. */
export interface QuarantineLift {
  liftId: string;
  reason: string;
  since: Date;
  restoredTo: Date | null;
  resynced: boolean;
  because: string;
  /** Who, where somebody did it by hand. */
  liftedBy: string | null;
  liftedAt: Date;
}

/** Why it ended where nobody lifted it. */
const BY_RESYNC = 'resync';

/**
 * By an operator as the owner, in one transaction with a new life that follows whatever was witnessed: what a consumer
 * that acts had come beyond it still does not do again, it stands still by itself. False: there is no quarantine.
 */
export async function liftQuarantine(
  tx: Writing,
  { because, resynced, liftedBy }: Pick<QuarantineLift, 'because' | 'resynced' | 'liftedBy'>,
  at: Date,
): Promise<boolean> {
  const lifted = await tx.execute(
    `with gone as (delete from heed.quarantine returning reason, since, restored_to)
     insert into heed.quarantine_lift (lift_id, reason, since, restored_to, resynced, because, lifted_by, lifted_at)
     select $1, reason, since, restored_to, $2, $3, $4, $5 from gone`,
    [newId(), resynced, because, liftedBy, at],
  );
  if (lifted === 0) return false;
  await tx.execute(`delete from heed.resync_step`);
  return true;
}

export async function readLifts(tx: Reading): Promise<QuarantineLift[]> {
  return tx.query<QuarantineLift>(
    `select lift_id as "liftId", reason, since, restored_to as "restoredTo", resynced, because,
       lifted_by as "liftedBy", lifted_at as "liftedAt"
     from heed.quarantine_lift order by lifted_at`,
  );
}

/** Those by somebody's hand. */
export async function readLiftsByHand(tx: Reading): Promise<QuarantineLift[]> {
  return (await readLifts(tx)).filter(({ because }) => because !== BY_RESYNC);
}

/** Whether a moment belongs to a life that this database has lost: after its backup, and before it was put back. */
export async function isOfLostLife(tx: Reading, at: Date): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from (
       select restored_to, since from heed.quarantine
       union all select restored_to, since from heed.quarantine_lift where resynced
     ) life
     where $1::timestamptz between coalesce(restored_to, '-infinity') - interval '1 minute' and since limit 1`,
    [at],
  );
  return rows.length > 0;
}

export interface StepState {
  step: string;
  done: number;
  total: number | null;
  beganAt: Date;
  finishedAt: Date | null;
}

export async function readSteps(tx: Reading): Promise<StepState[]> {
  return tx.query<StepState>(
    `select step, done::float8 as done, total::float8 as total, began_at as "beganAt", finished_at as "finishedAt"
     from heed.resync_step order by ordinal`,
  );
}

/** False: it was finished by a resync that was interrupted later. */
export async function beginStep(tx: Reading, step: string, ordinal: number, at: Date): Promise<boolean> {
  const [row] = await tx.query<{ open: boolean }>(
    `insert into heed.resync_step as s (step, ordinal, began_at) values ($1, $2, $3)
     on conflict (step) do update set ordinal = excluded.ordinal
     returning s.finished_at is null as open`,
    [step, ordinal, at],
  );
  return row?.open ?? true;
}

export async function progressStep(
  tx: Writing,
  step: string,
  done: number,
  total: number | null,
): Promise<void> {
  await tx.execute(`update heed.resync_step set done = $2, total = coalesce($3, total) where step = $1`, [
    step,
    done,
    total,
  ]);
}

export async function finishStep(tx: Writing, step: string, at: Date): Promise<void> {
  await tx.execute(`update heed.resync_step set finished_at = $2 where step = $1`, [step, at]);
}

/** Up to where a stream counts as carried out once. Asked again it stays: what came since is new. */
export async function writeReplayEnds(
  tx: Writing,
  consumer: string,
  ends: readonly { topic: string; partition: number; position: string }[],
  at: Date,
): Promise<void> {
  await tx.execute(
    `insert into heed.replay_end (consumer, topic, partition, position, at)
     select $1, e.topic, e.partition, e.position, $2
     from unnest($3::text[], $4::int[], $5::text[]) e (topic, partition, position)
     on conflict do nothing`,
    [
      consumer,
      at,
      ends.map(({ topic }) => topic),
      ends.map(({ partition }) => partition),
      ends.map(({ position }) => position),
    ],
  );
}

/**
 * Cursors of a group that is there for a resync alone, from a resync before this one: their topic may have nothing left
 * of what follows them. Those that this one has moved, or one that was killed, stay.
 */
export async function dropEarlierCursors(tx: Writing, consumer: string): Promise<void> {
  await tx.execute(
    `delete from heed.inbox_cursor c using heed.quarantine q where c.consumer = $1 and c.moved_at < q.since`,
    [consumer],
  );
}
