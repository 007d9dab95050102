import { header } from '../sip/sip-message.js';
import { SipCall, type SipCallParts } from '../sip/sip-call.js';
import { after } from '../sip/sip-timers.js';
import { type HeardWords, type Listening } from '../speech/listening.js';
import { type MediaSession } from '../media/media-session.js';
import { keyInInfo } from '../media/pressed-keys.js';
import { type AudioKeeper, type CarrierCall, type Parting, type Placed } from './carrier.js';

export interface SipLineParts extends Omit<
  SipCallParts,
  'onAnswered' | 'onMoved' | 'onInfo' | 'onEnded' | 'onChange'
> {
  media: MediaSession;
  /** Played before anything is kept. */
  announcement: Int16Array;
  /** Played before we hang up. */
  partings: Record<Parting, Int16Array>;
  longestMs: number;
  /** What a script became. Nobody of ours is in such a call: it ends some time after it was said. */
  spoken?: Int16Array;
  listenMs: number;
  /** Absent where nobody understands their language. */
  listen?: (onHeard: (words: HeardWords) => void) => Listening;
  keep?: AudioKeeper;
}

const MOST_KEYS = 64;
const MOST_WORDS = 16;

/** One call with its sound: what is played, kept and pressed while it lasts. */
export class SipLine {
  private readonly call: SipCall;
  private keys = '';
  private words: readonly HeardWords[] = [];
  private readonly listening: Listening | undefined;
  private announcedAt: Date | undefined;
  private isKept = false;
  /** What was said is kept or lost; before that the call counts as running. */
  private isSettled = false;
  private isParting = false;
  private change = new AbortController();
  private stopWaiting = (): void => undefined;
  /** With somebody's name in it, perhaps: it goes with the call. */
  private spoken: Int16Array | undefined;

  constructor(private readonly parts: SipLineParts) {
    const { media } = parts;
    this.listening = parts.listen?.((words) => this.hear(words));
    this.spoken = parts.spoken;
    delete parts.spoken;
    this.call = new SipCall({
      ...parts,
      onAnswered: (agreed) => {
        media.connect(agreed);
        this.stopWaiting = after(parts.longestMs, () => this.call.hangUp());
        void this.begins();
      },
      onMoved: (agreed) => media.connect(agreed),
      onInfo: (request) => {
        const key = keyInInfo(header(request, 'content-type') ?? '', request.body);
        if (key) this.press(key);
      },
      onEnded: () => void this.settle(),
      onChange: () => this.tell(),
    });
  }

  begin(): Promise<Placed> {
    return this.call.begin();
  }

  get isOver(): boolean {
    return this.isSettled;
  }

  /** Aborted when there is something new about it. */
  get changed(): AbortSignal {
    return this.change.signal;
  }

  look(): CarrierCall {
    const { state, endReason, answeredAt, endedAt } = this.call;
    const { announcedAt, keys, words, isKept } = this;
    const running = answeredAt ? 'answered' : 'ringing';
    return {
      state: state === 'ended' && !this.isSettled ? running : state,
      ...(this.isSettled && endReason && { endReason }),
      ...(answeredAt && { answeredAt }),
      ...(this.isSettled && endedAt && { endedAt }),
      ...(announcedAt && { announcedAt }),
      hasRecording: isKept,
      ...{ keys, words },
    };
  }

  hangUp(saying?: Parting): void {
    if (!saying || this.call.state !== 'answered') return this.call.hangUp();
    if (this.isParting) return;
    this.isParting = true;
    const { media, partings } = this.parts;
    void media.play(partings[saying]).then(() => this.call.hangUp());
  }

  sound(samples: Buffer): void {
    if (!this.isSettled) this.listening?.write(samples);
    if (this.announcedAt && !this.isSettled) this.parts.keep?.write(samples);
  }

  press(key: string): void {
    if (this.call.state !== 'answered' || this.keys.length >= MOST_KEYS) return;
    this.keys += key;
    this.tell();
  }

  private hear(words: HeardWords): void {
    if (this.words.length >= MOST_WORDS) return;
    this.words = [...this.words, words];
    this.tell();
  }

  close(): void {
    this.parts.media.close();
    this.call.close();
  }

  private async begins(): Promise<void> {
    await this.announce();
    const { spoken } = this;
    if (!spoken || this.isEnding) return;
    await this.parts.media.play(spoken);
    if (this.isEnding) return;
    this.stopWaiting();
    this.stopWaiting = after(this.parts.listenMs, () => this.call.hangUp());
  }

  private get isEnding(): boolean {
    return this.call.state !== 'answered' || this.isParting;
  }

  /** Whoever is recorded is told before anything of it is kept. */
  private async announce(): Promise<void> {
    const { keep, media, announcement, clock } = this.parts;
    if (!keep) return;
    await media.play(announcement);
    if (this.isEnding) return;
    this.announcedAt = clock.now();
    this.tell();
  }

  private async settle(): Promise<void> {
    this.stopWaiting();
    this.spoken = undefined;
    this.parts.media.close();
    // What they said last counts, though they have hung up.
    await this.listening?.end();
    this.isKept = (await this.parts.keep?.end()) ?? false;
    this.isSettled = true;
    this.tell();
  }

  private tell(): void {
    const { change } = this;
    this.change = new AbortController();
    change.abort();
  }
}
