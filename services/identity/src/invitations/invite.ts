import { randomBytes } from 'node:crypto';
import { newId } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { writeToken } from '../keys/one-time-token.js';
import { type MemberEntity } from '../members/member.entity.js';
import { insertMember } from '../members/member.store.js';
import { expiryOf } from './invitation.js';
import { insertInvitation } from './invitation.store.js';

export interface Invited {
  member: MemberEntity;
  /** Shown this once: the database keeps its digest. */
  token: string;
}

/** A member of the transaction's tenant, and the token with which they set a password. */
export async function invite(
  tx: Tx,
  person: { email: string; name: string; roles: string[] },
  at: Date,
): Promise<Invited> {
  const member = await insertMember(tx, { memberId: newId(), ...person }, at);
  const { text, hash } = writeToken('invitation', tx.tenantId, randomBytes(32));
  await insertInvitation(tx, { memberId: member.memberId, tokenHash: hash, expiresAt: expiryOf(at) }, at);
  return { member, token: text };
}
