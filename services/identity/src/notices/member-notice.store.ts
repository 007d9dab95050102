import { type Tx } from '@heed/postgres';
import { LessThanOrEqual, MoreThan } from 'typeorm';
import { MemberNoticeEntity } from './member-notice.entity.js';
import { type Notice } from './notice.js';

/** Those that nobody is told any more go at the same time. */
export async function insertNotice(tx: Tx, notice: Omit<MemberNoticeEntity, 'tenantId'>): Promise<void> {
  const { tenantId } = tx;
  await tx.manager.delete(MemberNoticeEntity, {
    ...{ tenantId, memberId: notice.memberId },
    expiresAt: LessThanOrEqual(notice.requestedAt),
  });
  await tx.manager.insert(MemberNoticeEntity, { tenantId, ...notice });
}

export function wasAskedSince(tx: Tx, memberId: string, notice: Notice, since: Date): Promise<boolean> {
  return tx.manager.existsBy(MemberNoticeEntity, {
    ...{ tenantId: tx.tenantId, memberId, notice },
    requestedAt: MoreThan(since),
  });
}
