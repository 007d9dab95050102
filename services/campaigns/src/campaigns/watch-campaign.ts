import { Inject, Injectable } from '@nestjs/common';
import { type campaignsV1 } from '@heed/contracts';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { CampaignChanges } from '../ledger/campaign-changes.js';
import { hasEnded } from './campaign.js';
import { campaignById } from './campaign.store.js';
import { campaignsSeen } from './see-campaigns.js';

/** At most five messages a second, however fast the ledger moves. */
const APART_MS = 200;
/** How late a change made by another replica is seen, at worst. */
const POLL_MS = 1_000;

/** The campaign now, and again whenever its ledger or state has changed, until it has ended. */
@Injectable()
export class WatchCampaign {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly changes: CampaignChanges,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async *watch(
    tenantId: string,
    campaignId: string,
    signal: AbortSignal,
  ): AsyncGenerator<campaignsV1.Campaign> {
    const { bell, release } = this.changes.listen(campaignId);
    try {
      let told = '';
      while (!signal.aborted) {
        const { message, ended } = await this.read(tenantId, campaignId);
        const content = JSON.stringify(message, (_, value: unknown) =>
          typeof value === 'bigint' ? String(value) : value,
        );
        if (content !== told) yield message;
        if (ended) return;
        told = content;
        await this.clock.wait(APART_MS, signal).catch(() => undefined);
        await bell.heard(POLL_MS - APART_MS, signal);
      }
    } finally {
      release();
    }
  }

  private read(
    tenantId: string,
    campaignId: string,
  ): Promise<{ message: campaignsV1.Campaign; ended: boolean }> {
    return this.uow.run(tenantId, async (tx) => {
      const campaign = await campaignById(tx, campaignId);
      const [message] = await campaignsSeen(tx, [campaign]);
      return { message: message!, ended: hasEnded(campaign.state) };
    });
  }
}
