import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { logger } from '@heed/telemetry';
import { CarryMessage } from './carry-message.js';
import { Conclusions } from './conclusions.js';
import { type Claimed } from './in-hand.store.js';
import { pauseAfter, type Next } from './outcome.js';
import { type Prepared } from './prepare-messages.js';
import { type Batch, SendBatch } from './send-batch.js';
import { Slots } from './slots.js';
import { type SmtpSlot } from './smtp-slot.js';

const log = logger({ component: 'sending' });

export interface Delivered {
  /** False: something was away, and it is worth waiting before the next batch. */
  wentThrough: boolean;
  /** When the first of those that were given back is due. */
  again: Date | undefined;
}

/** A batch from its claim to its conclusions, over slots that were taken for it. */
@Injectable()
export class DeliverBatch {
  constructor(
    private readonly sendBatch: SendBatch,
    private readonly carryMessage: CarryMessage,
    private readonly conclusions: Conclusions,
    private readonly slots: Slots,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Resolves when every attempt is settled and written down. */
  async deliver(batch: Batch, taken: readonly SmtpSlot[]): Promise<Delivered> {
    const free = await this.slots.readied(taken);
    const settling: Promise<void>[] = [];
    let again: Date | undefined;
    const settle = (attempt: Claimed, next: Next): void => {
      if ('again' in next && !(again && again <= next.again)) again = next.again;
      const { tenantId, senderId } = batch;
      const { attemptId, traceparent } = attempt;
      settling.push(this.conclusions.add({ tenantId, senderId, attemptId, next, traceparent }));
    };
    // Asked for no more than there are connections: each permit that waits for one would die of age (ATTACKS 2.13).
    const sendable = batch.claimed.slice(0, free.length);
    const soon = new Date(this.clock.now().getTime() + pauseAfter(0));
    for (const attempt of batch.claimed.slice(free.length)) settle(attempt, { again: soon });
    const carrying: Promise<void>[] = [];
    const wentThrough = await this.sendBatch.send(
      { ...batch, claimed: sendable },
      {
        settle,
        lost: () => undefined,
        carry: (message) => carrying.push(this.carry(batch.senderId, message, free.pop()!, settle)),
      },
    );
    for (const slot of free) this.slots.giveBack(slot);
    await Promise.all(carrying);
    await Promise.all(settling);
    return { wentThrough: wentThrough && sendable.length === batch.claimed.length, again };
  }

  private async carry(
    senderId: string,
    message: Prepared,
    slot: SmtpSlot,
    settle: (attempt: Claimed, next: Next) => void,
  ): Promise<void> {
    try {
      settle(message.attempt, await this.carryMessage.carry(senderId, message, slot));
    } catch (error) {
      // A fault of ours, and nobody knows how far it came.
      log.error('a hand-over ended in an error', { error, attemptId: message.attempt.attemptId });
      slot.close();
      settle(message.attempt, { end: { outcome: 'unknown', reason: 'sender_error', lateMs: 0 } });
    } finally {
      this.slots.giveBack(slot);
    }
  }
}
