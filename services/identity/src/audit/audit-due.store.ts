import { type Tx } from '@heed/postgres';
import { In } from 'typeorm';
import { AuditDueEntity } from './audit-due.entity.js';

export async function addDue(tx: Tx, entry: Omit<AuditDueEntity, 'tenantId'>): Promise<void> {
  await tx.manager.insert(AuditDueEntity, { tenantId: tx.tenantId, ...entry });
}

/** Oldest first. */
export function dueEntries(tx: Tx, limit: number): Promise<AuditDueEntity[]> {
  return tx.manager.find(AuditDueEntity, {
    where: { tenantId: tx.tenantId },
    order: { entryId: 'ASC' },
    take: limit,
  });
}

export async function forgetDue(tx: Tx, entryIds: readonly string[]): Promise<void> {
  await tx.manager.delete(AuditDueEntity, { tenantId: tx.tenantId, entryId: In([...entryIds]) });
}
