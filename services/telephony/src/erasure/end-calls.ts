import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { SpecialCases, type Order, type SpecialErasure } from '@heed/data-rights';
import { CLOCK, type Clock } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { AnnounceCalls } from '../dispatch/announce-calls.js';
import { RecordingWork } from '../recordings/recording-work.js';
import { OpenCallStore } from './open-call.store.js';

/** Nobody is on the phone with us while they are erased: their calls are ended first. */
@Injectable()
export class EndCalls implements SpecialErasure, OnModuleInit {
  constructor(
    private readonly special: SpecialCases,
    private readonly calls: OpenCallStore,
    private readonly recordings: RecordingWork,
    private readonly announce: AnnounceCalls,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.special.addErasure(this);
  }

  /** Whoever follows a running call is asked to hang up. Permits have been stopped: no further call begins. */
  async ready(tx: Tx, orders: readonly Order[]): Promise<boolean> {
    return (await this.calls.askToHangUp(tx, subjectsOf(orders))) === 0;
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
