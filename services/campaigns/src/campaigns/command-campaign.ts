import { Inject, Injectable } from '@nestjs/common';
import { type campaignsV1 } from '@heed/contracts';
import { CLOCK, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { Pacer } from '../dispatch/pacer.js';
import { wakeWork } from '../dispatch/work.store.js';
import { CampaignChanges } from '../ledger/campaign-changes.js';
import { lockLedgers, settle } from '../ledger/ledger.store.js';
import { resetPaces } from '../ledger/step-ledger.store.js';
import { follows, type Command } from './campaign.js';
import { campaignSeen } from './see-campaigns.js';
import { campaignById, saveState } from './campaign.store.js';

/** Start, pause, resume, cancel: a change of state behind the campaign's lock; the pacer does what follows from it. */
@Injectable()
export class CommandCampaign {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly pacer: Pacer,
    private readonly changes: CampaignChanges,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  run(caller: Caller, campaignId: string, command: Command): Promise<campaignsV1.Campaign> {
    return this.uow.run(caller.tenantId, async (tx) => {
      const at = this.clock.now();
      await campaignById(tx, campaignId);
      // Its work's row is locked before its ledger's, as everywhere. A pause needs no work: the pacer finds it.
      if (command !== 'pause') await wakeWork(tx, campaignId, at);
      await lockLedgers(tx, [campaignId]);
      const state = follows(command, (await campaignById(tx, campaignId)).state);
      if (state !== undefined) {
        await saveState(tx, campaignId, state, command === 'start' ? at : undefined);
        // What was not handed out meanwhile is not made up for.
        if (command === 'resume') await resetPaces(tx, campaignId, at);
        // A draft, and whatever else has nothing open, is cancelled at once.
        if (command === 'cancel') await settle(tx, [campaignId], at);
      }
      tx.afterCommit(() => {
        this.changes.ring([campaignId]);
        this.pacer.wake();
      });
      return campaignSeen(tx, campaignId);
    });
  }
}
