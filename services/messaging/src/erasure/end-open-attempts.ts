import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { SpecialCases, type SpecialErasure } from '@heed/data-rights';
import { CLOCK, type Clock } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { AnnounceConclusions } from '../dispatch/announce-conclusions.js';
import { OpenAttemptStore } from './open-attempt.store.js';

type Orders = Parameters<NonNullable<SpecialErasure['before']>>[1];

/** Before a person's attempts are anonymised each must have ended, or the ledger of its campaign would never balance. */
@Injectable()
export class EndOpenAttempts implements SpecialErasure, OnModuleInit {
  constructor(
    private readonly special: SpecialCases,
    private readonly attempts: OpenAttemptStore,
    private readonly announce: AnnounceConclusions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.special.addErasure(this);
  }

  /** What is being handed over at this moment gets to its end first: permits have been stopped, so that is soon. */
  async ready(tx: Tx, orders: Orders): Promise<boolean> {
    return !(await this.attempts.anyArmed(tx, subjectsOf(orders)));
  }

  async before(tx: Tx, orders: Orders): Promise<void> {
    const at = this.clock.now();
    await this.announce.of(tx, await this.attempts.endAll(tx, subjectsOf(orders), at), at);
  }
}

function subjectsOf(orders: Orders): string[] {
  return orders.flatMap(({ subjectIds }) => subjectIds);
}
