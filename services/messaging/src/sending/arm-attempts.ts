import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { type HeldPermit } from '@heed/permits';
import { lockSubjects, UnitOfWork } from '@heed/postgres';
import { CopyStore, type Copy } from './copy.store.js';
import { InHandStore } from './in-hand.store.js';
import { MessageStore } from './message.store.js';
import { type Prepared } from './prepare-messages.js';

export interface Armed {
  armed: Prepared[];
  /** Their address was written to by this step of the campaign already, for somebody else who has it too. */
  duplicates: Prepared[];
  /** Their person was erased a moment ago. */
  erased: Prepared[];
  /** Somebody found this sender silent and took them. */
  lost: Prepared[];
}

/**
 * Commits, before the first byte, that these attempts may be made, by whom, under which permits, and what they say
 * (ATTACKS 1.1). A permit is proof only if it stands in the row that a crash leaves behind.
 */
@Injectable()
export class ArmAttempts {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly attempts: InHandStore,
    private readonly messages: MessageStore,
    private readonly copies: CopyStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  arm(tenantId: string, senderId: string, prepared: readonly Prepared[]): Promise<Armed> {
    return this.uow.run(tenantId, async (tx) => {
      const at = this.clock.now();
      const living = await lockSubjects(
        tx,
        prepared.map(({ attempt }) => attempt.contactId),
      );
      const present = prepared.filter(({ attempt }) => living.has(attempt.contactId));
      const erased = prepared.filter(({ attempt }) => !living.has(attempt.contactId));
      const first = await this.copies.reserve(tx, present.map(copyFor), at);
      const only = present.filter(({ attempt }) => first.has(attempt.attemptId));
      const duplicates = present.filter(({ attempt }) => !first.has(attempt.attemptId));
      const mine = await this.attempts.arm(tx, senderId, only.map(proofFor), at);
      const armed = only.filter(({ attempt }) => mine.has(attempt.attemptId));
      const lost = only.filter(({ attempt }) => !mine.has(attempt.attemptId));
      await this.messages.write(
        tx,
        armed.map(({ attempt, sealed }) => ({
          attemptId: attempt.attemptId,
          contactId: attempt.contactId,
          content: sealed,
        })),
        at,
      );
      return { armed, duplicates, erased, lost };
    });
  }

  /** Another permit for an attempt that is armed already. False: it is not this sender's any more. */
  rearm(senderId: string, permit: HeldPermit): Promise<boolean> {
    return this.uow.run(permit.tenantId, async (tx) => {
      const { attemptId, proof } = permit;
      const mine = await this.attempts.rearm(tx, senderId, [{ attemptId, proof }], this.clock.now());
      return mine.has(attemptId);
    });
  }
}

function proofFor({ attempt, permit }: Prepared) {
  return { attemptId: attempt.attemptId, proof: permit.proof };
}

function copyFor({ attempt, permit }: Prepared): Copy {
  const { attemptId, campaignId, step, contactId } = attempt;
  return { attemptId, campaignId, step, contactId, endpointHash: Buffer.from(permit.endpointHash, 'hex') };
}
