import { newId } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { IsNull } from 'typeorm';
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

/** True for one caller only, however many hold the token at once. */
export async function acceptOnce(tx: Tx, tokenHash: Buffer, at: Date): Promise<boolean> {
  const { affected } = await tx.manager.update(
    InvitationEntity,
    { tenantId: tx.tenantId, tokenHash, acceptedAt: IsNull() },
    { acceptedAt: at },
  );
  return affected === 1;
}
