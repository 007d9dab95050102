import { type Tx } from '@heed/postgres';
import { LessThan } from 'typeorm';
import { ChangeEntryRow } from './change-entry.entity.js';

export type Change = Omit<ChangeEntryRow, 'tenantId'>;

export async function insertChange(tx: Tx, change: Change): Promise<void> {
  await tx.manager.insert(ChangeEntryRow, { tenantId: tx.tenantId, ...change });
}

/** Newest first, from the one before this on. */
export function changesBefore(tx: Tx, before: string | undefined, limit: number): Promise<Change[]> {
  return tx.manager.find(ChangeEntryRow, {
    where: { tenantId: tx.tenantId, ...(before !== undefined && { entryId: LessThan(before) }) },
    order: { entryId: 'DESC' },
    take: limit,
  });
}
