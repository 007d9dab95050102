import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HoldChanged } from '@heed/contracts';
import { DueWork, type DueItem } from '@heed/data-rights';
import { Outbox } from '@heed/events';
import { UnitOfWork } from '@heed/postgres';
import { holdById } from './hold.store.js';

/** Holds that changed. Added by a trigger (migration 0032): they change in several places. */
export const TELL_HOLDS = 'tell-holds';

/** Tells every service whom a hold keeps, within a second: its purges by age spare them. Ids, and nothing of why. */
@Injectable()
export class TellHolds implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly due: DueWork,
  ) {}

  onModuleInit(): void {
    this.due.serve(TELL_HOLDS, (item) => this.tell(item));
  }

  private tell(item: DueItem): Promise<void> {
    return this.uow.run(item.tenantId, async (tx) => {
      const hold = await holdById(tx, item.ref);
      if (hold) {
        const { holdId, subjectId, releasedAt } = hold;
        await this.outbox.add(tx, HoldChanged, { holdId, subjectId, released: releasedAt !== null });
      }
      await item.done(tx);
    });
  }
}
