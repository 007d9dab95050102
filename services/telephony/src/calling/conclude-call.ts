import { Inject, Injectable } from '@nestjs/common';
import { type DueItem } from '@heed/data-rights';
import { CLOCK, type Clock } from '@heed/kernel';
import { lockSubjects, UnitOfWork } from '@heed/postgres';
import { LOGGER, metrics, type Logger } from '@heed/telemetry';
import { type CallEnd } from '../calls/call.js';
import { CallStore } from '../calls/call.store.js';
import { AnnounceCalls } from '../dispatch/announce-calls.js';
import { RecordingWork } from '../recordings/recording-work.js';

/** A request that was written before its sender died may reach the carrier this late. */
const LATE_AT_CARRIER_MS = 60_000;

const endedCalls = metrics.counter('heed_calls_ended_total', { description: 'Calls, by how they ended' });

export interface AtCarrier {
  contactId: string;
  /** The carrier has a recording, and it is wanted. */
  keepRecording: boolean;
}

/** Writes down how a call ended, and in the same transaction what is to happen to what the carrier has of it. */
@Injectable()
export class ConcludeCall {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly calls: CallStore,
    private readonly recordings: RecordingWork,
    private readonly announce: AnnounceCalls,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** `atCarrier` is absent where the carrier never heard of the call. */
  async conclude(item: DueItem, end: CallEnd, atCarrier?: AtCarrier): Promise<void> {
    const { tenantId, ref: callId } = item;
    await this.uow.run(tenantId, async (tx) => {
      const at = this.clock.now();
      const living = await lockSubjects(tx, atCarrier ? [atCarrier.contactId] : []);
      const ended = await this.calls.end(tx, callId, end, at);
      await this.announce.ends(tx, ended ? [ended] : [], at);
      if (ended && atCarrier?.keepRecording && living.has(atCarrier.contactId)) {
        await this.recordings.expect(tx, callId, atCarrier.contactId);
      } else if (atCarrier) {
        const late = end.outcome === 'unknown' ? LATE_AT_CARRIER_MS : 0;
        await this.recordings.clear(tx, [callId], new Date(at.getTime() + late));
      }
      await item.done(tx);
      if (!ended) return;
      const { outcome } = end;
      tx.afterCommit(() => {
        endedCalls.add(1, { outcome });
        this.log.info('call ended', { callId, tenantId, outcome });
      });
    });
  }
}
