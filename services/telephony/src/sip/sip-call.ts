import { randomBytes } from 'node:crypto';
import { type Clock } from '@heed/kernel';
import { type CarrierCall, type EndReason, type Placed, type PlaceGuard } from '../carrier/carrier.js';
import { Dialog } from './dialog.js';
import { causeOf } from './hang-up-cause.js';
import { Invite, type Invitation } from './invite.js';
import { type AgreedMedia, readMedia } from './sdp.js';
import { ALLOW, type Answer, type SipAgent } from './sip-agent.js';
import { type SipMessage } from './sip-message.js';
import { after, patienceMs } from './sip-timers.js';

export interface SipCallParts {
  agent: SipAgent;
  clock: Clock;
  guard: PlaceGuard;
  /** Request-URI and To. */
  uri: string;
  /** Our address of record, without tag. */
  from: string;
  /** What we offer to hear and say. */
  sdp: Buffer;
  ringMs: number;
  onAnswered(media: AgreedMedia): void;
  /** The other side listens elsewhere from now on. */
  onMoved(media: AgreedMedia): void;
  onInfo(request: SipMessage): void;
  onEnded(): void;
  onChange(): void;
}

/** So long `place` waits for a first word; a call that has none by then is followed like any other. */
const FIRST_WORD_MS = 5_000;

/** One outgoing call, from its INVITE to its end. */
export class SipCall {
  state: CarrierCall['state'] = 'ringing';
  answeredAt: Date | undefined;
  endedAt: Date | undefined;
  endReason: EndReason | undefined;
  readonly placed: Promise<Placed>;
  private settle!: (placed: Placed) => void;
  private invite!: Invite;
  private invitation!: Invitation;
  /** By the other side's tag: a fork may answer more than once. */
  private readonly dialogs = new Map<string, Dialog>();
  private dialog: Dialog | undefined;
  private readonly callId = randomBytes(16).toString('hex');
  private readonly tag = randomBytes(8).toString('hex');
  private lastNumber = -1;
  private tries = 0;
  private cancelledAs: EndReason | undefined;
  private isCancelSent = false;
  private readonly stops: (() => void)[] = [];

  constructor(private readonly parts: SipCallParts) {
    this.placed = new Promise((resolve) => (this.settle = resolve));
  }

  begin(): Promise<Placed> {
    const { guard, agent, ringMs } = this.parts;
    this.stops.push(agent.serve(this.callId, (request) => this.serve(request)));
    if (!this.ask([], () => guard.mayBegin())) return this.withhold();
    const onVoided = (): void => this.cancel('cancelled');
    guard.voided?.addEventListener('abort', onVoided, { once: true });
    this.stops.push(
      () => guard.voided?.removeEventListener('abort', onVoided),
      after(ringMs, () => this.cancel('no-answer')),
      after(FIRST_WORD_MS, () => this.settle({ kind: 'doubtful' })),
    );
    if (guard.voided?.aborted) onVoided();
    return this.placed;
  }

  /** Stops the ringing. Nothing happens once it was answered. */
  cancel(as: EndReason): void {
    if (this.state !== 'ringing' || this.cancelledAs) return;
    this.cancelledAs = as;
    this.invite.hush();
    this.sendCancel();
  }

  /** Stops the ringing or ends the conversation. */
  hangUp(): void {
    if (this.state === 'ringing') return this.cancel('cancelled');
    if (this.state !== 'answered') return;
    void this.dialog?.bye();
    this.end('hung-up');
  }

  /** Forgets what has ended: late answers to it are nobody's any more. */
  close(): void {
    for (const stop of this.stops.splice(0)) stop();
  }

  private ask(credentials: readonly (readonly [string, string])[], may: () => boolean): boolean {
    const { agent, uri, from, sdp, guard, ringMs } = this.parts;
    this.invitation = {
      ...{ method: 'INVITE', uri, from: `${from};tag=${this.tag}`, to: `<${uri}>`, callId: this.callId },
      ...{ number: this.tries + 1, branch: agent.newBranch(), body: sdp },
      headers: [
        ['Contact', agent.contact],
        ['Allow', ALLOW],
        // Nobody rings longer than this, though we and our CANCEL be gone (RFC 3261, 13.2.1).
        ['Expires', String(Math.max(1, Math.ceil(ringMs / 1_000)))],
        ['Content-Type', 'application/sdp'],
        ...credentials,
      ],
    };
    const invite = new Invite(agent, this.invitation, {
      onAnswer: (response) => this.hear(invite, response),
      onSilence: () => this.giveUp('silent'),
    });
    this.invite = invite;
    return invite.begin(may, () => guard.begun());
  }

