import { identityV1 } from '@heed/contracts';
import { type Member, type MemberState } from './member.js';

const STATES: Record<MemberState, identityV1.MemberState> = {
  invited: identityV1.MemberState.MEMBER_STATE_INVITED,
  active: identityV1.MemberState.MEMBER_STATE_ACTIVE,
  deactivated: identityV1.MemberState.MEMBER_STATE_DEACTIVATED,
};

export function messageOf(member: Member): identityV1.Member {
  return {
    memberId: member.memberId,
    email: member.email,
    name: member.name,
    roles: member.roles,
    state: STATES[member.state],
    createdAt: member.createdAt.toISOString(),
  };
}
