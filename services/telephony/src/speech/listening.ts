import { metrics, type Logger } from '@heed/telemetry';
import { SAMPLE_RATE } from '../media/g711.js';
import { Utterances, type Utterance } from '../media/utterances.js';
import { type SpeechRecognizer, type Understood } from './speech-recognizer.js';
import { type Turns } from './turns.js';

/** Words in a call that mean no, or may. */
export interface HeardWords extends Understood {
  sense: 'no' | 'doubt';
  /** Of the call, when they began. */
  atMs: number;
}

export interface ListeningParts {
  recognizer: SpeechRecognizer;
  turns: Turns;
  log: Logger;
  onHeard(words: HeardWords): void;
}

/** So much of one call waits to be understood: two minutes. */
const MOST_WAITING = 120 * SAMPLE_RATE;

const utterances = metrics.counter('heed_speech_utterances_total', {
  description: 'Utterances in calls, by what a recogniser understood: nothing, doubt, no; or failed, dropped',
});
const took = metrics.histogram('heed_speech_recognition_ms', {
  description: 'From the end of an utterance until it was understood',
  unit: 'ms',
});

/** Listens to the person in one call. What they say is in memory until it was understood, and kept nowhere. */
export class Listening {
  private readonly utterances = new Utterances((utterance) => this.understand(utterance));
  private waiting = 0;
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly parts: ListeningParts) {}

  write(samples: Buffer): void {
    this.utterances.write(samples);
  }

  /** Resolves once all of it was understood. */
  async end(): Promise<void> {
    this.utterances.end();
    await this.work;
  }

  private understand(utterance: Utterance): void {
    const { length } = utterance.samples;
    if (this.waiting + length > MOST_WAITING) return utterances.add(1, { outcome: 'dropped' });
    this.waiting += length;
    const sinceMs = performance.now();
    this.work = this.work.then(async () => {
      const outcome = await this.parts.turns.take(() => this.hear(utterance));
      this.waiting -= length;
      utterances.add(1, { outcome });
      took.record(performance.now() - sinceMs, {});
    });
  }

  private async hear({ samples, atMs }: Utterance): Promise<string> {
    const { recognizer, onHeard, log } = this.parts;
    try {
      const { sense, readings } = await recognizer.hear(samples);
      if (sense !== 'nothing') onHeard({ sense, readings, atMs });
      return sense;
    } catch (error) {
      log.error('what was said in a call was not understood', { error });
      return 'failed';
    }
  }
}
