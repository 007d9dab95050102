import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { typesV1 } from '@heed/contracts';
import { CLOCK, type Clock } from '@heed/kernel';
import { deferralOf, type Denial, type HeldPermit, PermitDesk } from '@heed/permits';
import { lockSubjects, UnitOfWork } from '@heed/postgres';
import { LOGGER, metrics, withSpan, type Logger } from '@heed/telemetry';
import { contactFieldsOf, renderScript } from '@heed/templates';
import { failed, skipped, type CallEnd } from '../calls/call.js';
import { CallStore } from '../calls/call.store.js';
import { DispatchedCallStore } from '../dispatch/dispatched-call.store.js';
import { CARRIER, type Carrier, type Placed } from '../carrier/carrier.js';
import { HeardOptOutStore } from '../opt-outs/heard-opt-out.store.js';
import { Recorder } from '../recordings/recorder.js';
import { type TelephonySettings } from '../settings.js';
import { disclosureIn } from '../speech/languages.js';
import { type SpokenText } from '../speech/speech-synthesizer.js';
import { afterDenial, scriptFor } from './call-outcome.js';
import { CallScripts, type CallScript } from './call-scripts.js';
import { CallSteps } from './call-steps.js';

/** A call that waits: what is needed to place it. */
export interface WaitingCall {
  tenantId: string;
  callId: string;
  contactId: string;
  purpose: string;
  wantsRecording: boolean;
  createdAt: Date;
  /** Absent where a member placed it. */
  campaign: CampaignCall | undefined;
}

export interface CampaignCall {
  campaignId: string;
  step: number;
  templateId: string;
  deferrals: number;
}

/** How far a call came. Whoever gets a permit releases it. */
export type Started =
  | { kind: 'at-carrier'; permit: HeldPermit }
  | { kind: 'over'; end: CallEnd }
  /** It goes back to its campaign. */
  | { kind: 'deferred'; until: Date; reason: string }
  /** Nothing was begun, and its campaign waits: the line is free for another. */
  | { kind: 'again'; at: Date }
  /** Somebody else has it, or it has ended. */
  | { kind: 'lost' }
  | { kind: 'stopped' };

