import { createHash } from 'node:crypto';
import { after } from '../sip/sip-timers.js';
import { type Speech } from './speech.js';
import { type SpokenText } from './speech-synthesizer.js';

/** A permit may have died while the text was spoken: the call is tried again at once, and finds it here. */
const KEPT_MS = 20_000;
const MOST_KEPT = 64;

interface Kept {
  samples: Promise<Int16Array>;
  stop: () => void;
}

/** Texts as sound, in memory alone and for seconds: they hold people's names. A call has its own for as long as it lasts. */
export class SpokenTexts {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly speech: Pick<Speech, 'synthesizer'>) {}

  speak(spoken: SpokenText): Promise<Int16Array> {
    const key = createHash('sha256').update(`${spoken.language}\n${spoken.text}`).digest('base64');
    const known = this.kept.get(key);
    if (known) return known.samples;
    const { synthesizer } = this.speech;
    if (!synthesizer) return Promise.reject(new Error('there is no voice'));
    const samples = synthesizer.speak(spoken);
    const kept = { samples, stop: after(KEPT_MS, () => this.kept.delete(key)) };
    this.kept.set(key, kept);
    // What failed is tried anew.
    samples.catch(() => this.forget(key, kept));
    if (this.kept.size > MOST_KEPT) this.forget(...this.kept.entries().next().value!);
    return samples;
  }

  clear(): void {
    for (const [key, kept] of this.kept) this.forget(key, kept);
  }

  private forget(key: string, kept: Kept): void {
    kept.stop();
    if (this.kept.get(key) === kept) this.kept.delete(key);
  }
}
