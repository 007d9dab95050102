import { Inject, Injectable } from '@nestjs/common';
import { countRefused, readQuarantine, REFUSED_ERASED } from '@heed/events';
import { CLOCK, type Clock } from '@heed/kernel';
import { admitSubjects, type Tx } from '@heed/postgres';
import { CallLines } from '../calling/call-lines.js';
import { RESTORED, RESTORING, skipped, unknown, type CallEnd } from '../calls/call.js';
import { AnnounceCalls } from './announce-calls.js';
import { type Dispatch } from './dispatch.js';
import { DispatchedCallStore } from './dispatched-call.store.js';

/** The consumer group that requests arrive by. */
export const DISPATCH_GROUP = 'telephony.dispatch';

/** Requests to call become calls that wait for a line; each is answered once, whatever becomes of it. */
@Injectable()
export class AcceptDispatch {
  constructor(
    private readonly calls: DispatchedCallStore,
    private readonly lines: CallLines,
    private readonly announce: AnnounceCalls,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async accept(tx: Tx, dispatches: readonly Dispatch[]): Promise<void> {
    if (dispatches.length === 0) return;
    const at = this.clock.now();
    const living = await this.livingOf(tx, dispatches, skipped('erased'), at);
    const waiting = await this.calls.enqueue(tx, living, at);
    await this.lines.queueForCampaigns(tx, waiting);
  }

  /**
   * What was asked for in a past that this database lost (a restore). The phone may have rung then: nobody can tell, so
   * nobody calls, and it is answered as unknown (ATTACKS 7.1). While the service catches up it waits for what was told of
   * it then (restores/).
   */
  async acceptReplayed(tx: Tx, dispatches: readonly Dispatch[]): Promise<void> {
    if (dispatches.length === 0) return;
    const at = this.clock.now();
    const isCatchingUp = (await readQuarantine(tx)) !== undefined;
    const living = await this.livingOf(tx, dispatches, unknown(RESTORED), at);
    const end = unknown(isCatchingUp ? RESTORING : RESTORED);
    const ended = await this.calls.insertEnded(tx, living, end, at);
    if (!isCatchingUp) await this.tell(tx, ended, end, at);
  }

  /** Of the erased no row may be any more; campaigns is told all the same, or its ledger would stay open for ever. */
  private async livingOf(
    tx: Tx,
    dispatches: readonly Dispatch[],
    endOfErased: CallEnd,
    at: Date,
  ): Promise<Dispatch[]> {
    const alive = await admitSubjects(
      tx,
      dispatches.map(({ contactId }) => contactId),
    );
    const erased = dispatches.filter(({ contactId }) => !alive.has(contactId));
    await countRefused(tx, DISPATCH_GROUP, REFUSED_ERASED, at, erased.length);
    await this.tell(tx, erased, endOfErased, at);
    return dispatches.filter(({ contactId }) => alive.has(contactId));
  }

  private tell(
    tx: Tx,
    dispatches: readonly Dispatch[],
    { outcome, reason }: CallEnd,
    at: Date,
  ): Promise<void> {
    return this.announce.ends(
      tx,
      dispatches.map(({ callId, intentId, campaignId, contactId, deferrals, traceparent }) => ({
        ...{ callId, outcome, reason },
        asked: { intentId, campaignId, contactId, deferrals, traceparent },
      })),
      at,
    );
  }
}