/** So long somebody who placed a call waits for it. A phone that rings minutes later rings for nobody. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 250;
/** After that long without an answer a campaign's call leaves its line to another, for so long. */
const ANEW_MS = 5_000;

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
    private readonly copies: DispatchedCallStore,
    private readonly desk: PermitDesk,
    private readonly scripts: CallScripts,
    private readonly steps: CallSteps,
    private readonly heard: HeardOptOutStore,
    private readonly recorder: Recorder,
    @Inject(CARRIER) private readonly carrier: Carrier,
    @Inject(SETTINGS) private readonly settings: TelephonySettings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async start(call: WaitingCall, stopping: AbortSignal): Promise<Started> {
    const script = await this.scriptOf(call);
    if (script === 'not-found') return { kind: 'over', end: failed('template_not_found') };
    if (script === 'unavailable') return this.later();
    // Nobody's phone rings for a message that they would not hear.
    if (script && this.carrier.speaks?.(script.language) === false)
      return { kind: 'over', end: failed('no_voice') };
    let reason = 'waited_too_long';
    // For a campaign nobody waits at their desk: only while it has a line.
    const since = call.campaign ? this.clock.now() : call.createdAt;
    const patientUntil = new Date(since.getTime() + PATIENCE_MS);
    while (this.clock.now() < patientUntil) {
      if (stopping.aborted) return { kind: 'stopped' };
      const answer = await this.ask(call, script);
      if (answer?.kind === 'permit') {
        const started = await this.under(answer, call, script);
        if (started) return started;
        // The permit died on the way. The next answer says whether somebody was heard.
        reason = 'permit_expired';
      } else {
        const deferral = answer && this.deferral(answer, call);
        if (deferral) return deferral;
        const after = answer ? afterDenial(answer, patientUntil) : { askAgain: 'contacts_unavailable' };
        if ('end' in after) return { kind: 'over', end: after.end };
        reason = after.askAgain;
      }
      await this.clock.wait(PAUSE_MS, stopping).catch(() => undefined);
    }
    return call.campaign ? this.later() : { kind: 'over', end: skipped(reason) };
  }

  private later(): Started {
    return { kind: 'again', at: new Date(this.clock.now().getTime() + ANEW_MS) };
  }

  /** Undefined for what a member says in person. */
  private async scriptOf({
    tenantId,
    callId,
    campaign,
  }: WaitingCall): Promise<CallScript | undefined | 'not-found' | 'unavailable'> {
    if (!campaign) return undefined;
    try {
      return (await this.scripts.find(tenantId, campaign.templateId)) ?? 'not-found';
    } catch (error) {
      this.log.warn('no script could be fetched', { callId, tenantId, error });
      return 'unavailable';
    }
  }

  /** A member hears of a denial at once; a campaign can wait until it has passed. */
  private deferral(denial: Denial, { campaign }: WaitingCall): Started | undefined {
    const deferral = campaign && deferralOf(denial, { deferrals: campaign.deferrals, at: this.clock.now() });
    if (!deferral) return undefined;
    if ('skipped' in deferral) return { kind: 'over', end: skipped(deferral.skipped) };
    return { kind: 'deferred', ...deferral };
  }

  /** Undefined where contacts cannot be asked: nobody is called then. */
  private async ask(
    { tenantId, callId, contactId, purpose }: WaitingCall,
    script: CallScript | undefined,
  ): Promise<HeldPermit | Denial | undefined> {
    try {
      const channel = typesV1.Channel.CHANNEL_VOICE;
      const fields = script ? contactFieldsOf(script.template) : [];
      const [answer] = await this.desk.obtain(tenantId, [
        { attemptId: callId, contactId, channel, purpose, fields, sender: this.settings.HEED_CALLER_ID },
      ]);
      return answer;
    } catch (error) {
      this.log.warn('no permit could be asked for', { callId, tenantId, error });
      return undefined;
    }
  }

  /** Undefined: not a byte was written, the call waits again. */
  private async under(
    permit: HeldPermit,
    call: WaitingCall,
    script: CallScript | undefined,
  ): Promise<Started | undefined> {
    let holds = true;
    try {
      const said = saidIn(script, permit.fields);
      if (said === undefined) return { kind: 'over', end: failed('render_failed') };
      const armed = await this.arm(permit, call);
      if (armed === 'heard') return { kind: 'over', end: skipped('opted_out') };
      if (armed === 'duplicate') return { kind: 'over', end: skipped('duplicate_address') };
      if (armed === 'lost') return { kind: 'lost' };
      await this.steps.reached('armed', call.callId);
      const placed = await this.place(permit, call, said, script);
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
    { tenantId, callId, contactId, campaign }: WaitingCall,
  ): Promise<'armed' | 'duplicate' | 'heard' | 'lost'> {
    return this.uow.run(tenantId, async (tx) => {
      const at = this.clock.now();
      const living = await lockSubjects(tx, [contactId]);
      if (!living.has(contactId)) return 'lost';
      // They said no in a call, and contacts could not be told yet (ATTACKS 2.11).
      if (await this.heard.waitsFor(tx, contactId)) return 'heard';
      const { endpointHash } = permit;
      if (
        campaign &&
        !(await this.copies.reserve(tx, { ...campaign, endpointHash, callId, contactId }, at))
      ) {
        return 'duplicate';
      }
      return (await this.calls.arm(tx, callId, permit, at)) ? 'armed' : 'lost';
    });
  }

  private async place(
    permit: HeldPermit,
    { tenantId, callId, contactId, wantsRecording }: WaitingCall,
    said: string,
    script: CallScript | undefined,
  ): Promise<Placed> {
    let lateMs = 0;
    const outgoing = {
      callId,
      to: permit.address,
      from: this.settings.HEED_CALLER_ID,
      script: [scriptFor(wantsRecording), said].filter((text) => text !== '').join(' '),
      ...(script && { spoken: spokenBy(script, said) }),
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

/** Undefined where the script comes to no end with this person's values. */
function saidIn(
  script: CallScript | undefined,
  fields: Readonly<Record<string, string>>,
): string | undefined {
  if (!script) return '';
  try {
    return renderScript({ template: script.template, fields });
  } catch {
    return undefined;
  }
}

/** By a voice of ours, which says first that it is one. */
function spokenBy({ template, language }: CallScript, said: string): SpokenText {
  return { language, text: `${disclosureIn(language, template.senderName)} ${said}` };
}
