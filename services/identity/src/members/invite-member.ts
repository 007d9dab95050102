import { Inject, Injectable } from '@nestjs/common';
import { identityV1 } from '@heed/contracts';
import { CLOCK, invalidArgument, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { TellAudit } from '../audit/tell-audit.js';
import { refusal } from '../errors.js';
import { invite } from '../invitations/invite.js';
import { AskForNotice } from '../notices/ask-for-notice.js';
import { messageOf } from './member-message.js';
import { emailViolations, mayGive, roleViolations } from './member.js';
import { memberById } from './member.store.js';

/** Lets a person into the caller's tenant. */
@Injectable()
export class InviteMember {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly notices: AskForNotice,
    private readonly audit: TellAudit,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async invite(
    caller: Caller,
    request: identityV1.InviteMemberRequest,
  ): Promise<identityV1.InviteMemberResponse> {
    const violations = [...emailViolations(request.email), ...roleViolations(request.roles)];
    if (violations.length > 0) throw invalidArgument(...violations);
    const content = identityV1.InviteMemberRequest.encode(request).finish();
    return this.uow.run(caller.tenantId, (tx) =>
      this.replay.once(tx, caller, request.requestId, content, identityV1.InviteMemberResponse, async () => {
        // From the row, not from the token: roles that were taken away an hour ago make no owner.
        const { roles } = await memberById(tx, caller.actorId);
        if (!mayGive(roles, request.roles)) throw refusal('ROLE_ABOVE_OWN');
        const { member, token } = await invite(tx, request, this.clock.now());
        await this.notices.ask(tx, member.memberId, 'invitation');
        await this.audit.tell(tx, caller, member.memberId);
        return { member: messageOf(member), invitationToken: token };
      }),
    );
  }
}
