import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { typesV1 } from '@heed/contracts';
import { CLOCK, type Clock } from '@heed/kernel';
import { type Denial, type HeldPermit, PermitDesk } from '@heed/permits';
import { lockSubjects, UnitOfWork } from '@heed/postgres';
import { LOGGER, metrics, withSpan, type Logger } from '@heed/telemetry';
import { failed, skipped, type CallEnd } from '../calls/call.js';
import { CallStore } from '../calls/call.store.js';
import { CARRIER, type Carrier, type Placed } from '../carrier/carrier.js';
import { HeardOptOutStore } from '../opt-outs/heard-opt-out.store.js';
import { Recorder } from '../recordings/recorder.js';
import { type TelephonySettings } from '../settings.js';
import { afterDenial, scriptFor } from './call-outcome.js';
import { CallSteps } from './call-steps.js';

/** A call that waits: what is needed to place it. */
export interface WaitingCall {
  tenantId: string;
  callId: string;
  contactId: string;
  purpose: string;
  wantsRecording: boolean;
  createdAt: Date;
}

/** How far a call came. Whoever gets a permit releases it. */
export type Started =
  | { kind: 'at-carrier'; permit: HeldPermit }
  | { kind: 'over'; end: CallEnd }
  /** Somebody else has it, or it has ended. */
  | { kind: 'lost' }
  | { kind: 'stopped' };

/** So long somebody who placed a call waits for it. A phone that rings minutes later rings for nobody. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 250;

const late = metrics.histogram('heed_permit_late_ms', {
  description:
    'By how much a write ended after its permit. Alarm on any: a process was stopped, or a buffer was full',
  unit: 'ms',
});

/** From a permit to the carrier: asks, commits, checks, writes. */
@Injectable()
export class StartCall {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly calls: CallStore,
    private readonly desk: PermitDesk,
    private readonly steps: CallSteps,
    private readonly heard: HeardOptOutStore,
    private readonly recorder: Recorder,
    @Inject(CARRIER) private readonly carrier: Carrier,
    @Inject(SETTINGS) private readonly settings: TelephonySettings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async start(call: WaitingCall, stopping: AbortSignal): Promise<Started> {
    let reason = 'waited_too_long';
    const patientUntil = new Date(call.createdAt.getTime() + PATIENCE_MS);
    while (this.clock.now() < patientUntil) {
      if (stopping.aborted) return { kind: 'stopped' };
      const answer = await this.ask(call);
      if (answer?.kind === 'permit') {
        const started = await this.under(answer, call);
        if (started) return started;
        // The permit died on the way. The next answer says whether somebody was heard.
        reason = 'permit_expired';
      } else {
        const after = answer ? afterDenial(answer, patientUntil) : { askAgain: 'contacts_unavailable' };
        if ('end' in after) return { kind: 'over', end: after.end };
        reason = after.askAgain;
      }
      await this.clock.wait(PAUSE_MS, stopping).catch(() => undefined);
    }
    return { kind: 'over', end: skipped(reason) };
  }

  /** Undefined where contacts cannot be asked: nobody is called then. */
  private async ask({
    tenantId,
    callId,
    contactId,
    purpose,
  }: WaitingCall): Promise<HeldPermit | Denial | undefined> {
    try {
      const channel = typesV1.Channel.CHANNEL_VOICE;
      const [answer] = await this.desk.obtain(tenantId, [{ attemptId: callId, contactId, channel, purpose }]);
      return answer;
    } catch (error) {
      this.log.warn('no permit could be asked for', { callId, tenantId, error });
      return undefined;
    }
  }

  /** Undefined: not a byte was written, the call waits again. */
  private async under(permit: HeldPermit, call: WaitingCall): Promise<Started | undefined> {
    let holds = true;
    try {
      const armed = await this.arm(permit, call);
      if (armed === 'heard') return { kind: 'over', end: skipped('opted_out') };
      if (armed === 'lost') return { kind: 'lost' };
      await this.steps.reached('armed', call.callId);
      const placed = await this.place(permit, call);
      switch (placed.kind) {
        case 'withheld':
          await this.uow.run(call.tenantId, (tx) => this.calls.disarm(tx, call.callId));
          return undefined;
        case 'refused':
          return { kind: 'over', end: failed(placed.reason) };
        default:
          holds = false;
          return { kind: 'at-carrier', permit };
      }
    } finally {
      if (holds) permit.release();
    }
  }

  /** Commits, before the first byte, that this call may be placed and under which permit (ATTACKS 1.1). */
  private arm(
    permit: HeldPermit,
    { tenantId, callId, contactId }: WaitingCall,
  ): Promise<'armed' | 'lost' | 'heard'> {
    return this.uow.run(tenantId, async (tx) => {
      const living = await lockSubjects(tx, [contactId]);
      if (!living.has(contactId)) return 'lost';
      // They said no in a call, and contacts could not be told yet (ATTACKS 2.11).
      if (await this.heard.waitsFor(tx, contactId)) return 'heard';
      return (await this.calls.arm(tx, callId, permit.proof, this.clock.now())) ? 'armed' : 'lost';
    });
  }

  private async place(
    permit: HeldPermit,
    { tenantId, callId, contactId, wantsRecording }: WaitingCall,
  ): Promise<Placed> {
    let lateMs = 0;
    const outgoing = {
      callId,
      to: permit.address,
      from: this.settings.HEED_CALLER_ID,
      script: scriptFor(wantsRecording),
      ...(wantsRecording && { keep: this.recorder.keeperOf({ tenantId, contactId, callId }) }),
    };
    const guard = {
      mayBegin: () => permit.consume(callId) === 'valid',
      mayRepeat: () => permit.check() === 'valid',
      begun: () => {
        lateMs = Math.max(lateMs, permit.lateMs());
      },
      voided: permit.voided,
    };
    const placed = await withSpan('permit.use', { callId, permitId: permit.proof.permitId }, () =>
      this.carrier.place(outgoing, guard),
    );
    if (lateMs > 0) {
      late.record(lateMs, { channel: 'voice' });
      this.log.error('a call was placed after its permit had ended', { callId, tenantId, lateMs });
      await this.uow.run(tenantId, (tx) => this.calls.late(tx, callId, lateMs));
    }
    return placed;
  }
}
