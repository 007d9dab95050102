import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { logger } from '@heed/telemetry';
import { CarryMessage } from './carry-message.js';
import { Conclusions } from './conclusions.js';
import { type Claimed } from './in-hand.store.js';
import { ofNobody, pauseAfter, type Next } from './outcome.js';
import { type Prepared } from './prepare-messages.js';
import { type Batch, SendBatch } from './send-batch.js';
import { Slots } from './slots.js';
import { SlotPace } from './slot-pace.js';
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
    private readonly pace: SlotPace,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Resolves when every attempt is settled and written down. */
  async deliver(batch: Batch, taken: readonly SmtpSlot[]): Promise<Delivered> {
    const free = await this.slots.readied(taken);
    const settling: Promise<void>[] = [];
    let again: Date | undefined;
    const settle = (attempt: Claimed, told: Next): void => {
      const next = attempt.campaignId === '' ? ofNobody(told, attempt, this.clock.now()) : told;
      if ('again' in next && !(again && again <= next.again)) again = next.again;
      const { tenantId, senderId } = batch;
      const { attemptId, traceparent } = attempt;
      settling.push(this.conclusions.add({ tenantId, senderId, attemptId, next, traceparent }));
    };
    // Asked for no more than leave before their permits end: each that waits longer would die of age (ATTACKS 2.13).
    const sendable = batch.claimed.slice(0, free.length * this.pace.turns);
    const soon = new Date(this.clock.now().getTime() + pauseAfter(0));
    for (const attempt of batch.claimed.slice(sendable.length)) settle(attempt, { again: soon });
    const armed: Prepared[] = [];
    const wentThrough = await this.sendBatch.send(
      { ...batch, claimed: sendable },
      { settle, lost: () => undefined, carry: (message) => armed.push(message) },
    );
    armed.reverse();
    await Promise.all(free.map((slot) => this.carryAll(batch.senderId, armed, slot, settle)));
    await Promise.all(settling);
    return { wentThrough: wentThrough && free.length === taken.length, again };
  }

  /** Message after message, as long as there are any. */
  private async carryAll(
    senderId: string,
    armed: Prepared[],
    slot: SmtpSlot,
    settle: (attempt: Claimed, next: Next) => void,
  ): Promise<void> {
    try {
      for (let message = armed.pop(); message; message = armed.pop()) {
        await this.carry(senderId, message, slot, settle);
        // Where the server hung up: connected again, or the next one is given back without having begun.
        if (armed.length > 0) await slot.ready().catch(() => undefined);
      }
    } finally {
      this.slots.giveBack(slot);
    }
  }

  private async carry(
    senderId: string,
    message: Prepared,
    slot: SmtpSlot,
    settle: (attempt: Claimed, next: Next) => void,
  ): Promise<void> {
    const from = this.clock.monotonicMs();
    try {
      settle(message.attempt, await this.carryMessage.carry(senderId, message, slot));
      this.pace.took(this.clock.monotonicMs() - from);
    } catch (error) {
      // A fault of ours, and nobody knows how far it came.
      log.error('a hand-over ended in an error', { error, attemptId: message.attempt.attemptId });
      slot.close();
      settle(message.attempt, { end: { outcome: 'unknown', reason: 'sender_error', lateMs: 0 } });
    }
  }
}
