import { type Tx } from '@heed/postgres';

export interface WrappedHashKey {
  version: number;
  wrapped: Buffer;
  keyId: string;
  usableFrom: Date;
}

/** The rows of heed.hash_key, in the service's own database. */
export class HashKeyStore {
  all(tx: Tx): Promise<WrappedHashKey[]> {
    return tx.query<WrappedHashKey>(
      `select version, wrapped, kms_key_id as "keyId", usable_from as "usableFrom"
       from heed.hash_key where tenant_id = $1 order by version`,
      [tx.tenantId],
    );
  }

  /** Of processes that add the same version at once one wins; the others find its key. */
  async add(tx: Tx, key: WrappedHashKey, at: Date): Promise<void> {
    await tx.execute(
      `insert into heed.hash_key (tenant_id, version, wrapped, kms_key_id, usable_from, at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict on constraint hash_key_pkey do nothing`,
      [tx.tenantId, key.version, key.wrapped, key.keyId, key.usableFrom, at],
    );
  }

  /** Once: a version that is written is never shut again. */
  async open(tx: Tx, version: number, at: Date): Promise<void> {
    await tx.execute(
      `update heed.hash_key set usable_from = $3 where tenant_id = $1 and version = $2 and usable_from > $3`,
      [tx.tenantId, version, at],
    );
  }
}
