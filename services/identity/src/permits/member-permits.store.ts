import { type Tx } from '@heed/postgres';
import { type MemberState } from '../members/member.js';
import { type Notice } from '../notices/notice.js';

/** What is known of the member and of what they are to be told. */
export interface Told {
  notice: Notice | null;
  expiresAt: Date | null;
  state: MemberState | null;
  email: string;
  name: string;
  tenant: string;
}

/** In the order asked. */
export async function toldTo(
  tx: Tx,
  asked: readonly { attemptId: string; contactId: string }[],
): Promise<Told[]> {
  return tx.query<Told>(
    `select n.notice, n.expires_at as "expiresAt", m.state, m.email, m.name, t.name as tenant
     from unnest($2::uuid[], $3::uuid[]) with ordinality as a (attempt_id, member_id, no)
     left join member m on m.tenant_id = $1 and m.member_id = a.member_id
     left join member_notice n on n.tenant_id = $1 and n.message_id = a.attempt_id and n.member_id = a.member_id
     left join tenant t on t.tenant_id = $1
     order by a.no`,
    [tx.tenantId, asked.map(({ attemptId }) => attemptId), asked.map(({ contactId }) => contactId)],
  );
}
