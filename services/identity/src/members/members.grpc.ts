import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { identityV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller, readPage } from '@heed/rpc';
import { InviteMember } from './invite-member.js';
import { messageOf, stateAsked } from './member-message.js';
import { type MemberEntity } from './member.entity.js';
import { memberById, membersAfter } from './member.store.js';
import { UnlockMember } from './unlock-member.js';

@Controller()
@identityV1.MembersServiceControllerMethods()
export class MembersGrpc implements identityV1.MembersServiceController {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly inviting: InviteMember,
    private readonly unlocking: UnlockMember,
  ) {}

  inviteMember(
    @Payload() request: identityV1.InviteMemberRequest,
    @FromCaller() caller: Caller,
  ): Promise<identityV1.InviteMemberResponse> {
    return this.inviting.invite(caller, request);
  }

  async getMember(
    @Payload() request: identityV1.GetMemberRequest,
    @FromCaller() caller: Caller,
  ): Promise<identityV1.GetMemberResponse> {
    const member = await this.uow.run(caller.tenantId, (tx) => memberById(tx, request.memberId));
    return { member: messageOf(member) };
  }

  async listMembers(
    @Payload() request: identityV1.ListMembersRequest,
    @FromCaller() caller: Caller,
  ): Promise<identityV1.ListMembersResponse> {
    const state = stateAsked(request.state);
    const { rows, nextPageToken } = await this.uow.run(caller.tenantId, (tx) =>
      readPage(request, { of: (member: MemberEntity) => member.memberId }, (after, limit) =>
        membersAfter(tx, {
          ...(after !== undefined && { after }),
          ...(state !== undefined && { state }),
          ...(request.role && { role: request.role }),
          ...(request.namePrefix && { namePrefix: request.namePrefix }),
          limit,
        }),
      ),
    );
    return { members: rows.map(messageOf), nextPageToken };
  }

  async unlockMember(
    @Payload() { memberId }: identityV1.UnlockMemberRequest,
    @FromCaller() caller: Caller,
  ): Promise<identityV1.UnlockMemberResponse> {
    return { member: await this.unlocking.unlock(caller, memberId) };
  }

  async getSelf(
    @Payload() _request: identityV1.GetSelfRequest,
    @FromCaller() caller: Caller,
  ): Promise<identityV1.GetSelfResponse> {
    const member = await this.uow.run(caller.tenantId, (tx) => memberById(tx, caller.actorId));
    return { member: messageOf(member), permissions: [...caller.permissions].sort() };
  }
}
