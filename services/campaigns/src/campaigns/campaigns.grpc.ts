import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { campaignsV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { currentCall, FromCaller, readPage } from '@heed/rpc';
import { ListIntents } from '../ledger/list-intents.js';
import { ResolveIntent } from '../ledger/resolve-intent.js';
import { filterOf, LABEL_WAIVERS } from './campaign-message.js';
import { type Campaign } from './campaign.js';
import { campaignsBefore } from './campaign.store.js';
import { ChangeSteps } from './change-steps.js';
import { CommandCampaign } from './command-campaign.js';
import { CreateCampaign } from './create-campaign.js';
import { ListCountries } from './list-countries.js';
import { reviewItems } from './review-items.js';
import { campaignSeen, campaignsSeen } from './see-campaigns.js';
import { UpdateStep } from './update-step.js';
import { WatchCampaign } from './watch-campaign.js';

@Controller()
@campaignsV1.CampaignsServiceControllerMethods()
export class CampaignsGrpc implements Omit<campaignsV1.CampaignsServiceController, 'watchCampaign'> {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly creating: CreateCampaign,
    private readonly updating: UpdateStep,
    private readonly changing: ChangeSteps,
    private readonly commanding: CommandCampaign,
    private readonly watching: WatchCampaign,
    private readonly listing: ListIntents,
    private readonly resolving: ResolveIntent,
    private readonly countries: ListCountries,
  ) {}

  createCampaign(
    @Payload() request: campaignsV1.CreateCampaignRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.CreateCampaignResponse> {
    return this.creating.create(caller, request);
  }

  async updateStep(
    @Payload() request: campaignsV1.UpdateStepRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.UpdateStepResponse> {
    return { campaign: await this.updating.update(caller, request) };
  }

  addStep(
    @Payload() request: campaignsV1.AddStepRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.AddStepResponse> {
    return this.changing.add(caller, request);
  }

  removeStep(
    @Payload() request: campaignsV1.RemoveStepRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.RemoveStepResponse> {
    return this.changing.remove(caller, request);
  }

  async getReview(
    @Payload() { campaignId }: campaignsV1.GetReviewRequest,
    @FromCaller() { tenantId }: Caller,
  ): Promise<campaignsV1.GetReviewResponse> {
    const living = await this.countries.living(tenantId, campaignId);
    return this.uow.run(tenantId, async (tx) => ({ items: await reviewItems(tx, campaignId, living) }));
  }

  async getCampaign(
    @Payload() { campaignId }: campaignsV1.GetCampaignRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.GetCampaignResponse> {
    return this.uow.run(caller.tenantId, async (tx) => ({ campaign: await campaignSeen(tx, campaignId) }));
  }

  async listCampaigns(
    @Payload() request: campaignsV1.ListCampaignsRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.ListCampaignsResponse> {
    const filter = filterOf(request);
    return this.uow.run(caller.tenantId, async (tx) => {
      const { rows, nextPageToken } = await readPage(
        request,
        { of: (campaign: Campaign) => campaign.campaignId },
        (before, limit) => campaignsBefore(tx, filter, before, limit),
      );
      return { campaigns: await campaignsSeen(tx, rows), nextPageToken };
    });
  }

  async startCampaign(
    @Payload() { campaignId }: campaignsV1.StartCampaignRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.StartCampaignResponse> {
    return { campaign: await this.commanding.run(caller, campaignId, 'start') };
  }

  async scheduleCampaign(
    @Payload() { campaignId, startAt }: campaignsV1.ScheduleCampaignRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.ScheduleCampaignResponse> {
    return {
      campaign: await this.commanding.run(caller, campaignId, 'schedule', { startAt: new Date(startAt) }),
    };
  }

  async unscheduleCampaign(
    @Payload() { campaignId }: campaignsV1.UnscheduleCampaignRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.UnscheduleCampaignResponse> {
    return { campaign: await this.commanding.run(caller, campaignId, 'unschedule') };
  }

  async confirmStart(
    @Payload() { campaignId }: campaignsV1.ConfirmStartRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.ConfirmStartResponse> {
    return { campaign: await this.commanding.run(caller, campaignId, 'confirm') };
  }

  async approveCampaign(
    @Payload() { campaignId, etag, labelWaiver: code }: campaignsV1.ApproveCampaignRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.ApproveCampaignResponse> {
    const labelWaiver = LABEL_WAIVERS[code];
    return { campaign: await this.commanding.run(caller, campaignId, 'approve', { etag, labelWaiver }) };
  }

  async pauseCampaign(
    @Payload() { campaignId }: campaignsV1.PauseCampaignRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.PauseCampaignResponse> {
    return { campaign: await this.commanding.run(caller, campaignId, 'pause') };
  }

  async resumeCampaign(
    @Payload() { campaignId }: campaignsV1.ResumeCampaignRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.ResumeCampaignResponse> {
    return { campaign: await this.commanding.run(caller, campaignId, 'resume') };
  }

  async cancelCampaign(
    @Payload() { campaignId }: campaignsV1.CancelCampaignRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.CancelCampaignResponse> {
    return { campaign: await this.commanding.run(caller, campaignId, 'cancel') };
  }

  async *watchCampaign(
    @Payload() { campaignId }: campaignsV1.WatchCampaignRequest,
    @FromCaller() caller: Caller,
  ): AsyncGenerator<campaignsV1.WatchCampaignResponse> {
    const signal = currentCall()?.signal ?? new AbortController().signal;
    for await (const campaign of this.watching.watch(caller.tenantId, campaignId, signal)) yield { campaign };
  }

  resolveIntent(
    @Payload() request: campaignsV1.ResolveIntentRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.ResolveIntentResponse> {
    return this.resolving.resolve(caller, request);
  }

  listIntents(
    @Payload() request: campaignsV1.ListIntentsRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.ListIntentsResponse> {
    return this.listing.list(caller.tenantId, request);
  }
}
