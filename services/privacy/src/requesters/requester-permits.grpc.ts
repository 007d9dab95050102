import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { privacyV1 } from '@heed/contracts';
import { CLOCK, SigningKey, type Caller, type Clock } from '@heed/kernel';
import { OwnPermits } from '@heed/permits';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller } from '@heed/rpc';
import { type RequesterLeave, RequesterPeople } from './requester-people.js';

@Controller()
@privacyV1.RequesterPermitsServiceControllerMethods()
export class RequesterPermitsGrpc implements privacyV1.RequesterPermitsServiceController {
  private readonly permits: OwnPermits<RequesterLeave>;

  constructor(people: RequesterPeople, uow: UnitOfWork, key: SigningKey, @Inject(CLOCK) clock: Clock) {
    this.permits = new OwnPermits(people, uow, key, clock);
  }

  batchIssuePermits(
    @Payload() { asks }: privacyV1.BatchIssuePermitsRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.BatchIssuePermitsResponse> {
    return this.permits.issue(caller, asks);
  }
}
