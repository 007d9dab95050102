import { DomainError } from '@heed/kernel';
import { isFenceRefusal } from './database-failure.js';
import { type Tx } from './transaction.js';

/**
 * Makes subjects known to this service. Whoever is known already stays as they are: a tombstone stays dead.
 * In order of id, as everything that locks subjects: two batches that share some then wait and never deadlock.
 */
export async function addSubjects(tx: Tx, ids: readonly string[], kind = 'contact'): Promise<void> {
  if (ids.length === 0) return;
  await tx.execute(
    `insert into heed.subject (tenant_id, subject_id, kind)
     select $1, id, $3 from (select distinct id from unnest($2::uuid[]) id) ids order by id
     on conflict do nothing`,
    [tx.tenantId, ids, kind],
  );
}

/**
 * Makes subjects known whose ids were made for them and that nobody can have heard of, each with so many numbers of its
 * events given already: 1 to `given`. Whoever is known already is a mistake, hence refused. As role `import`.
 */
export async function addNumberedSubjects(
  tx: Tx,
  subjects: readonly { id: string; given: number }[],
  kind = 'contact',
): Promise<void> {
  if (subjects.length === 0) return;
  await tx.execute(
    `insert into heed.subject (tenant_id, subject_id, sequence, kind)
     select $1, s.*, $4 from unnest($2::uuid[], $3::bigint[]) s`,
    [tx.tenantId, subjects.map(({ id }) => id), subjects.map(({ given }) => given), kind],
  );
}

/**
 * Locks the subjects against erasure until the transaction ends and returns those that live; the caller drops the rest.
 * Without it one dead subject fails a whole batch: ON CONFLICT does not cover foreign keys.
 * KEY SHARE is the lock that each fenced insert takes anyway, so handlers do not wait for each other.
 */
export async function lockSubjects(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.query<{ subject_id: string }>(
    `select subject_id from heed.subject
     where tenant_id = $1 and subject_id = any ($2::uuid[]) and live
     order by subject_id
     for key share`,
    [tx.tenantId, ids],
  );
  return new Set(rows.map((row) => row.subject_id));
}

/** Makes the subjects known, locks them and returns those that live: for events about people not seen before. */
export async function admitSubjects(tx: Tx, ids: readonly string[], kind = 'contact'): Promise<Set<string>> {
  await addSubjects(tx, ids, kind);
  return lockSubjects(tx, ids);
}

/** Those of the living whose data are restricted. Asked after `lockSubjects`, it holds until the transaction ends. */
export async function restrictedAmong(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.query<{ subject_id: string }>(
    `select subject_id from heed.subject
     where tenant_id = $1 and subject_id = any ($2::uuid[]) and live and restricted_by is not null`,
    [tx.tenantId, ids],
  );
  return new Set(rows.map((row) => row.subject_id));
}

/**
 * Restricts what is held about these subjects, or lifts it (null), and returns those that live. As role `eraser`. Whoever
 * was never seen is restricted before anything about them comes. Waits for whoever is changing their rows.
 */
export async function restrictSubjects(
  tx: Tx,
  ids: readonly string[],
  kind: string | undefined,
  requestId: string | null,
): Promise<Set<string>> {
  await addSubjects(tx, ids, kind);
  const rows = await tx.query<{ subject_id: string }>(
    `select subject_id from heed.subject
     where tenant_id = $1 and subject_id = any ($2::uuid[]) and live order by subject_id for update`,
    [tx.tenantId, ids],
  );
  const living = rows.map((row) => row.subject_id);
  await tx.execute(
    'update heed.subject set restricted_by = $3 where tenant_id = $1 and subject_id = any ($2::uuid[])',
    [tx.tenantId, living, requestId],
  );
  return new Set(living);
}

/**
 * Locks these subjects while what is held about them is corrected, and returns those that live. As role `eraser`. Waits for
 * whoever is writing about them; whoever comes later reads what was corrected.
 */
export async function lockSubjectsForCorrection(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ subject_id: string }>(
    `select subject_id from heed.subject
     where tenant_id = $1 and subject_id = any ($2::uuid[]) and live order by subject_id for update`,
    [tx.tenantId, ids],
  );
  return new Set(rows.map((row) => row.subject_id));
}

/** What an erasure found: subjects that lived, subjects that were dead or never seen here. */
export interface ErasureLock {
  living: Set<string>;
  dead: Set<string>;
}

/**
 * Waits for every transaction that is inserting about these subjects and keeps out those to come. As role `eraser`.
 * A subject never seen gets its tombstone first: whoever is inserting it at this moment is waited for, and found living.
 * (Lowering first and locking later would meet their rows only at the end, and refuse the whole batch.)
 */
export async function lockSubjectsForErasure(
  tx: Tx,
  ids: readonly string[],
  kind = 'contact',
): Promise<ErasureLock> {
  if (ids.length === 0) return { living: new Set(), dead: new Set() };
  await tx.execute(
    `insert into heed.subject (tenant_id, subject_id, live, kind)
     select $1, id, false, $3 from (select distinct id from unnest($2::uuid[]) id) ids order by id
     on conflict do nothing`,
    [tx.tenantId, ids, kind],
  );
  const rows = await tx.query<{ subject_id: string; live: boolean }>(
    `select subject_id, live from heed.subject
     where tenant_id = $1 and subject_id = any ($2::uuid[])
     order by subject_id
     for update`,
    [tx.tenantId, ids],
  );
  const of = (live: boolean): Set<string> =>
    new Set(rows.filter((row) => row.live === live).map((row) => row.subject_id));
  return { living: of(true), dead: of(false) };
}

/**
 * Raises the fence: from the commit on PostgreSQL refuses every live row about these subjects. As role `eraser`, once
 * their rows are deleted, cut off or marked as retained. Returns how many subjects died now.
 */
export async function raiseFence(tx: Tx, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  try {
    return await tx.execute(
      `update heed.subject set live = false where tenant_id = $1 and subject_id = any ($2::uuid[]) and live`,
      [tx.tenantId, ids],
    );
  } catch (error) {
    if (!isFenceRefusal(error)) throw error;
    const constraint = (error as { constraint?: string }).constraint ?? '';
    throw new DomainError('SUBJECT_STILL_HELD', 'failed-precondition', {
      message: 'a live row still refers to a subject: its table was not erased',
      metadata: { constraint },
    });
  }
}
