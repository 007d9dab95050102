import { type Tx } from '@heed/postgres';
import { IsNull } from 'typeorm';
import { RefreshTokenEntity } from './refresh-token.entity.js';
import { type RefreshToken, type Session } from './session.js';
import { SessionEntity } from './session.entity.js';

export interface NewToken {
  tokenHash: Buffer;
  expiresAt: Date;
}

/**
 * A session with its first refresh token. The person's sessions and tokens that have expired go at the same time, unless a
 * hold keeps them.
 */
export async function beginSession(
  tx: Tx,
  session: { sessionId: string; memberId: string },
  token: NewToken,
  at: Date,
): Promise<void> {
  for (const table of ['refresh_token', 'session'])
    await tx.execute(
      `delete from ${table}
       where tenant_id = $1 and member_id = $2 and expires_at <= $3 and not heed.is_held(tenant_id, member_id)`,
      [tx.tenantId, session.memberId, at],
    );
  await tx.manager.insert(SessionEntity, {
    tenantId: tx.tenantId,
    ...session,
    createdAt: at,
    refreshedAt: at,
    expiresAt: token.expiresAt,
    endedAt: null,
    endedBy: null,
  });
  await insertToken(tx, session, token, at);
}

/** The token and its session, whose row stays locked: of two who show one token, the second finds it used. */
export async function lockByToken(
  tx: Tx,
  tokenHash: Buffer,
): Promise<{ token: RefreshToken | undefined; session: Session | undefined }> {
  const where = { tenantId: tx.tenantId, tokenHash };
  const known = await tx.manager.findOneBy(RefreshTokenEntity, where);
  if (!known) return { token: undefined, session: undefined };
  const session = await tx.manager.findOne(SessionEntity, {
    where: { tenantId: tx.tenantId, sessionId: known.sessionId },
    lock: { mode: 'pessimistic_write' },
  });
  // Read again behind the lock.
  const token = await tx.manager.findOneBy(RefreshTokenEntity, where);
  return { token: token ?? undefined, session: session ?? undefined };
}

export async function rotate(
  tx: Tx,
  session: Session,
  used: Buffer,
  next: NewToken,
  at: Date,
): Promise<void> {
  await tx.manager.update(RefreshTokenEntity, { tenantId: tx.tenantId, tokenHash: used }, { usedAt: at });
  await insertToken(tx, session, next, at);
  await tx.manager.update(
    SessionEntity,
    { tenantId: tx.tenantId, sessionId: session.sessionId },
    { refreshedAt: at, expiresAt: next.expiresAt },
  );
}

/** Ends a session of this person; returns whether it went on until now. */
export async function endSession(
  tx: Tx,
  session: { sessionId: string; memberId: string },
  by: 'sign_out' | 'reuse',
  at: Date,
): Promise<boolean> {
  const { sessionId, memberId } = session;
  const { affected } = await tx.manager.update(
    SessionEntity,
    { tenantId: tx.tenantId, sessionId, memberId, endedAt: IsNull() },
    { endedAt: at, endedBy: by },
  );
  return affected === 1;
}

/** Whoever sits at one of them has to sign in again; their access tokens go on until they expire. */
export async function endAllSessions(tx: Tx, memberId: string, by: 'password', at: Date): Promise<void> {
  await tx.manager.update(
    SessionEntity,
    { tenantId: tx.tenantId, memberId, endedAt: IsNull() },
    { endedAt: at, endedBy: by },
  );
}

async function insertToken(
  tx: Tx,
  { sessionId, memberId }: { sessionId: string; memberId: string },
  token: NewToken,
  at: Date,
): Promise<void> {
  await tx.manager.insert(RefreshTokenEntity, {
    tenantId: tx.tenantId,
    sessionId,
    memberId,
    ...token,
    issuedAt: at,
    usedAt: null,
  });
}
