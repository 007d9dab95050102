import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { type HeldPermit } from '@heed/permits';
import { lockSubjects, UnitOfWork } from '@heed/postgres';
import { InHandStore } from './in-hand.store.js';
import { MessageStore } from './message.store.js';
import { type Prepared } from './prepare-messages.js';

export interface Armed {
  armed: Prepared[];
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
      const mine = await this.attempts.arm(tx, senderId, present.map(proofFor), at);
      const armed = present.filter(({ attempt }) => mine.has(attempt.attemptId));
      const lost = present.filter(({ attempt }) => !mine.has(attempt.attemptId));
      await this.messages.write(
        tx,
        armed.map(({ attempt, sealed }) => ({
          attemptId: attempt.attemptId,
          contactId: attempt.contactId,
          content: sealed,
        })),
        at,
      );
      return { armed, erased, lost };
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
