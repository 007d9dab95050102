import { SAMPLE_RATE } from './g711.js';

export interface Utterance {
  samples: Int16Array;
  /** Since the first sample that was heard. */
  atMs: number;
}

const FRAME = 160;
const FRAME_MS = (FRAME * 1_000) / SAMPLE_RATE;
const framesIn = (ms: number): number => ms / FRAME_MS;

/** Louder than this, and three times as loud as what is heard all the time. */
const QUIETEST = 200;
const OVER_NOISE = 3;
/** So long somebody speaks before it counts: a click is no word. */
const BEGINS_AFTER = framesIn(60);
const SHORTEST = framesIn(160);
/** A pause that ends it; as much as that is kept on both sides. */
const PAUSE = framesIn(600);
const AROUND = framesIn(300);
/** Whoever speaks on is heard in pieces. */
const LONGEST = framesIn(12_000);

/** Cuts sound where nobody speaks: between each two pauses is an utterance. */
export class Utterances {
  private readonly rest: number[] = [];
  private frames: Int16Array[] = [];
  private count = 0;
  private noise = QUIETEST / OVER_NOISE;
  private loud = 0;
  private spoken = 0;
  private quiet = 0;
  private isSpeaking = false;

  constructor(private readonly onUtterance: (utterance: Utterance) => void) {}

  /** 16 bit samples, as they come. */
  write(bytes: Buffer): void {
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      this.rest.push(bytes.readInt16LE(at));
      if (this.rest.length === FRAME) this.hear(Int16Array.from(this.rest.splice(0)));
    }
  }

  /** Nothing more comes. */
  end(): void {
    if (this.isSpeaking) this.cut();
  }

  private hear(frame: Int16Array): void {
    this.count += 1;
    this.frames.push(frame);
    const loudness = Math.sqrt(frame.reduce((sum, sample) => sum + sample * sample, 0) / FRAME);
    const isLoud = loudness > Math.max(QUIETEST, this.noise * OVER_NOISE);
    if (!isLoud) this.noise += (loudness - this.noise) / 50;
    this.loud = isLoud ? this.loud + 1 : 0;
    if (!this.isSpeaking) {
      this.isSpeaking = this.loud >= BEGINS_AFTER;
      this.spoken = this.loud;
      this.quiet = 0;
      if (!this.isSpeaking && this.frames.length > AROUND + BEGINS_AFTER) this.frames.shift();
      return;
    }
    this.spoken += isLoud ? 1 : 0;
    this.quiet = isLoud ? 0 : this.quiet + 1;
    if (this.quiet >= PAUSE || this.frames.length >= LONGEST) this.cut();
  }

  private cut(): void {
    const { frames } = this;
    const atMs = (this.count - frames.length) * FRAME_MS;
    if (this.spoken >= SHORTEST) {
      const kept = frames.slice(0, frames.length - Math.max(0, this.quiet - AROUND));
      const samples = new Int16Array(kept.length * FRAME);
      for (const [index, frame] of kept.entries()) samples.set(frame, index * FRAME);
      this.onUtterance({ samples, atMs });
    }
    this.frames = [];
    this.isSpeaking = false;
  }
}
