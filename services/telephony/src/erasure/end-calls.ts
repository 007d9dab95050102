import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { SpecialCases, type Order, type SpecialErasure } from '@heed/data-rights';
import { CLOCK, type Clock } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { AnnounceCalls } from '../dispatch/announce-calls.js';
import { RecordingWork } from '../recordings/recording-work.js';
import { HearOptOut } from '../opt-outs/hear-opt-out.js';
import { HeardOptOutStore } from '../opt-outs/heard-opt-out.store.js';
import { OpenCallStore } from './open-call.store.js';

/** Nobody is on the phone with us while they are erased: their calls are ended first. */
@Injectable()
export class EndCalls implements SpecialErasure, OnModuleInit {
  constructor(
    private readonly special: SpecialCases,
    private readonly calls: OpenCallStore,
    private readonly heard: HeardOptOutStore,
    private readonly optOuts: HearOptOut,
    private readonly recordings: RecordingWork,
    private readonly announce: AnnounceCalls,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.special.addErasure(this);
  }

  /**
   * Whoever follows a running call is asked to hang up. Permits have been stopped: no further call begins. What somebody
   * said no to in a call is told first: afterwards nobody knows who or where it was (ATTACKS 2.4).
   */
  async ready(tx: Tx, orders: readonly Order[]): Promise<boolean> {
    const contactIds = subjectsOf(orders);
    // Nobody will decide any more what they meant: it binds their number.
    await this.optOuts.endDoubts(tx, { contactIds });
    const running = await this.calls.askToHangUp(tx, contactIds);
    return running === 0 && !(await this.heard.isWaiting(tx, contactIds));
  }

  /** contacts is told of each under its own id: what it has recorded already changes nothing. */
  async hasten(): Promise<void> {
    await this.optOuts.due.runDue();
  }

  async before(tx: Tx, orders: readonly Order[]): Promise<void> {
    const contactIds = subjectsOf(orders);
    const at = this.clock.now();
    const ended = await this.calls.endAll(tx, contactIds, at);
    // Or the ledger of a campaign would never balance.
    await this.announce.ends(tx, ended, at);
    const begun = ended.filter(({ outcome }) => outcome === 'unknown').map(({ callId }) => callId);
    // Of what was not fetched yet the row goes, and with it all knowledge of where the carrier's copy lies.
    await this.recordings.clear(tx, [...begun, ...(await this.calls.unfetched(tx, contactIds))]);
  }
}

function subjectsOf(orders: readonly Order[]): string[] {
  return orders.flatMap(({ subjectIds }) => subjectIds);
}
