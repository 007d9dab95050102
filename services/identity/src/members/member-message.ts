import { identityV1 } from '@heed/contracts';
import { type MemberState } from './member.js';
import { type MemberEntity } from './member.entity.js';

const STATES: Record<MemberState, identityV1.MemberState> = {
  invited: identityV1.MemberState.MEMBER_STATE_INVITED,
  active: identityV1.MemberState.MEMBER_STATE_ACTIVE,
  deactivated: identityV1.MemberState.MEMBER_STATE_DEACTIVATED,
};

export function messageOf(member: MemberEntity): identityV1.Member {
  return {
    memberId: member.memberId,
    email: member.email,
    name: member.name,
    roles: member.roles,
    state: STATES[member.state],
    createdAt: member.createdAt.toISOString(),
    lockedUntil: member.lockedUntil?.toISOString() ?? '',
  };
}

/** Undefined for all states. */
export function stateAsked(state: identityV1.MemberState): MemberState | undefined {
  return (Object.keys(STATES) as MemberState[]).find((name) => STATES[name] === state);
}
