import { type Tx } from '@heed/postgres';
import { MoreThan } from 'typeorm';
import { MemberNoticeEntity } from './member-notice.entity.js';
import { type Notice } from './notice.js';

/** Those that nobody is told any more go at the same time, unless a hold keeps what is the member's. */
export async function insertNotice(tx: Tx, notice: Omit<MemberNoticeEntity, 'tenantId'>): Promise<void> {
  const { tenantId } = tx;
  await tx.execute(
    `delete from member_notice
     where tenant_id = $1 and member_id = $2 and expires_at <= $3 and not heed.is_held(tenant_id, member_id)`,
    [tenantId, notice.memberId, notice.requestedAt],
  );
  await tx.manager.insert(MemberNoticeEntity, { tenantId, ...notice });
}

export function wasAskedSince(tx: Tx, memberId: string, notice: Notice, since: Date): Promise<boolean> {
  return tx.manager.existsBy(MemberNoticeEntity, {
    ...{ tenantId: tx.tenantId, memberId, notice },
    requestedAt: MoreThan(since),
  });
}
