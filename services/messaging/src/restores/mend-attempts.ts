import { Inject, Injectable } from '@nestjs/common';
import { AttemptConcluded, type messagingV1, typesV1 } from '@heed/contracts';
import { type IncomingEvent } from '@heed/events';
import { CLOCK, type Clock } from '@heed/kernel';
import { type Tx, UnitOfWork } from '@heed/postgres';
import { readToEnd, type ResyncStep } from '@heed/service';
import { AnnounceConclusions, WIRE_OUTCOME } from '../dispatch/announce-conclusions.js';
import { type Outcome } from '../dispatch/attempt.js';
import { LostAttemptsStore } from './lost-attempts.store.js';

const GROUP = 'messaging.resync-attempts';
const ROWS_A_TRANSACTION = 500;

/**
 * After a restore: what waits in this database may have been sent since the backup, and what was asked for since came in
 * a life that is over. None of it is sent. What messaging had told the others of it stands; all else is unknown.
 */
@Injectable()
export class MendAttempts {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly lost: LostAttemptsStore,
    private readonly announce: AnnounceConclusions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async endOpen(tenants: readonly string[]): Promise<void> {
    await this.ofEach(tenants, (tx) => this.lost.endOpen(tx, ROWS_A_TRANSACTION, this.clock.now()));
  }

  /** The last word on an attempt is what became of it. */
  async take(
    tx: Tx,
    events: readonly Pick<IncomingEvent<messagingV1.AttemptConcluded>, 'data'>[],
  ): Promise<void> {
    const last = [...new Map(events.map(({ data }) => [data.attemptId, data])).values()];
    const ends = last.flatMap(({ attemptId, outcome, reason, concludedAt }) => {
      const ended = OUTCOMES.get(outcome);
      return ended ? [{ attemptId, outcome: ended, reason, at: new Date(concludedAt) }] : [];
    });
    await this.lost.end(tx, ends);
    await this.lost.defer(
      tx,
      last.filter(({ outcome }) => outcome === typesV1.Outcome.OUTCOME_DEFERRED),
    );
  }

  async tellRest(tenants: readonly string[]): Promise<void> {
    await this.ofEach(tenants, async (tx) => {
      const untold = await this.lost.takeUntold(tx, ROWS_A_TRANSACTION);
      // Who was erased meanwhile has been answered for by their erasure.
      const ofPeople = untold.filter(({ contactId }) => contactId !== null);
      await this.announce.of(tx, ofPeople, this.clock.now());
      return untold.length;
    });
  }

  private async ofEach(tenants: readonly string[], work: (tx: Tx) => Promise<number>): Promise<void> {
    for (const tenantId of tenants) {
      while ((await this.uow.run(tenantId, work)) > 0);
    }
  }
}

const OUTCOMES = new Map(Object.entries(WIRE_OUTCOME).map(([outcome, wire]) => [wire, outcome as Outcome]));

/** Before anything is read: what is asked for again meets attempts that have ended. */
export const openAttempts: ResyncStep = {
  name: 'open-attempts',
  run: async ({ get, tenants }) => get(MendAttempts).endOpen(await tenants()),
};

export const ownOutcomes: ResyncStep = {
  name: 'outcomes',
  always: true,
  run: async (context) => {
    const mend = context.get(MendAttempts);
    await readToEnd(context, {
      event: AttemptConcluded,
      group: GROUP,
      handle: (tx, events) => mend.take(tx, events),
    });
    await mend.tellRest(await context.tenants());
  },
};
