import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { Incarnation } from './incarnation.js';
import { SenderStore } from './sender.store.js';
import { SilenceWatch } from './silence-watch.js';

const KEPT_MS = 30 * 86_400_000;

/** Which of the other senders are no more. Nobody judges itself: whoever can look is not silent. */
@Injectable()
export class LostSenders {
  private readonly watch = new SilenceWatch();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly senders: SenderStore,
    private readonly incarnation: Incarnation,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Those whose attempts are to be looked after. They have lost the right to conclude by now. */
  find(): Promise<string[]> {
    return this.uow.runAcross('service', async (tx) => {
      const others = (await this.senders.beating(tx)).filter(
        ({ senderId }) => senderId !== this.incarnation.senderId,
      );
      const silent = this.watch.observe(others, this.clock.monotonicMs());
      for (const heartbeat of silent) await this.senders.declareLost(tx, heartbeat, this.clock.now());
      return this.senders.unswept(tx);
    });
  }

  /** Nothing is in their hands any more. */
  async swept(senderIds: readonly string[]): Promise<void> {
    await this.uow.runAcross('service', async (tx) => {
      const at = this.clock.now();
      await this.senders.swept(tx, senderIds, at);
      await this.senders.forget(tx, new Date(at.getTime() - KEPT_MS));
    });
  }
}
