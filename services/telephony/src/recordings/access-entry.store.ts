import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';
import { In } from 'typeorm';
import { AccessEntryEntity } from './access-entry.entity.js';

export type AccessEntry = Omit<AccessEntryEntity, 'tenantId'>;

@Injectable()
export class AccessEntryStore {
  async add(tx: Tx, entry: AccessEntry): Promise<void> {
    await tx.manager.insert(AccessEntryEntity, { tenantId: tx.tenantId, ...entry });
  }

  /** Entries of this tenant that privacy has not taken yet, oldest first. */
  waiting(tx: Tx, limit: number): Promise<AccessEntry[]> {
    const where = { tenantId: tx.tenantId };
    return tx.manager.find(AccessEntryEntity, { where, order: { entryId: 'ASC' }, take: limit });
  }

  async forget(tx: Tx, entryIds: readonly string[]): Promise<void> {
    await tx.manager.delete(AccessEntryEntity, { tenantId: tx.tenantId, entryId: In([...entryIds]) });
  }
}
