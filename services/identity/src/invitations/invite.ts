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
  const { token } = await newInvitation(tx, member.memberId, at);
  return { member, token };
}

/** One more token for somebody who was invited: a mail brings its own. */
export async function newInvitation(
  tx: Tx,
  memberId: string,
  at: Date,
): Promise<{ token: string; expiresAt: Date }> {
  const { text, hash } = writeToken('invitation', tx.tenantId, randomBytes(32));
  const expiresAt = expiryOf(at);
  await insertInvitation(tx, { memberId, tokenHash: hash, expiresAt }, at);
  return { token: text, expiresAt };
}
