import { SAMPLE_RATE } from '../media/g711.js';
import { resample } from '../media/resample.js';
import { readWav } from '../media/wav.js';
import { type Language } from './languages.js';
import { runProgram } from './run-program.js';
import { type SpeechSynthesizer, type SpokenText } from './speech-synthesizer.js';

/** The program of Debian's package of this name. */
export const ESPEAK = 'espeak-ng';

const VOICES: Record<Language, string> = { en: 'en-us', de: 'de', es: 'es', fr: 'fr-fr', hi: 'hi' };
const WORDS_A_MINUTE = 150;

/** What a script may become with its values in it. */
const LONGEST_TEXT = 4_000;
/** Some ten minutes of its 22,050 samples a second: 4,000 letters take less than six. */
const MOST_BYTES = 27_000_000;
const TIMEOUT_MS = 10_000;

/** Speaks by a program that takes 40 ms for a text of ten seconds. */
export class EspeakSynthesizer implements SpeechSynthesizer {
  constructor(private readonly program = ESPEAK) {}

  async speak({ text, language }: SpokenText): Promise<Int16Array> {
    if (text.length > LONGEST_TEXT) throw new Error('a text is too long to be spoken');
    const file = await runProgram({
      program: this.program,
      args: ['-v', VOICES[language], '-s', String(WORDS_A_MINUTE), '-b', '1', '--stdin', '--stdout'],
      input: Buffer.from(plain(text)),
      ...{ timeoutMs: TIMEOUT_MS, mostBytes: MOST_BYTES },
    });
    const sound = readWav(file);
    if (!sound || sound.samples.length === 0) throw new Error(`${this.program} said nothing`);
    return resample(sound.samples, sound.rate, SAMPLE_RATE);
  }
}

/** Words alone: two brackets would make it read sounds by their names, and no voice says a control character. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').replaceAll(/\[{2,}|\]{2,}/g, ' ');
}
