import { Inject, Injectable } from '@nestjs/common';
import { type DueItem } from '@heed/data-rights';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { AnnounceCalls } from '../dispatch/announce-calls.js';
import { DispatchedCallStore } from '../dispatch/dispatched-call.store.js';

/** Gives a call back to its campaign, which asks for it again when its time has come. It takes no line until then. */
@Injectable()
export class DeferCall {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly calls: DispatchedCallStore,
    private readonly announce: AnnounceCalls,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async defer(item: DueItem, until: Date, reason: string): Promise<void> {
    await this.uow.run(item.tenantId, async (tx) => {
      const asked = await this.calls.defer(tx, item.ref);
      if (asked) await this.announce.deferral(tx, item.ref, asked, until, reason, this.clock.now());
      await item.done(tx);
    });
  }
}
