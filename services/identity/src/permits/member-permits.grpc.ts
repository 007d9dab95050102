import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { identityV1 } from '@heed/contracts';
import { CLOCK, SigningKey, type Caller, type Clock } from '@heed/kernel';
import { OwnPermits } from '@heed/permits';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller } from '@heed/rpc';
import { type MemberLeave, MemberPeople } from './member-people.js';

@Controller()
@identityV1.MemberPermitsServiceControllerMethods()
export class MemberPermitsGrpc implements identityV1.MemberPermitsServiceController {
  private readonly permits: OwnPermits<MemberLeave>;

  constructor(people: MemberPeople, uow: UnitOfWork, key: SigningKey, @Inject(CLOCK) clock: Clock) {
    this.permits = new OwnPermits(people, uow, key, clock);
  }

  batchIssuePermits(
    @Payload() { asks }: identityV1.BatchIssuePermitsRequest,
    @FromCaller() caller: Caller,
  ): Promise<identityV1.BatchIssuePermitsResponse> {
    return this.permits.issue(caller, asks);
  }
}
