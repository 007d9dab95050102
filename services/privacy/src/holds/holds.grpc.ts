import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { privacyV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller, readPage } from '@heed/rpc';
import { refusal } from '../errors.js';
import { holdMessage, type Hold } from './hold.js';
import { holdById, listHolds } from './hold.store.js';
import { PlaceHold } from './place-hold.js';
import { ReleaseHold } from './release-hold.js';

@Controller()
@privacyV1.HoldsServiceControllerMethods()
export class HoldsGrpc implements privacyV1.HoldsServiceController {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly placing: PlaceHold,
    private readonly releasing: ReleaseHold,
  ) {}

  placeHold(
    @Payload() request: privacyV1.PlaceHoldRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.PlaceHoldResponse> {
    return this.placing.place(caller, request);
  }

  releaseHold(
    @Payload() request: privacyV1.ReleaseHoldRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.ReleaseHoldResponse> {
    return this.releasing.release(caller, request);
  }

  async getHold(
    @Payload() { holdId }: privacyV1.GetHoldRequest,
    @FromCaller() { tenantId }: Caller,
  ): Promise<privacyV1.GetHoldResponse> {
    const hold = await this.uow.run(tenantId, (tx) => holdById(tx, holdId));
    if (!hold) throw refusal('HOLD_NOT_FOUND');
    return { hold: holdMessage(hold) };
  }

  async listHolds(
    @Payload() request: privacyV1.ListHoldsRequest,
    @FromCaller() { tenantId }: Caller,
  ): Promise<privacyV1.ListHoldsResponse> {
    const page = await this.uow.run(tenantId, (tx) =>
      readPage(request, { of: ({ holdId }: Hold) => holdId }, (before, limit) =>
        listHolds(tx, request, before, limit),
      ),
    );
    return { holds: page.rows.map(holdMessage), nextPageToken: page.nextPageToken };
  }
}
