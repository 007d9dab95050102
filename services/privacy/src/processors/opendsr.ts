import { createHash, verify, X509Certificate, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { type Channel, type Processor, type ProcessorState, type ProcessorWord } from './processor.js';

// SPEC: OpenDSR 2.0, as the controller: what is sent, and what an answer must be to be believed.

/** Why nothing came of asking a processor. */
export type Problem =
  | 'UNREACHABLE'
  | 'REFUSED'
  | 'NOT_SUPPORTED'
  | 'NOT_KNOWN_THERE'
  | 'ANSWER_MALFORMED'
  | 'ANSWER_TOO_LONG'
  | 'SIGNED_BY_ANOTHER'
  | 'CERTIFICATE_EXPIRED'
  | 'NO_IDENTITY';

export interface Identifier {
  channel: Channel;
  address: string;
}

const text = z.string().max(500);
export const discovery = z.object({
  supported_identities: z.array(z.object({ identity_type: text, identity_format: text })).max(200),
  supported_subject_request_types: z.array(text).max(50),
});

const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const time = z.iso.datetime({ offset: true });
const taken = z.object({
  subject_request_id: uuid,
  expected_completion_time: time.optional(),
  encoded_request: z.string(),
});
const status = z.object({
  subject_request_id: uuid,
  expected_completion_time: time.optional(),
  request_status: z.enum(['pending', 'in_progress', 'completed', 'cancelled']),
});

/** Smallest first: a hash is enough for whoever holds the address. */
const FORMATS = ['sha256', 'raw'] as const;

/**
 * The request, with no more of the person than this processor can know; undefined where it takes nothing that is known.
 * SPEC: there is no identity type for numbers: they travel in E.164 in an extension under our own domain.
 */
export function erasureRequest(
  { regulation }: Pick<Processor, 'regulation'>,
  { processorOrderId, createdAt }: { processorOrderId: string; createdAt: Date },
  known: readonly Identifier[],
  { supported_identities: supported }: z.infer<typeof discovery>,
  ourDomain: string,
): Buffer | undefined {
  const format = FORMATS.find((each) =>
    supported.some((one) => one.identity_type === 'email' && one.identity_format === each),
  );
  const of = (channel: Channel): string[] =>
    known.filter((given) => given.channel === channel).map(({ address }) => address);
  const emails = format === undefined ? [] : of('email');
  const phones = of('voice');
  if (emails.length + phones.length === 0) return undefined;
  return Buffer.from(
    JSON.stringify({
      api_version: '2.0',
      regulation,
      subject_request_id: processorOrderId,
      subject_request_type: 'erasure',
      submitted_time: createdAt.toISOString(),
      ...(emails.length > 0 && {
        subject_identities: emails.map((address) => ({
          identity_type: 'email',
          identity_value: format === 'raw' ? address : sha256(address.toLowerCase()),
          identity_format: format,
        })),
      }),
      ...(phones.length > 0 && { extensions: { [ourDomain]: { phone_numbers: phones } } }),
    }),
  );
}

export interface HttpAnswer {
  status: number;
  body: Buffer;
  domain: string | null;
  signature: string | null;
}

/** Only what bears the processor's signature is an answer: the header is the authority, over the raw bytes. */
export function problemOfSignature(
  { domain, certificate }: Pick<Processor, 'domain' | 'certificate'>,
  answer: HttpAnswer,
  at: Date,
): Problem | undefined {
  const key = new X509Certificate(certificate);
  if (at < new Date(key.validFrom) || at > new Date(key.validTo)) return 'CERTIFICATE_EXPIRED';
  if (answer.domain?.toLowerCase() !== domain || key.checkHost(domain) === undefined)
    return 'SIGNED_BY_ANOTHER';
  const isSigned =
    answer.signature !== null &&
    isSignedBy(key.publicKey, answer.body, Buffer.from(answer.signature, 'base64'));
  return isSigned ? undefined : 'SIGNED_BY_ANOTHER';
}

/** SPEC: OpenDSR 2.0 signs by RSA with SHA-256; keys that bring their digest with them are believed as well. */
const DIGESTS: Partial<Record<string, 'sha256' | null>> = {
  ...{ rsa: 'sha256', ec: 'sha256', ed25519: null, ed448: null },
};

export function isKeyForSigning({ asymmetricKeyType: type }: KeyObject): boolean {
  return type !== undefined && DIGESTS[type] !== undefined;
}

function isSignedBy(key: KeyObject, body: Buffer, signature: Buffer): boolean {
  return isKeyForSigning(key) && verify(DIGESTS[key.asymmetricKeyType!], body, key, signature);
}

/** What the answer to a new request says: it must repeat the request, byte for byte. */
export function wordOfTaken(answer: HttpAnswer, asked: Buffer, reference: string): ProcessorWord | Problem {
  const said = taken.safeParse(json(answer.body));
  if (!said.success) return 'ANSWER_MALFORMED';
  const { subject_request_id: id, encoded_request: repeated, expected_completion_time: by } = said.data;
  if (id !== reference || !Buffer.from(repeated, 'base64').equals(asked)) return 'ANSWER_MALFORMED';
  return wordOf('PENDING', reference, by, answer.body);
}

export function wordOfStatus(answer: HttpAnswer, reference: string): ProcessorWord | Problem {
  const said = status.safeParse(json(answer.body));
  if (!said.success || said.data.subject_request_id !== reference) return 'ANSWER_MALFORMED';
  const { request_status: word, expected_completion_time: by } = said.data;
  return wordOf(word.toUpperCase() as Exclude<ProcessorState, 'NOT_TOLD'>, reference, by, answer.body);
}

function wordOf(
  state: ProcessorWord['state'],
  reference: string,
  by: string | undefined,
  body: Buffer,
): ProcessorWord {
  const expectedBy = by === undefined ? null : new Date(by);
  return { state, saidBy: 'PROCESSOR', reference, expectedBy, digest: sha256(body) };
}

export function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
