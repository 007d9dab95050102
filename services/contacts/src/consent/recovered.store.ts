import { type Tx } from '@heed/postgres';

/** Those of the people who are known here and were not erased, locked as every writer locks them. */
export async function livingAmong(tx: Tx, contactIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    `select subject_id as id from heed.subject
     where tenant_id = $1 and subject_id = any ($2::uuid[]) and live
     order by subject_id for key share`,
    [tx.tenantId, contactIds],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Those that the ledger does not have. */
export async function unknownEntries(tx: Tx, entryIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    `select id from unnest($2::uuid[]) id
     where not exists (select 1 from consent_entry e where e.tenant_id = $1 and e.entry_id = id)`,
    [tx.tenantId, entryIds],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Numbers that others have seen are not given again. */
export async function raiseEpochs(
  tx: Tx,
  told: readonly { contactId: string; epoch: bigint }[],
): Promise<void> {
  await tx.execute(
    `update heed.subject s set sequence = greatest(s.sequence, t.epoch)
     from (select contact_id, max(epoch) as epoch from unnest($2::uuid[], $3::bigint[]) u (contact_id, epoch)
           group by contact_id) t
     where s.tenant_id = $1 and s.subject_id = t.contact_id`,
    [tx.tenantId, told.map(({ contactId }) => contactId), told.map(({ epoch }) => epoch)],
  );
}