  private hear(invite: Invite, response: SipMessage): void {
    const status = response.status!;
    // What is still said about the question that was refused for want of a password.
    if (invite !== this.invite && status >= 300) return;
    if ((status === 401 || status === 407) && this.state === 'ringing') return this.askAgain(response);
    if (status >= 200 && status < 300) this.accept(response);
    else if (status >= 300) this.refuse(response);
    else if (this.cancelledAs) this.sendCancel();
    this.settle({ kind: 'placed' });
  }

  /** The same attempt, with a password. Nothing rang: the trunk has refused the first INVITE. */
  private askAgain(response: SipMessage): void {
    if (this.cancelledAs) return void this.withhold();
    const credentials = this.parts.agent.authorise(response, this.invitation, this.tries);
    if (!credentials) {
      this.end('failed');
      this.settle({ kind: 'refused', reason: `carrier_${response.status}` });
      return;
    }
    this.tries += 1;
    if (!this.ask([credentials], () => this.parts.guard.mayRepeat())) void this.withhold();
  }

  private withhold(): Promise<Placed> {
    this.end(this.cancelledAs ?? 'failed');
    this.settle({ kind: 'withheld' });
    return this.placed;
  }

  private accept(response: SipMessage): void {
    const known = this.dialogs.get(response.toTag);
    if (known) return known.acknowledge();
    const dialog = new Dialog(this.parts.agent, this.invitation, response);
    this.dialogs.set(response.toTag, dialog);
    dialog.acknowledge();
    if (this.state !== 'ringing') return void dialog.bye();
    this.dialog = dialog;
    this.answeredAt = this.parts.clock.now();
    const media = readMedia(response.body);
    // Taken up while our CANCEL was under way, or with nothing that we could speak: it ends at once.
    if (this.cancelledAs || !media) {
      void dialog.bye();
      return this.end(media ? 'hung-up' : 'failed');
    }
    this.state = 'answered';
    this.parts.onAnswered(media);
    this.parts.onChange();
  }

  private refuse(response: SipMessage): void {
    if (this.state !== 'ringing') return;
    const cause = causeOf(response);
    this.end(cause === 'cancelled' ? (this.cancelledAs ?? 'failed') : cause);
  }

  /** SPEC (9.1): not before something was said; it could overtake the INVITE. */
  private sendCancel(): void {
    if (this.isCancelSent || !this.invite.isHeard) return;
    this.isCancelSent = true;
    this.invite.cancel();
    // SPEC (9.1): without a final answer by then "the client SHOULD then consider the original transaction cancelled".
    this.stops.push(after(patienceMs(this.parts.agent.timers), () => this.giveUp(this.cancelledAs!)));
  }

  private giveUp(reason: EndReason): void {
    this.settle({ kind: 'doubtful' });
    if (this.state !== 'ringing') return;
    this.invite.retire();
    this.end(reason);
  }

  private serve(request: SipMessage): Answer {
    const { dialog } = this;
    const isOurs = request.toTag === this.tag && request.fromTag === dialog?.remoteTag;
    // Both hang up at once: theirs is as good as ours (RFC 5407, 3.1.5).
    const isGlare = this.state === 'ended' && request.method === 'BYE';
    if (!dialog || !isOurs || (this.state === 'ended' && !isGlare))
      return { status: 481, reason: 'Call/Transaction Does Not Exist' };
    if (request.cseq.number < this.lastNumber) return { status: 500, reason: 'Out Of Order' };
    this.lastNumber = request.cseq.number;
    switch (request.method) {
      case 'BYE':
        dialog.over();
        this.end('completed');
        return { status: 200, reason: 'OK' };
      case 'INFO':
        this.parts.onInfo(request);
        return { status: 200, reason: 'OK' };
      case 'OPTIONS':
        return { status: 200, reason: 'OK', headers: [['Allow', ALLOW]] };
      case 'INVITE':
      case 'UPDATE':
        return this.move(request);
      default:
        return { status: 405, reason: 'Method Not Allowed', headers: [['Allow', ALLOW]] };
    }
  }

  /** A session refreshed, held or moved: we stay where we are and speak to where they say. */
  private move(request: SipMessage): Answer {
    const media = readMedia(request.body);
    if (request.body.length > 0 && !media) return { status: 488, reason: 'Not Acceptable Here' };
    if (media) this.parts.onMoved(media);
    const body = request.method === 'INVITE' || media ? this.parts.sdp : undefined;
    const type = body ? ([['Content-Type', 'application/sdp']] as const) : [];
    const headers = [['Contact', this.parts.agent.contact] as const, ...type];
    return { status: 200, reason: 'OK', headers, ...(body && { body }) };
  }

  private end(reason: EndReason): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.endReason = reason;
    this.endedAt = this.parts.clock.now();
    this.parts.onEnded();
    this.parts.onChange();
  }
}
