import { type Statements, type Tx } from '@heed/postgres';

/** A key of a person, or of hashes, in what it is wrapped in. */
export interface Wrapped {
  tenantId: string;
  /** The subject's id, or the version of a key of hashes. */
  name: string;
  wrapped: Buffer;
  keyId: string;
}

/** The two tables whose keys stand under the master key. */
export type Table = 'heed.subject_key' | 'heed.hash_key';

const NAMES: Record<Table, string> = { 'heed.subject_key': 'subject_id', 'heed.hash_key': 'version' };

/** By which master keys any are wrapped: past all policies, as the probe. */
export async function mastersOf(tx: Pick<Statements, 'query'>, table: Table): Promise<string[]> {
  const rows = await tx.query<{ master: string }>(
    `select distinct kms_key_id as master from ${table} order by 1`,
  );
  return rows.map(({ master }) => master);
}

export function wrappedBy(
  tx: Pick<Statements, 'query'>,
  table: Table,
  masters: readonly string[],
  limit: number,
): Promise<Wrapped[]> {
  return tx.query<Wrapped>(
    `select tenant_id as "tenantId", ${NAMES[table]}::text as name, wrapped, kms_key_id as "keyId"
     from ${table} where kms_key_id = any ($1::text[]) order by tenant_id, ${NAMES[table]} limit $2`,
    [masters, limit],
  );
}

/** Only what is still wrapped as it was read: another process may have been faster, or the person is gone. */
export function rewrap(
  tx: Tx,
  table: Table,
  keys: readonly { name: string; old: Buffer; wrapped: Buffer }[],
  keyId: string,
): Promise<number> {
  return tx.execute(
    `update ${table} k set wrapped = n.wrapped, kms_key_id = $2
     from unnest($3::text[], $4::bytea[], $5::bytea[]) n (name, old, wrapped)
     where k.tenant_id = $1 and k.${NAMES[table]}::text = n.name and k.wrapped = n.old`,
    [
      ...[tx.tenantId, keyId, keys.map(({ name }) => name)],
      ...[keys.map(({ old }) => old), keys.map(({ wrapped }) => wrapped)],
    ],
  );
}
