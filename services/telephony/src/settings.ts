import { existsSync, readFileSync } from 'node:fs';
import { frameSettings } from '@heed/config';
import { z } from 'zod';
import { SAMPLE_RATE } from './media/g711.js';
import { samplesIn } from './media/wav.js';
import { ESPEAK } from './speech/espeak-synthesizer.js';
import { ENGLISH_MODEL, POCKETSPHINX } from './speech/pocketsphinx-recognizer.js';
import { isOnPath } from './speech/run-program.js';
import { readTrunkAddress } from './sip/sip-uri.js';

const HTTP = /^https?:\/\//;

/** `first-last`, even ports or not: each call takes one. */
const portRange = z
  .string()
  .regex(/^\d{4,5}-\d{4,5}$/)
  .transform((value) => value.split('-').map(Number) as [number, number])
  .refine(([first, last]) => first >= 1_024 && last <= 65_535 && first <= last)
  .transform(([first, last]) => ({ first, last }));

const wavFile = z.string().transform((path, context) => {
  const samples = readable(path);
  if (samples) return samples;
  context.issues.push({ code: 'custom', input: '', message: 'no such WAV file' });
  return z.NEVER;
});

const pemFile = z.string().transform((path, context) => {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  } catch {
    // Said below, as where it holds something else.
  }
  context.issues.push({ code: 'custom', input: '', message: 'no such file of PEM certificates' });
  return z.NEVER;
});

function readable(path: string): Int16Array | undefined {
  try {
    return samplesIn(readFileSync(path));
  } catch {
    return undefined;
  }
}

/** Samples of 10 s: the longest time from the decision to the end of a call. */
const LONGEST_APOLOGY = 10 * SAMPLE_RATE;

const seconds = z.coerce.number().int().min(1);

export const telephonySettings = frameSettings.extend({
  HEED_CARRIER_URL: z
    .string()
    .refine((url) => (HTTP.test(url) ? URL.canParse(url) : readTrunkAddress(url) !== undefined))
    .describe(
      'Carrier of calls: http://127.0.0.1:4080 for the small protocol of the simulator, or a SIP trunk, sip:host:port, ' +
        'with ;transport=tcp or ;transport=tls where it is not UDP; sips:host asks for TLS on every hop.',
    ),
  HEED_CALLER_ID: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/)
    .default('+15005550006')
    .describe('Number that called people see, in E.164.'),
  HEED_CALL_LINES: z.coerce
    .number()
    .int()
    .min(1)
    .max(500)
    .default(20)
    .describe(
      'Calls at once in one process. No more permits are asked for; further calls wait, for a while.',
    ),
  HEED_SIP_USERNAME: z
    .string()
    .regex(/^[\w.+~-]{1,128}$/)
    .optional()
    .describe('Name that a SIP trunk knows us by, where it asks for a password (digest authentication).'),
  HEED_SIP_PASSWORD: z
    .string()
    .min(1)
    .optional()
    .describe('Password for the SIP trunk.')
    .meta({ secret: true }),
  HEED_SIP_REGISTER: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true')
    .describe(
      'true: the SIP trunk is told where we are (REGISTER) and calls wait for that. false: it knows us by address.',
    ),
  HEED_SIP_LISTEN: z
    .string()
    .regex(/^[^\s:/]+:\d{1,5}$/)
    .optional()
    .describe(
      'Own address and port for SIP over UDP and for sound; absent: the address that leads to the trunk, any port.',
    ),
  HEED_SIP_TLS_CA_FILE: pemFile
    .optional()
    .describe(
      'Certificates (PEM) of those who may vouch for a SIP trunk over TLS, and nobody else. Absent: those that Node ' +
        'comes with.',
    ),
  HEED_SIP_TLS_VERIFY: z
    .enum(['true', 'false'])
    .default('true')
    .transform((value) => value === 'true')
    .describe(
      'false: whoever answers is taken for the SIP trunk, whatever certificate they show. For a trial on a network of ' +
        "one's own.",
    ),
  HEED_SIP_PUBLIC_HOST: z
    .union([z.ipv4(), z.ipv6()])
    .optional()
    .describe('Address by which the SIP trunk reaches us, where it is not our own (behind NAT).'),
  HEED_RTP_PORTS: portRange
    .optional()
    .describe('Ports for sound, first-last, one a call; absent: any free one. Open them to the trunk.'),
  HEED_RING_SECONDS: seconds.max(180).default(30).describe('So long a phone rings over a SIP trunk.'),
  HEED_CALL_LONGEST_SECONDS: seconds
    .max(2_000)
    .default(300)
    .describe(
      'So long a conversation over a SIP trunk may last; then it is ended. A recording holds 35 minutes.',
    ),
  HEED_CALL_ANNOUNCEMENT_FILE: wavFile
    .optional()
    .describe(
      'What is played before a recording begins over a SIP trunk: a WAV file (16 bit PCM, mono, 8 kHz) that says so in ' +
        "the called people's language. Absent: the recording tone.",
    ),
  HEED_CALL_APOLOGY_FILE: wavFile
    .refine((samples) => samples.length <= LONGEST_APOLOGY, { message: 'longer than 10 s' })
    .optional()
    .describe(
      'What is played before we hang up on somebody who was heard meanwhile, over a SIP trunk: a WAV file (16 bit PCM, ' +
        'mono, 8 kHz) of at most 10 s. Absent: a falling tone.',
    ),
  HEED_SPEECH_SYNTHESIZER: z
    .enum(['none', ESPEAK])
    .refine((name) => name === 'none' || isOnPath(name), {
      message: 'there is no such program on the PATH (Debian: apt-get install espeak-ng)',
    })
    .default('none')
    .describe(
      'Voice that says the script of a call over a SIP trunk, in English, German, Spanish, French and Hindi: the ' +
        'program espeak-ng, which is to be on the PATH. none: calls with a script are not placed over a trunk ' +
        '(failed, no_voice), since nobody would hear it; carriers over HTTP speak themselves.',
    ),
  HEED_SPEECH_RECOGNIZER: z
    .enum(['none', 'pocketsphinx'])
    .refine((name) => name === 'none' || (isOnPath(POCKETSPHINX) && existsSync(ENGLISH_MODEL)), {
      message:
        'there is no such program, or no model (Debian: apt-get install pocketsphinx pocketsphinx-en-us)',
    })
    .default('none')
    .describe(
      'What understands a no that is said while a machine speaks over a SIP trunk: the program of Debian, in English, ' +
        'the one language that it has a model of. In calls in other languages, and with none, key 9 alone is ' +
        'understood. Takes up to a core for each who speaks; two at once.',
    ),
  HEED_SPEECH_DOUBT_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(90)
    .default(14)
    .describe(
      'So long somebody may decide what was meant by words in a call that may be a no; then they are one.',
    ),
  HEED_CALL_LISTEN_SECONDS: seconds
    .max(120)
    .default(10)
    .describe(
      'So long we still listen, for key 9 and for words, once a script has been said over a SIP trunk; then the call is ended.',
    ),
  HEED_CALL_ENDS_ON_OPT_OUT: z
    .enum(['campaigns', 'all', 'none'])
    .default('campaigns')
    .describe(
      'Which conversations we end, with an apology, once the person may not be called any more: those of campaigns, ' +
        'those that members hold too, or none. An erasure ends all of them.',
    ),
  HEED_CAMPAIGN_LINES: z.coerce
    .number()
    .int()
    .min(1)
    .max(500)
    .default(10)
    .describe('How many of these lines campaigns may take. One at least stays for calls that members place.'),
});

export type TelephonySettings = z.infer<typeof telephonySettings>;
