import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { type HeldPermit } from '@heed/permits';
import { lockSubjects, UnitOfWork } from '@heed/postgres';
import { DenyStore, type Deny } from '../inbound/deny.store.js';
import { CopyStore, type Copy } from './copy.store.js';
import { InHandStore, type Armament } from './in-hand.store.js';
import { MessageStore } from './message.store.js';
import { type Prepared } from './prepare-messages.js';

export interface Armed {
  armed: Prepared[];
  /** Their address was written to by this step of the campaign already, for somebody else who has it too. */
  duplicates: Prepared[];
  /** Their person was erased a moment ago. */
  erased: Prepared[];
  /** Heard here, by mail, and contacts may not know of it yet. */
  denied: { message: Prepared; reason: Deny['reason'] }[];
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
    private readonly denies: DenyStore,
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
      const denials = await this.denies.among(tx, present.map(reachedBy), at);
      const denied = present.flatMap((message) => {
        const reason = denials.get(message.attempt.attemptId);
        return reason ? [{ message, reason }] : [];
      });
      const permitted = present.filter(({ attempt }) => !denials.has(attempt.attemptId));
      const ofCampaigns = permitted.filter(({ attempt }) => attempt.campaignId !== '');
      const first = await this.copies.reserve(tx, ofCampaigns.map(copyFor), at);
      const duplicates = ofCampaigns.filter(({ attempt }) => !first.has(attempt.attemptId));
      const only = permitted.filter((message) => !duplicates.includes(message));
      const mine = await this.attempts.arm(tx, senderId, only.map(armamentOf), at);
      const armed = only.filter(({ attempt }) => mine.has(attempt.attemptId));
      const lost = only.filter(({ attempt }) => !mine.has(attempt.attemptId));
      await this.messages.write(
        tx,
        armed.flatMap(({ attempt: { attemptId, contactId }, sealed: content }) =>
          content ? [{ attemptId, contactId, content }] : [],
        ),
        at,
      );
      return { armed, denied, duplicates, erased, lost };
    });
  }

  /** Another permit for an attempt that is armed already. False: it is not this sender's any more, or is denied. */
  rearm(senderId: string, permit: HeldPermit): Promise<boolean> {
    return this.uow.run(permit.tenantId, async (tx) => {
      const at = this.clock.now();
      const { attemptId, contactId, proof } = permit;
      const heardFrom = Buffer.from(permit.endpointHash, 'hex');
      const denials = await this.denies.among(tx, [{ attemptId, contactId, endpointHash: heardFrom }], at);
      if (denials.size > 0) return false;
      const endpointHash = keptHash(permit);
      const mine = await this.attempts.rearm(tx, senderId, [{ attemptId, proof, endpointHash }], at);
      return mine.has(attemptId);
    });
  }
}

function reachedBy({ attempt: { attemptId, contactId }, permit }: Prepared) {
  return { attemptId, contactId, endpointHash: Buffer.from(permit.endpointHash, 'hex') };
}

function armamentOf({ attempt: { attemptId }, permit }: Prepared): Armament {
  return { attemptId, proof: permit.proof, endpointHash: keptHash(permit) };
}

/** A requester is forgotten by privacy alone: what is kept here leads to them by nothing but an id of privacy's. */
function keptHash({ proof, endpointHash }: HeldPermit): Buffer | null {
  return proof.issuer === 'privacy' ? null : Buffer.from(endpointHash, 'hex');
}

function copyFor({ attempt, permit }: Prepared): Copy {
  const { attemptId, campaignId, step, contactId } = attempt;
  return { attemptId, campaignId, step, contactId, endpointHash: Buffer.from(permit.endpointHash, 'hex') };
}
