import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { SpecialCases, type Order, type SpecialRestriction } from '@heed/data-rights';
import { CLOCK, type Clock } from '@heed/kernel';
import { lockSubjects, type Tx } from '@heed/postgres';
import { liftRestrictions, stopContacts } from '../permits/stopped.store.js';
import { Revocations } from '../suppression/revocations.js';

/**
 * What a restriction takes beyond the mark on the person: no permits. They were stopped when the request was taken;
 * whoever was not known then, or was lost with a restored database, is stopped by the order. Lifted in its transaction.
 */
@Injectable()
export class RestrictPermits implements SpecialRestriction, OnModuleInit {
  constructor(
    private readonly special: SpecialCases,
    private readonly revocations: Revocations,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.special.addRestriction(this);
  }

  async restrict(tx: Tx, { subjectIds, requestId }: Order): Promise<void> {
    const living = await lockSubjects(tx, subjectIds);
    const stops = [...living].map((contactId) => ({ contactId, requestId }));
    await stopContacts(tx, stops, { restricts: true }, this.clock.now());
    for (const contactId of living) this.revocations.after(tx, { contactId });
  }

  lift(tx: Tx, { subjectIds, requestId }: Order): Promise<void> {
    return liftRestrictions(tx, subjectIds, requestId);
  }
}
