import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { InHandStore, type Claimed } from './in-hand.store.js';
import { MessageStore } from './message.store.js';

/** Takes waiting attempts in hand, and finds those that it has in hand without knowing. */
@Injectable()
export class ClaimWork {
  private readonly inHand = new Map<string, Set<string>>();
  /** Tenants where an answer of the database was lost. */
  private readonly doubtful = new Set<string>();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly attempts: InHandStore,
    private readonly messages: MessageStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async claim(tenantId: string, senderId: string, most: number): Promise<Claimed[]> {
    try {
      const claimed = await this.uow.run(tenantId, (tx) =>
        this.attempts.claim(tx, senderId, most, this.clock.now()),
      );
      const mine = this.inHand.get(tenantId) ?? new Set();
      this.inHand.set(tenantId, mine);
      for (const { attemptId } of claimed) mine.add(attemptId);
      return claimed;
    } catch (error) {
      this.doubtful.add(tenantId);
      throw error;
    }
  }

  /** They are settled and written down. */
  release(tenantId: string, claimed: readonly Claimed[], doubtful: boolean): void {
    const mine = this.inHand.get(tenantId);
    for (const { attemptId } of claimed) mine?.delete(attemptId);
    if (mine?.size === 0) this.inHand.delete(tenantId);
    if (doubtful) this.doubtful.add(tenantId);
  }

  get emptyHanded(): boolean {
    return this.inHand.size === 0;
  }

  /** An attempt that bears our name and is in nobody's hands was never begun: it waits again. */
  async giveBackStrays(senderId: string): Promise<void> {
    for (const tenantId of [...this.doubtful]) {
      await this.uow.run(tenantId, async (tx) => {
        const strays = await this.attempts.strays(tx, senderId, [...(this.inHand.get(tenantId) ?? [])]);
        const nextAt = this.clock.now();
        await this.attempts.giveBack(
          tx,
          senderId,
          strays.map((attemptId) => ({ attemptId, nextAt })),
        );
        await this.messages.discard(tx, strays);
      });
      this.doubtful.delete(tenantId);
    }
  }
}
