import { type TimeSpan } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { type AuditFact, CHAIN_START, type ChainedFact } from './audit-chain.js';

interface Row {
  seq: string;
  entry_id: string;
  at: Date;
  actor_id: string;
  action: string;
  subject_id: string | null;
  service: string;
  hash: Buffer;
}

export interface AuditFilter {
  subjectId?: string;
  actorId?: string;
  action?: string;
  service?: string;
  at: TimeSpan;
  /** Entries before this one: pages go from the newest to the oldest. */
  before?: bigint;
  limit: number;
}

/** Kept until it is chained; what was told before stays as it was told first. */
export async function addPending(tx: Tx, facts: readonly AuditFact[]): Promise<void> {
  await tx.execute(
    `insert into audit_pending (tenant_id, entry_id, at, actor_id, action, subject_id, service)
     select $1, * from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::uuid[], $7::text[])
     on conflict (tenant_id, entry_id) do nothing`,
    [
      tx.tenantId,
      facts.map(({ entryId }) => entryId),
      facts.map(({ at }) => at),
      facts.map(({ actorId }) => actorId),
      facts.map(({ action }) => action),
      facts.map(({ subjectId }) => subjectId ?? null),
      facts.map(({ service }) => service),
    ],
  );
}

export async function isAnyPending(tx: Tx): Promise<boolean> {
  return (
    (await tx.query('select 1 from audit_pending where tenant_id = $1 limit 1', [tx.tenantId])).length > 0
  );
}

/** Takes the first that wait out of the waiting, in the order in which they came. */
export async function takePending(tx: Tx, limit: number): Promise<AuditFact[]> {
  const rows = await tx.query<Omit<Row, 'seq' | 'hash'>>(
    `with first as (
       select entry_id, no from audit_pending where tenant_id = $1 order by no limit $2
     ), taken as (
       delete from audit_pending p using first where p.tenant_id = $1 and p.entry_id = first.entry_id returning p.*
     )
     select entry_id, at, actor_id, action, subject_id, service from taken order by no`,
    [tx.tenantId, limit],
  );
  return rows.map(factOf);
}

/** The end of the tenant's chain, locked: entries of one tenant are chained one batch after another. */
export async function lockHead(tx: Tx): Promise<{ seq: bigint; hash: Buffer }> {
  await tx.execute(
    'insert into audit_head (tenant_id, seq, hash) values ($1, 0, $2) on conflict do nothing',
    [tx.tenantId, CHAIN_START],
  );
  const [head] = await tx.query<{ seq: string; hash: Buffer }>(
    'select seq, hash from audit_head where tenant_id = $1 for update',
    [tx.tenantId],
  );
  return { seq: BigInt(head!.seq), hash: head!.hash };
}

/** Which of these entries are there already. */
export async function knownEntries(tx: Tx, entryIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ entry_id: string }>(
    'select entry_id from audit_entry where tenant_id = $1 and entry_id = any($2::uuid[])',
    [tx.tenantId, entryIds],
  );
  return new Set(rows.map((row) => row.entry_id));
}

export async function appendEntries(tx: Tx, entries: readonly ChainedFact[]): Promise<void> {
  const last = entries.at(-1);
  if (!last) return;
  await tx.execute(
    `insert into audit_entry (tenant_id, seq, entry_id, at, actor_id, action, subject_id, service, hash)
     select $1, * from unnest($2::bigint[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::uuid[],
       $8::text[], $9::bytea[])`,
    [
      tx.tenantId,
      entries.map(({ seq }) => seq),
      entries.map(({ entryId }) => entryId),
      entries.map(({ at }) => at),
      entries.map(({ actorId }) => actorId),
      entries.map(({ action }) => action),
      entries.map(({ subjectId }) => subjectId ?? null),
      entries.map(({ service }) => service),
      entries.map(({ hash }) => hash),
    ],
  );
  await tx.execute('update audit_head set seq = $2, hash = $3 where tenant_id = $1', [
    tx.tenantId,
    last.seq,
    last.hash,
  ]);
}

/** Newest first. */
export async function auditPage(tx: Tx, filter: AuditFilter): Promise<ChainedFact[]> {
  const rows = await tx.query<Row>(
    `select seq, entry_id, at, actor_id, action, subject_id, service, hash from audit_entry
     where tenant_id = $1
       and ($2::bigint is null or seq < $2)
       and ($3::uuid is null or subject_id = $3)
       and ($4::text is null or actor_id = $4)
       and ($5::text is null or action = $5)
       and ($6::text is null or service = $6)
       and ($7::timestamptz is null or at >= $7) and ($8::timestamptz is null or at < $8)
     order by seq desc limit $9`,
    [
      tx.tenantId,
      filter.before ?? null,
      filter.subjectId ?? null,
      filter.actorId ?? null,
      filter.action ?? null,
      filter.service ?? null,
      filter.at.from ?? null,
      filter.at.until ?? null,
      filter.limit,
    ],
  );
  return rows.map((row) => ({ ...factOf(row), seq: BigInt(row.seq), hash: row.hash }));
}

/** In the order of the chain. */
export async function entriesAfter(tx: Tx, seq: bigint, limit: number): Promise<ChainedFact[]> {
  const rows = await tx.query<Row>(
    `select seq, entry_id, at, actor_id, action, subject_id, service, hash from audit_entry
     where tenant_id = $1 and seq > $2 order by seq limit $3`,
    [tx.tenantId, seq, limit],
  );
  return rows.map((row) => ({ ...factOf(row), seq: BigInt(row.seq), hash: row.hash }));
}

function factOf(row: Omit<Row, 'seq' | 'hash'>): AuditFact {
  return {
    entryId: row.entry_id,
    at: row.at,
    actorId: row.actor_id,
    action: row.action,
    ...(row.subject_id !== null && { subjectId: row.subject_id }),
    service: row.service,
  };
}
