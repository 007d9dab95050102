import { Inject, Injectable } from '@nestjs/common';
import { identityV1 } from '@heed/contracts';
import { CLOCK, invalidArgument, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { invite } from '../invitations/invite.js';
import { emailViolations } from '../members/member.js';
import { AskForNotice } from '../notices/ask-for-notice.js';
import { messageOf } from './tenant-message.js';
import { insertTenant } from './tenant.store.js';

/** The operator founds a tenant and invites its owner. */
@Injectable()
export class FoundTenant {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly notices: AskForNotice,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async found(
    caller: Caller,
    request: identityV1.CreateTenantRequest,
  ): Promise<identityV1.CreateTenantResponse> {
    const violations = emailViolations(request.ownerEmail, 'owner_email');
    if (violations.length > 0) throw invalidArgument(...violations);
    const content = identityV1.CreateTenantRequest.encode(request).finish();
    return this.uow.runAcross('service', async (across) => {
      const outside = await across.enterTenant(caller.tenantId);
      return this.replay.once(
        outside,
        caller,
        request.requestId,
        content,
        identityV1.CreateTenantResponse,
        async () => {
          const at = this.clock.now();
          const tenant = { tenantId: newId(), slug: request.slug, name: request.name, createdAt: at };
          const inside = await across.enterTenant(tenant.tenantId);
          await insertTenant(inside, tenant);
          const owner = { email: request.ownerEmail, name: request.ownerName, roles: ['owner'] };
          const { member, token } = await invite(inside, owner, at);
          await this.notices.ask(inside, member.memberId, 'invitation');
          // Back to where the answer is kept: the operator's own.
          await across.enterTenant(caller.tenantId);
          return { tenant: messageOf(tenant), ownerId: member.memberId, invitationToken: token };
        },
      );
    });
  }
}
