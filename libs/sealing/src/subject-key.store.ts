import { admitSubjects, lockSubjectsForErasure, raiseFence, type Tx } from '@heed/postgres';

export interface WrappedKey {
  subjectId: string;
  wrapped: Buffer;
  keyId: string;
}

/** The rows of heed.subject_key, in the database of keys. */
export class SubjectKeyStore {
  async find(tx: Tx, subjectIds: readonly string[]): Promise<WrappedKey[]> {
    return tx.query<WrappedKey>(
      `select subject_id as "subjectId", wrapped, kms_key_id as "keyId"
       from heed.subject_key where tenant_id = $1 and subject_id = any ($2::uuid[])`,
      [tx.tenantId, subjectIds],
    );
  }

  /**
   * Inserts keys for those subjects who live and have none, and returns the keys of all who live. Subjects are admitted
   * first: the key's row takes the fence, so whoever was erased gets no second key (ATTACKS 5.7).
   */
  async add(tx: Tx, keys: readonly WrappedKey[], at: Date): Promise<WrappedKey[]> {
    const living = await admitSubjects(
      tx,
      keys.map((key) => key.subjectId),
    );
    const admitted = keys.filter((key) => living.has(key.subjectId));
    const added = await tx.query<WrappedKey>(
      `insert into heed.subject_key (tenant_id, subject_id, wrapped, kms_key_id, at)
       select $1, k.subject_id, k.wrapped, k.key_id, $5
       from unnest($2::uuid[], $3::bytea[], $4::text[]) k (subject_id, wrapped, key_id)
       order by k.subject_id
       on conflict on constraint subject_key_pkey do nothing
       returning subject_id as "subjectId", wrapped, kms_key_id as "keyId"`,
      [
        tx.tenantId,
        admitted.map((key) => key.subjectId),
        admitted.map((key) => key.wrapped),
        admitted.map((key) => key.keyId),
        at,
      ],
    );
    if (added.length === living.size) return added;
    // Another process may have been faster: its key is the one that counts.
    return this.find(tx, [...living]);
  }

  /** Deletes the keys and raises the fence over them, as the eraser. Returns how many there were. */
  async destroy(tx: Tx, subjectIds: readonly string[]): Promise<number> {
    await lockSubjectsForErasure(tx, subjectIds);
    const destroyed = await tx.execute(
      'delete from heed.subject_key where tenant_id = $1 and subject_id = any ($2::uuid[])',
      [tx.tenantId, subjectIds],
    );
    await raiseFence(tx, subjectIds);
    return destroyed;
  }

  /** Which of the subjects have a key: for probes. */
  async present(tx: Tx, subjectIds: readonly string[]): Promise<string[]> {
    return (await this.find(tx, subjectIds)).map((key) => key.subjectId);
  }
}
