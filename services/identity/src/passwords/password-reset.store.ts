import { newId } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { LessThanOrEqual } from 'typeorm';
import { PasswordResetEntity } from './password-reset.entity.js';
import { type PasswordReset } from './password-reset.js';

/** Those of the person that have expired go at the same time. */
export async function insertReset(
  tx: Tx,
  reset: { memberId: string; tokenHash: Buffer; expiresAt: Date },
  at: Date,
): Promise<void> {
  const { tenantId } = tx;
  const expired = { tenantId, memberId: reset.memberId, expiresAt: LessThanOrEqual(at) };
  await tx.manager.delete(PasswordResetEntity, expired);
  await tx.manager.insert(PasswordResetEntity, {
    ...{ tenantId, resetId: newId(), ...reset, createdAt: at, usedAt: null },
  });
}

export async function resetOf(tx: Tx, tokenHash: Buffer): Promise<PasswordReset | undefined> {
  const found = await tx.manager.findOneBy(PasswordResetEntity, { tenantId: tx.tenantId, tokenHash });
  return found ?? undefined;
}

/** True for one caller only, and only of an account that is in use. The first token that is used ends the others. */
export async function useOnce(tx: Tx, tokenHash: Buffer, at: Date): Promise<boolean> {
  const used = await tx.execute(
    `with holder as materialized (
       select m.member_id from password_reset r join member m using (tenant_id, member_id)
       where r.tenant_id = $1 and r.token_hash = $2 and r.used_at is null and m.state = 'active'
       for no key update
     )
     update password_reset r set used_at = $3 from holder
     where r.tenant_id = $1 and r.member_id = holder.member_id and r.used_at is null`,
    [tx.tenantId, tokenHash, at],
  );
  return used > 0;
}
