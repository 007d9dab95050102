import { Inject, Injectable } from '@nestjs/common';
import { CallConcluded, type telephonyV1, typesV1 } from '@heed/contracts';
import { type IncomingEvent } from '@heed/events';
import { CLOCK, type Clock } from '@heed/kernel';
import { type Tx, UnitOfWork } from '@heed/postgres';
import { readToEnd, type ResyncStep } from '@heed/service';
import { endedByOf, outcomeOf } from '../calls/call-message.js';
import { AnnounceCalls } from '../dispatch/announce-calls.js';
import { LostCallsStore } from './lost-calls.store.js';

const GROUP = 'telephony.resync-calls';
const ROWS_A_TRANSACTION = 500;

/**
 * After a restore: a call that waits in this database may have been placed since the backup, and what was asked for
 * since came in a life that is over. None of it is placed. What telephony had told the others of it stands; all else is
 * unknown.
 */
@Injectable()
export class MendCalls {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly lost: LostCallsStore,
    private readonly announce: AnnounceCalls,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async endOpen(tenants: readonly string[]): Promise<void> {
    await this.ofEach(tenants, (tx) => this.lost.endOpen(tx, ROWS_A_TRANSACTION, this.clock.now()));
  }

  /** The last word on a call is what became of it. */
  async take(
    tx: Tx,
    events: readonly Pick<IncomingEvent<telephonyV1.CallConcluded>, 'data'>[],
  ): Promise<void> {
    const last = [...new Map(events.map(({ data }) => [data.callId, data])).values()];
    const ends = last.flatMap(({ callId, outcome, reason, endedBy, concludedAt }) => {
      const ended = outcomeOf(outcome);
      return ended
        ? [{ callId, outcome: ended, reason, endedBy: endedByOf(endedBy), at: new Date(concludedAt) }]
        : [];
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
      await this.announce.ends(tx, untold, this.clock.now());
      return untold.length;
    });
  }

  private async ofEach(tenants: readonly string[], work: (tx: Tx) => Promise<number>): Promise<void> {
    for (const tenantId of tenants) {
      while ((await this.uow.run(tenantId, work)) > 0);
    }
  }
}

/** Before anything is read: what is asked for again meets calls that have ended. */
export const openCalls: ResyncStep = {
  name: 'open-calls',
  run: async ({ get, tenants }) => get(MendCalls).endOpen(await tenants()),
};

export const ownOutcomes: ResyncStep = {
  name: 'outcomes',
  always: true,
  run: async (context) => {
    const mend = context.get(MendCalls);
    await readToEnd(context, {
      event: CallConcluded,
      group: GROUP,
      handle: (tx, events) => mend.take(tx, events),
    });
    await mend.tellRest(await context.tenants());
  },
};
