import { Inject, Injectable } from '@nestjs/common';
import { campaignsV1, contactsV1 } from '@heed/contracts';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RequestReplay, RpcClients, type Client } from '@heed/rpc';
import { ledgersOf, openLedger } from '../ledger/ledger.store.js';
import { type Ledger } from '../ledger/ledger.js';
import { templateById } from '../templates/template.store.js';
import { messageOf } from './campaign-message.js';
import { type Campaign } from './campaign.js';
import { insertCampaign } from './campaign.store.js';

/** A draft, with a ledger that is empty and balances. */
@Injectable()
export class CreateCampaign {
  private readonly lists: Client<contactsV1.ListsServiceService>;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    clients: RpcClients,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.lists = clients.of(contactsV1.ListsServiceService, 'contacts');
  }

  async create(
    caller: Caller,
    request: campaignsV1.CreateCampaignRequest,
  ): Promise<campaignsV1.CreateCampaignResponse> {
    const { tenantId, actorId: onBehalfOf } = caller;
    // Before the transaction: nobody's connection waits for another service.
    await this.lists.getList({ listId: request.listId }, { tenantId, onBehalfOf });
    const content = campaignsV1.CreateCampaignRequest.encode(request).finish();
    return this.uow.run(tenantId, (tx) =>
      this.replay.once(
        tx,
        caller,
        request.requestId,
        content,
        campaignsV1.CreateCampaignResponse,
        async () => {
          const { requestId: _, ...wanted } = request;
          const at = this.clock.now();
          const campaign: Campaign = {
            ...wanted,
            ...{
              tenantId,
              campaignId: newId(),
              state: 'draft',
              createdAt: at,
              startedAt: null,
              finishedAt: null,
            },
            channel: (await templateById(tx, request.templateId)).channel,
          };
          await insertCampaign(tx, campaign);
          await openLedger(tx, campaign.campaignId, at);
          const ledgers = await ledgersOf(tx, [campaign.campaignId]);
          return { campaign: messageOf(campaign, ledgers.get(campaign.campaignId) as Ledger) };
        },
      ),
    );
  }
}
