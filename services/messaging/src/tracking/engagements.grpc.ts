import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { messagingV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller, readPage } from '@heed/rpc';
import { engagementMessage, filterOf } from './engagement-message.js';
import { type EngagementEntity } from './engagement.entity.js';
import { EngagementStore } from './engagement.store.js';

@Controller()
@messagingV1.EngagementsServiceControllerMethods()
export class EngagementsGrpc implements messagingV1.EngagementsServiceController {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly store: EngagementStore,
  ) {}

  async listEngagements(
    @Payload() request: messagingV1.ListEngagementsRequest,
    @FromCaller() caller: Caller,
  ): Promise<messagingV1.ListEngagementsResponse> {
    const filter = filterOf(request);
    const { rows, nextPageToken } = await this.uow.run(caller.tenantId, (tx) =>
      readPage(request, { of: (row: EngagementEntity) => row.engagementId }, (after, limit) =>
        this.store.page(tx, filter, after, limit),
      ),
    );
    return { engagements: rows.map(engagementMessage), nextPageToken };
  }
}
