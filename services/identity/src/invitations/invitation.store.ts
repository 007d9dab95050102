import { newId } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { type Invitation } from './invitation.js';
import { InvitationEntity } from './invitation.entity.js';

export async function insertInvitation(
  tx: Tx,
  invitation: { memberId: string; tokenHash: Buffer; expiresAt: Date },
  at: Date,
): Promise<void> {
  await tx.manager.insert(InvitationEntity, {
    tenantId: tx.tenantId,
    invitationId: newId(),
    ...invitation,
    createdAt: at,
    acceptedAt: null,
  });
}

export async function invitationOf(tx: Tx, tokenHash: Buffer): Promise<Invitation | undefined> {
  const found = await tx.manager.findOneBy(InvitationEntity, { tenantId: tx.tenantId, tokenHash });
  return found ?? undefined;
}

/**
 * True for one caller only, however many hold the token at once, and however many tokens the person was sent: the first
 * that is used ends the others, and one that was made in that very moment is of no use to an account that has a password.
 * Whoever comes at the same time waits for the rows, and looks again.
 */
export async function acceptOnce(tx: Tx, tokenHash: Buffer, at: Date): Promise<boolean> {
  const used = await tx.execute(
    `with holder as materialized (
       select m.member_id from invitation i join member m using (tenant_id, member_id)
       where i.tenant_id = $1 and i.token_hash = $2 and i.accepted_at is null and m.state = 'invited'
       for no key update
     )
     update invitation i set accepted_at = $3 from holder
     where i.tenant_id = $1 and i.member_id = holder.member_id and i.accepted_at is null`,
    [tx.tenantId, tokenHash, at],
  );
  return used > 0;
}
