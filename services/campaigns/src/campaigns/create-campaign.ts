import { Inject, Injectable } from '@nestjs/common';
import { campaignsV1, contactsV1, isReserved } from '@heed/contracts';
import { TellActs } from '@heed/data-rights';
import { CLOCK, invalidArgument, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { RequestReplay, RpcClients, type Client } from '@heed/rpc';
import { refusal } from '../errors.js';
import { openLedger } from '../ledger/ledger.store.js';
import { openStepLedgers } from '../ledger/step-ledger.store.js';
import { templateById } from '../templates/template.store.js';
import { type Campaign } from './campaign.js';
import { insertCampaign } from './campaign.store.js';
import { campaignSeen } from './see-campaigns.js';
import { bounceViolations, plannedSteps, type PlannedStep, type Step } from './step.js';
import { insertSteps } from './step.store.js';

/** A draft, with ledgers that are empty and balance. */
@Injectable()
export class CreateCampaign {
  private readonly lists: Client<contactsV1.ListsServiceService>;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly audit: TellActs,
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
    // What no consent is asked for is no campaign's: a newsletter that calls itself a receipt would reach everybody.
    if (isReserved(request.purpose)) throw invalidArgument({ field: 'purpose', reason: 'PURPOSE_RESERVED' });
    const planned = plannedSteps(request);
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
          const steps = await this.withChannels(tx, planned);
          const [first] = steps;
          const { name, listId, purpose, ratePerSecond, audienceLimit } = request;
          const at = this.clock.now();
          const campaign: Campaign = {
            ...{ tenantId, campaignId: newId(), name, listId, purpose, ratePerSecond, audienceLimit },
            ...{ state: 'draft', createdAt: at, startedAt: null, finishedAt: null },
            ...{ heldFor: null, approvedBy: null, startAt: null, confirmedBy: null, revision: 0 },
            ...{ labelsDue: [], labelWaiver: null },
            ...{ templateId: first!.templateId, channel: first!.channel },
          };
          await insertCampaign(tx, campaign);
          await insertSteps(tx, campaign.campaignId, steps);
          await openLedger(tx, campaign.campaignId, at);
          await openStepLedgers(tx, campaign.campaignId, steps, at);
          await this.audit.tell(tx, caller, campaign.campaignId);
          return { campaign: await campaignSeen(tx, campaign.campaignId) };
        },
      ),
    );
  }

  private async withChannels(tx: Tx, planned: readonly PlannedStep[]): Promise<Step[]> {
    const steps: Step[] = [];
    for (const step of planned) {
      const { channel, kind } = await templateById(tx, step.templateId);
      if (kind === 'transactional') throw refusal('TEMPLATE_TRANSACTIONAL');
      steps.push({ ...step, channel });
    }
    const violations = bounceViolations(steps);
    if (violations.length > 0) throw invalidArgument(...violations);
    return steps;
  }
}
