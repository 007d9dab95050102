import { type Statements } from '@heed/postgres';

export interface OtherHolder {
  holderId: string;
  /** How long it may go on holding what it has read. */
  leftMs: number;
}

/** The rows of heed.key_holder, in the database of keys. Their ages are the database's own. */
export class KeyHolderStore {
  async renew(tx: Statements, holderId: string): Promise<void> {
    await tx.execute('select heed.renew_key_holder($1)', [holderId]);
  }

  async leave(tx: Statements, holderId: string): Promise<void> {
    await tx.execute('select heed.leave_key_holders($1)', [holderId]);
  }

  others(tx: Statements, holderId: string, lifeMs: number): Promise<OtherHolder[]> {
    return tx.query<OtherHolder>(
      `select holder_id as "holderId", left_ms as "leftMs" from heed.other_key_holders($1, $2)`,
      [holderId, lifeMs],
    );
  }
}
