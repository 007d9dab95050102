import { Inject, Injectable } from '@nestjs/common';
import { type DueItem } from '@heed/data-rights';
import { CLOCK, isDomainError, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { LOGGER, type Logger } from '@heed/telemetry';
import { unknown, type CallEnd } from '../calls/call.js';
import { CallPageStore } from '../calls/call-page.store.js';
import { CallStore } from '../calls/call.store.js';
import { CARRIER, type Carrier, type CarrierCall } from '../carrier/carrier.js';
import { HearOptOut } from '../opt-outs/hear-opt-out.js';
import { doubtIn, noIn, refusalIn, type CalledNumber, type Said } from '../opt-outs/said-in-call.js';
import { endOf } from './call-outcome.js';
import { ConcludeCall } from './conclude-call.js';
import { Conversations } from './conversations.js';

/** A call that the carrier has, or may have. */
export interface RunningCall {
  contactId: string;
  purpose: string;
  /** A campaign asked for it: nobody of ours is in it. */
  isOfCampaign: boolean;
  wantsRecording: boolean;
  /** Whom it is with, also where its row does not name them any more. */
  number?: CalledNumber;
  /** Aborted once the person was heard: a phone that still rings is to stop. */
  voided?: AbortSignal;
  /** Nobody followed it for a while. */
  isRecovered: boolean;
}

/** Whether a call may go on that began, as contacts says. */
interface Asking {
  mayGoOn(): Promise<boolean>;
  mayRing(): Promise<boolean>;
}

/** How often the carrier is asked while a call runs. */
const LOOK_MS = 150;
/** How often, while it does not answer. */
const RETRY_MS = 1_000;
/** A carrier that has not answered for so long will not tell how the call ended. */
const SILENCE_MS = 60_000;

/** We ended it ourselves, and nothing of it is kept: its person is being erased, or nobody knows what was heard. */
const FORFEITS: ReadonlySet<string | undefined> = new Set(['erased', 'follower_lost', 'revoked']);

/** They were heard in the middle of a conversation: it ends with an apology, and what was said before is kept. */
const REVOCATION = 'revocation';

/** Nothing ends it sooner than it does already. An apology can be cut short. */
const isLast = (hungUp: string | undefined): boolean => hungUp !== undefined && hungUp !== REVOCATION;

/** Keeps a call's row abreast of what the carrier says, until it says that the call is over. */
@Injectable()
export class FollowCall {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly calls: CallStore,
    private readonly pages: CallPageStore,
    private readonly concludeCall: ConcludeCall,
    private readonly optOuts: HearOptOut,
    private readonly conversations: Conversations,
    @Inject(CARRIER) private readonly carrier: Carrier,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Leaves the call to the next process when `stopping` aborts. */
  async follow(item: DueItem, call: RunningCall, stopping: AbortSignal): Promise<void> {
    const { tenantId, ref: callId } = item;
    let seen: CarrierCall | undefined;
    let hungUp: string | undefined;
    let isAnnounced = false;
    let [hasOptedOut, isInDoubt] = [false, false];
    // What was said is committed before anything else is done about it.
    const hear = (said: Said): Promise<void> => this.optOuts.hear(tenantId, callId, said, call.number);
    let heardMs = this.clock.monotonicMs();
    const asking: Asking = {
      mayGoOn: this.conversations.watch(tenantId, callId, call),
      mayRing: this.conversations.watchRinging(tenantId, callId, call),
    };
    // Calls that run in this process end with it: they are ended by us, and how is written down.
    while (!stopping.aborted || this.carrier.isHere) {
      const why: string | undefined = isLast(hungUp)
        ? hungUp
        : ((await this.whyHangUp(tenantId, callId, call, seen, stopping, asking)) ?? hungUp);
      // Before the look: what changes after it is not missed.
      const changed = this.carrier.changed?.(callId);
      try {
        seen =
          why && why !== hungUp
            ? await this.carrier.hangUp(callId, why === REVOCATION ? { saying: 'apology' } : undefined)
            : await this.carrier.state(callId);
        hungUp = why;
        heardMs = this.clock.monotonicMs();
      } catch (error) {
        if (!isDomainError(error) || error.kind !== 'unavailable') throw error;
        if (this.clock.monotonicMs() - heardMs >= SILENCE_MS) {
          this.log.warn('the carrier was silent for too long', { callId, tenantId });
          return this.conclude(item, call, unknown('carrier_silent'));
        }
        await this.rest(RETRY_MS, stopping);
        continue;
      }
      if (!seen) return this.conclude(item, call, unknown('not_known_to_carrier'));
      isAnnounced ||= await this.noteAnnouncement(tenantId, callId, seen);
      const no = hasOptedOut ? undefined : noIn(seen);
      if (no) {
        await hear(no);
        hasOptedOut = true;
        hungUp ??= 'opted_out';
        if (seen.state !== 'ended') seen = await this.carrier.hangUp(callId, { saying: 'done' });
        continue;
      }
      const perhaps = hasOptedOut || isInDoubt ? undefined : doubtIn(seen);
      if (perhaps) await hear(perhaps);
      isInDoubt ||= perhaps !== undefined;
      const refusal = refusalIn(seen);
      if (refusal) await hear(refusal);
      if (seen.state === 'ended') {
        // A carrier may have stopped the ringing by itself, sooner than we could ask for it.
        const why = hungUp ?? (call.voided?.aborted ? 'revoked' : undefined);
        return this.conclude(item, call, endOf(seen, why), seen.hasRecording && !FORFEITS.has(hungUp));
      }
      await this.write(tenantId, callId, seen.state);
      const cuts = [seen.state === 'ringing' && !hungUp ? call.voided : undefined, changed];
      await this.rest(LOOK_MS, ...cuts, hungUp ? undefined : stopping);
    }
    await this.uow.run(tenantId, (tx) => item.putOff(tx, this.clock.now()));
  }

  private async whyHangUp(
    tenantId: string,
    callId: string,
    call: RunningCall,
    seen: CarrierCall | undefined,
    stopping: AbortSignal,
    { mayGoOn, mayRing }: Asking,
  ): Promise<string | undefined> {
    const row = await this.uow.run(tenantId, (tx) => this.pages.find(tx, callId));
    // Ended by somebody who took this process for dead, or cut off from its person: nobody follows it from here.
    if (!row || row.state === 'ended') return 'follower_lost';
    if (row.hangUp) return row.hangUp;
    if (stopping.aborted && this.carrier.isHere) return 'stopping';
    if (seen?.state === 'answered') return (await mayGoOn()) ? undefined : REVOCATION;
    if (seen?.state !== 'ringing') return undefined;
    if (call.voided?.aborted) return 'revoked';
    // Revocations that came meanwhile were heard by nobody: in doubt, the phone stops.
    if (call.isRecovered) return 'follower_lost';
    // And nobody hears them while signals are away, so contacts is asked.
    return (await mayRing()) ? undefined : 'revoked';
  }

  private conclude(
    item: DueItem,
    { contactId, wantsRecording }: RunningCall,
    end: CallEnd,
    hasRecording = false,
  ): Promise<void> {
    return this.concludeCall.conclude(item, end, {
      contactId,
      keepRecording: wantsRecording && hasRecording,
    });
  }

  /** True once it is written down that the person was told of the recording. */
  private async noteAnnouncement(tenantId: string, callId: string, seen: CarrierCall): Promise<boolean> {
    const { announcedAt: at } = seen;
    if (at) await this.uow.run(tenantId, (tx) => this.calls.announced(tx, callId, at));
    return at !== undefined;
  }

  private async write(tenantId: string, callId: string, state: 'ringing' | 'answered'): Promise<void> {
    await this.uow.run(tenantId, (tx) =>
      state === 'ringing' ? this.calls.ring(tx, callId) : this.calls.answer(tx, callId, this.clock.now()),
    );
  }

  /** Until the time has passed, or one of the signals cuts it short. */
  private async rest(ms: number, ...cuts: (AbortSignal | undefined)[]): Promise<void> {
    const cut = new AbortController();
    const onAbort = (): void => cut.abort();
    const signals = cuts.filter((signal) => signal !== undefined);
    if (signals.some(({ aborted }) => aborted)) return;
    for (const signal of signals) signal.addEventListener('abort', onAbort, { once: true });
    await this.clock.wait(ms, cut.signal).catch(() => undefined);
    for (const signal of signals) signal.removeEventListener('abort', onAbort);
  }
}
