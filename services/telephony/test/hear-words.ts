import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeG711, encodeG711, SAMPLE_RATE } from '../src/media/g711.js';
import { resample } from '../src/media/resample.js';
import { readWav } from '../src/media/wav.js';
import { PocketsphinxRecognizer } from '../src/speech/pocketsphinx-recognizer.js';

/**
 * How much of what is said over a telephone line the real program understands (.ci/foreign): `hear-words.ts [voice...]`,
 * voices of flite, which are made of people's. Exits with 1 where it understands less than it did, or hears a no where
 * there was none.
 */
const SAID_NO = [
  ...['stop calling me', 'please do not call me again', 'never call me again', 'take me off your list'],
  ...['remove me from your list', "don't call me anymore", 'please stop calling', 'stop', 'unsubscribe'],
  ...['I want to opt out', 'leave me alone', 'do not contact me again', 'put me on your do not call list'],
  ...["I don't want any more calls", 'stop these calls', 'please remove my number', 'no more calls please'],
  ...[
    'I do not want to be called',
    'quit calling me',
    'hello, please do not call this number again, thank you',
  ],
];
const SAID_ELSE = [
  ...['yes I am interested, thank you', 'please call me back tomorrow', 'can you tell me more about it'],
  ...[
    'that sounds good to me',
    'who is speaking please',
    'I would like to buy two of them',
    'what does it cost',
  ],
  ...[
    'hello',
    'yes',
    'good morning, how are you',
    "I will be at home at seven o'clock",
    'call me again next week',
  ],
  ...['where is the bus stop', 'do not stop calling me', 'the list of prices would be good'],
  ...['I am calling about my order', 'thank you very much, goodbye', 'one moment please, I get my glasses'],
  ...['my number is five five five one two three four', 'can you send me the offer by email'],
];

const voices = process.argv.length > 2 ? process.argv.slice(2) : ['rms', 'slt', 'awb'];
const folder = mkdtempSync(join(tmpdir(), 'heed-said-'));
const recognizer = new PocketsphinxRecognizer();
const counts = { no: { no: 0, doubt: 0, nothing: 0 }, else: { no: 0, doubt: 0, nothing: 0 } };
let [ms, seconds] = [0, 0];
for (const voice of voices)
  for (const kind of ['no', 'else'] as const)
    for (const text of kind === 'no' ? SAID_NO : SAID_ELSE) {
      const samples = await overTheLine(voice, text);
      const begun = performance.now();
      const { sense, readings } = await recognizer.hear(samples);
      ms += performance.now() - begun;
      seconds += samples.length / SAMPLE_RATE;
      counts[kind][sense] += 1;
      console.log(
        `${voice} ${kind} ${sense}: "${text}" ${readings.map((reading) => `"${reading}"`).join(' ')}`,
      );
    }
recognizer.close();
rmSync(folder, { recursive: true });
console.log(JSON.stringify(counts), `${Math.round(ms)} ms for ${Math.round(seconds)} s`);
// Of twenty phrases by three voices. A little is left to other versions of the voices.
if (counts.no.no < 0.5 * SAID_NO.length * voices.length || counts.else.no > 0) process.exitCode = 1;

/** Said, sent as G.711 and heard, with a little noise and silence around it. */
async function overTheLine(voice: string, text: string): Promise<Int16Array> {
  const file = join(folder, 'said.wav');
  execFileSync('flite', ['-voice', voice, '-t', text, '-o', file]);
  const { rate, samples } = readWav(readFileSync(file))!;
  const line = decodeG711('PCMU', encodeG711('PCMU', await resample(samples, rate, SAMPLE_RATE)));
  const heard = new Int16Array(4_000 + line.length / 2 + 4_000);
  for (let n = 0; n < heard.length; n += 1) heard[n] = ((n * 7_919) % 21) - 10;
  for (let n = 0; n < line.length / 2; n += 1) heard[4_000 + n]! += line.readInt16LE(n * 2);
  return heard;
}
