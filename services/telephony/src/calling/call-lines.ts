import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { DueWork, type DueItem } from '@heed/data-rights';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { LOGGER, type Logger } from '@heed/telemetry';
import { type CallEntity } from '../calls/call.entity.js';
import { CallPageStore } from '../calls/call-page.store.js';
import { type TelephonySettings } from '../settings.js';
import { CallSteps } from './call-steps.js';
import { ConcludeCall } from './conclude-call.js';
import { DeferCall } from './defer-call.js';
import { FollowCall } from './follow-call.js';
import { StartCall, type CampaignCall } from './start-call.js';

const CALLS = 'calls';
const CAMPAIGN_CALLS = 'campaign-calls';

/**
 * The lines of this process: each takes a call from its placing to its end. A call is a row of durable work, claimed by
 * one process, which renews its claim while the call runs; the call of a process that died is claimed by another 15 s
 * later. That one never places it again: if the carrier knows it, it is followed, otherwise nobody can tell (I7).
 */
@Injectable()
export class CallLines {
  readonly due: DueWork;
  /** Lines of their own: a member who waits for a call does not wait behind a campaign. */
  readonly dueForCampaigns: DueWork;
  private readonly stopping = new AbortController();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly pages: CallPageStore,
    private readonly startCall: StartCall,
    private readonly followCall: FollowCall,
    private readonly concludeCall: ConcludeCall,
    private readonly deferCall: DeferCall,
    private readonly steps: CallSteps,
    @Inject(SETTINGS) { HEED_CALL_LINES: lines, HEED_CAMPAIGN_LINES: wanted }: TelephonySettings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) log: Logger,
  ) {
    const forCampaigns = Math.max(1, Math.min(wanted, lines - 1));
    this.due = new DueWork({ work: uow, clock, log, parallel: Math.max(1, lines - forCampaigns) });
    this.due.serve(CALLS, (item) => this.carry(item));
    this.dueForCampaigns = new DueWork({ work: uow, clock, log, parallel: forCampaigns });
    this.dueForCampaigns.serve(CAMPAIGN_CALLS, (item) => this.carry(item));
  }

  start(): void {
    this.due.start();
    this.dueForCampaigns.start();
  }

  /** Leaves running calls to the next process. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.due.stop(), this.dueForCampaigns.stop()]);
  }

  async queue(tx: Tx, callId: string): Promise<void> {
    await this.due.add(tx, CALLS, [callId]);
  }

  async queueForCampaigns(tx: Tx, callIds: readonly string[]): Promise<void> {
    await this.dueForCampaigns.add(tx, CAMPAIGN_CALLS, callIds);
  }

  private async carry(item: DueItem): Promise<void> {
    const { tenantId, ref: callId } = item;
    const row = await this.uow.run(tenantId, (tx) => this.pages.find(tx, callId));
    const isOver = row?.state === 'ended' || row?.state === 'deferred';
    if (!row?.contactId || isOver) return this.uow.run(tenantId, (tx) => item.done(tx));
    const { contactId, purpose, wantsRecording, createdAt } = row;
    const isOfCampaign = row.campaignId !== null;
    const { signal } = this.stopping;
    if (row.state !== 'queued') {
      const number = row.endpointHash && {
        contactId,
        endpointId: row.endpointId,
        endpointHash: row.endpointHash,
      };
      const running = {
        ...{ contactId, purpose, wantsRecording, isOfCampaign, isRecovered: true },
        ...(number && { number }),
      };
      return this.followCall.follow(item, running, signal);
    }
    const waiting = {
      tenantId,
      callId,
      contactId,
      purpose,
      wantsRecording,
      createdAt,
      campaign: campaignOf(row),
    };
    const started = await this.startCall.start(waiting, signal);
    switch (started.kind) {
      case 'over':
        return this.concludeCall.conclude(item, started.end);
      case 'deferred':
        return this.deferCall.defer(item, started.until, started.reason);
      case 'again':
        return this.uow.run(tenantId, (tx) => item.putOff(tx, started.at));
      case 'at-carrier':
        try {
          await this.steps.reached('placed', callId);
          const { voided, endpointHash, proof } = started.permit;
          const number = {
            ...{ contactId, endpointId: proof.endpointId },
            endpointHash: Buffer.from(endpointHash, 'hex'),
          };
          const running = {
            ...{ contactId, purpose, wantsRecording, isOfCampaign, number, voided },
            isRecovered: false,
          };
          return await this.followCall.follow(item, running, signal);
        } finally {
          started.permit.release();
        }
      default:
        // Refused where the work is another's by now; otherwise the next look sees what became of the row.
        return this.uow.run(tenantId, (tx) => item.putOff(tx, this.clock.now()));
    }
  }
}

function campaignOf({ campaignId, step, templateId, deferrals }: CallEntity): CampaignCall | undefined {
  if (campaignId === null || step === null || templateId === null) return undefined;
  return { campaignId, step, templateId, deferrals };
}
