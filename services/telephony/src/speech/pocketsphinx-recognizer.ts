import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Language } from './languages.js';
import { runProgram } from './run-program.js';
import { grammarOfNo, senseOf } from './spoken-no.js';
import { type SpeechRecognizer, type Understood } from './speech-recognizer.js';

/** The program of Debian's package pocketsphinx, and the model of pocketsphinx-en-us: English, and there is no other. */
export const POCKETSPHINX = 'pocketsphinx_continuous';
export const ENGLISH_MODEL = '/usr/share/pocketsphinx/model/en-us';

/** Words cost: with less it hears short ones in every noise. Of 1e-3 to 0.65 the one that understood most. */
const WORD_PENALTY = '0.05';
const TIMEOUT_MS = 30_000;
const MOST_BYTES = 65_536;

/**
 * The model was made of 16 kHz, a telephone line ends below 4 kHz, and with nothing above it understands not a word. So
 * the upper half is made up: as the lower one mirrored, by a larger and a smaller part. What is understood both times is
 * sure.
 */
const MIRRORED = [0.3, 0] as const;

/** Understands a no in English by rules (a grammar), in a process of its own for each utterance. */
export class PocketsphinxRecognizer implements SpeechRecognizer {
  readonly languages: ReadonlySet<Language> = new Set<Language>(['en']);
  private folder = '';

  constructor(
    private readonly program = POCKETSPHINX,
    private readonly model = ENGLISH_MODEL,
  ) {}

  async hear(utterance: Int16Array): Promise<Understood> {
    const first = await this.read(utterance, MIRRORED[0]);
    if (senseOf(first) === 'nothing') return { sense: 'nothing', readings: [first] };
    const second = await this.read(utterance, MIRRORED[1]);
    const isSure = senseOf(first) === 'no' && senseOf(second) === 'no';
    return { sense: isSure ? 'no' : 'doubt', readings: [first, second] };
  }

  close(): void {
    if (this.folder !== '') rmSync(this.folder, { recursive: true, force: true });
  }

  /** Written when it is needed, and once more where something has tidied up: without it no word is understood. */
  private grammar(): string {
    const file = join(this.folder, 'no.jsgf');
    if (this.folder !== '' && existsSync(file)) return file;
    this.folder = mkdtempSync(join(tmpdir(), 'heed-grammar-'));
    const anew = join(this.folder, 'no.jsgf');
    writeFileSync(anew, grammarOfNo());
    return anew;
  }

  private async read(utterance: Int16Array, mirrored: number): Promise<string> {
    const { program, model } = this;
    const answer = await runProgram({
      program,
      args: [
        ...['-infile', '/dev/stdin', '-logfn', '/dev/null', '-jsgf', this.grammar(), '-wip', WORD_PENALTY],
        ...['-hmm', join(model, 'en-us'), '-dict', join(model, 'cmudict-en-us.dict')],
      ],
      input: widened(utterance, mirrored),
      isFile: true,
      ...{ timeoutMs: TIMEOUT_MS, mostBytes: MOST_BYTES },
    });
    return answer.toString('utf8').replaceAll(/\s+/g, ' ').trim();
  }
}

/** Twice as many samples: between each two their mean, the less of it the more is mirrored. */
function widened(samples: Int16Array, mirrored: number): Buffer {
  const bytes = Buffer.allocUnsafe(samples.length * 4);
  for (let n = 0; n < samples.length; n += 1) {
    const mean = (samples[n]! + (samples[n + 1] ?? 0)) / 2;
    bytes.writeInt16LE(samples[n]!, n * 4);
    bytes.writeInt16LE(Math.round(mean * (1 - mirrored)), n * 4 + 2);
  }
  return bytes;
}
