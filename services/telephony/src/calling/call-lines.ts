import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { DueWork, type DueItem } from '@heed/data-rights';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { LOGGER, type Logger } from '@heed/telemetry';
import { CallPageStore } from '../calls/call-page.store.js';
import { type TelephonySettings } from '../settings.js';
import { CallSteps } from './call-steps.js';
import { ConcludeCall } from './conclude-call.js';
import { FollowCall } from './follow-call.js';
import { StartCall } from './start-call.js';

const CALLS = 'calls';

/**
 * The lines of this process: each takes a call from its placing to its end. A call is a row of durable work, claimed by
 * one process, which renews its claim while the call runs; the call of a process that died is claimed by another 15 s
 * later. That one never places it again: if the carrier knows it, it is followed, otherwise nobody can tell (I7).
 */
@Injectable()
export class CallLines {
  readonly due: DueWork;
  private readonly stopping = new AbortController();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly pages: CallPageStore,
    private readonly startCall: StartCall,
    private readonly followCall: FollowCall,
    private readonly concludeCall: ConcludeCall,
    private readonly steps: CallSteps,
    @Inject(SETTINGS) { HEED_CALL_LINES: parallel }: TelephonySettings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) log: Logger,
  ) {
    this.due = new DueWork({ work: uow, clock, log, parallel });
    this.due.serve(CALLS, (item) => this.carry(item));
  }

  start(): void {
    this.due.start();
  }

  /** Leaves running calls to the next process. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.due.stop();
  }

  async queue(tx: Tx, callId: string): Promise<void> {
    await this.due.add(tx, CALLS, [callId]);
  }

  private async carry(item: DueItem): Promise<void> {
    const { tenantId, ref: callId } = item;
    const row = await this.uow.run(tenantId, (tx) => this.pages.find(tx, callId));
    if (!row?.contactId || row.state === 'ended') return this.uow.run(tenantId, (tx) => item.done(tx));
    const { contactId, purpose, wantsRecording, createdAt } = row;
    const { signal } = this.stopping;
    if (row.state !== 'queued') {
      return this.followCall.follow(item, { contactId, wantsRecording, isRecovered: true }, signal);
    }
    const waiting = { tenantId, callId, contactId, purpose, wantsRecording, createdAt };
    const started = await this.startCall.start(waiting, signal);
    switch (started.kind) {
      case 'over':
        return this.concludeCall.conclude(item, started.end);
      case 'at-carrier':
        try {
          await this.steps.reached('placed', callId);
          const { voided } = started.permit;
          const running = { contactId, wantsRecording, voided, isRecovered: false };
          return await this.followCall.follow(item, running, signal);
        } finally {
          started.permit.release();
        }
      default:
        // Refused where the work is another's by now; otherwise the next look sees what became of the row.
        return this.uow.run(tenantId, (tx) => item.putOff(tx, this.clock.now()));
    }
  }
}
