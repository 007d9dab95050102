import { randomBytes } from 'node:crypto';
import { type Tx } from '@heed/postgres';
import { writeToken } from '../keys/one-time-token.js';
import { resetExpiry } from './password-reset.js';
import { insertReset } from './password-reset.store.js';

/** A token that sets another password; shown this once, the database keeps its digest. */
export async function newReset(
  tx: Tx,
  memberId: string,
  at: Date,
): Promise<{ token: string; expiresAt: Date }> {
  const { text, hash } = writeToken('reset', tx.tenantId, randomBytes(32));
  const expiresAt = resetExpiry(at);
  await insertReset(tx, { memberId, tokenHash: hash, expiresAt }, at);
  return { token: text, expiresAt };
}
