import { canonicalJson } from '@heed/kernel';
import { z } from 'zod';
import { refuse, type RefusalReason } from './refusal.js';

export const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
export const time = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
const service = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);
const version = z.string().regex(/^[0-9a-f]{64}$/);
const keyId = z.string().regex(/^[0-9a-f]{16}$/);
const code = z.string().regex(/^[a-z0-9_]{0,60}$/);
export const index = z.int().min(0);
const action = z.enum(['ERASE', 'PROBE', 'ACCESS', 'RESTRICT', 'LIFT']);

/** Base64 in its one form: Node's decoder takes many texts for the same bytes. */
export const base64 = z.string().transform((text, context) => {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') === text) return bytes;
  context.issues.push({ code: 'custom', input: '', message: 'not base64' });
  return z.NEVER;
});
export const bytes = (length: number) => base64.refine((value) => value.length === length);
export const path = z.array(bytes(32)).max(64);

const outcome = z.enum([
  'ERASED',
  'ANONYMISED',
  'NOTHING_HELD',
  'RETAINED',
  'EXPORTED',
  'PROBED_CLEAN',
  'PROBED_FOUND',
  'IN_BACKUP',
  'RESTRICTED',
  'LIFTED',
]);

/** What one store said about one order. */
const entry = z.strictObject({
  count: index,
  detail: code,
  digest: z.string().regex(/^([0-9a-f]{64})?$/),
  outcome,
  store: z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9_.-]{1,120}$/),
  until: z.union([z.literal(''), time]),
});

/** What a service said about one order: one leaf of its receipt. */
export const statementForm = z.strictObject({
  action,
  at: time,
  entries: z.array(entry),
  format: z.literal('heed statement v1'),
  manifest: version,
  order: uuid,
  order_number: z.int().min(1),
  request: uuid,
  service,
  subject: uuid,
  tenant: uuid,
});

/** What privacy said when it closed the request: which services had to answer, by which manifests, which orders. */
export const requestForm = z.strictObject({
  closed_at: time,
  /** What was missing when a member closed it all the same, and why they did. */
  exceptions: z
    .array(z.strictObject({ action, service, since: time, why: z.enum(['open', 'found']) }))
    .min(1)
    .optional(),
  format: z.literal('heed request v1'),
  /** How the person was told before their restriction was lifted. */
  informed: code.optional(),
  manifests: z.record(service, version),
  objects: z.boolean(),
  orders: z.partialRecord(action, uuid),
  reason: code.optional(),
  received_at: time,
  request: uuid,
  right: z.enum(['ACCESS', 'ERASURE', 'LIFT', 'RESTRICTION']),
  subject: uuid,
  subject_kind: z.enum(['CONTACT', 'MEMBER']),
  tenant: uuid,
  verification: code,
});

/** What a service found of the person in a search by value, after the request was closed. */
export const sweepForm = z.strictObject({
  at: time,
  columns: index,
  excepted: index,
  format: z.literal('heed sweep v1'),
  found: index,
  needles: index,
  objects: index,
  request: uuid,
  service,
  subject: uuid,
  sweep: uuid,
  tenant: uuid,
});

/** A service's key entered the log. `previous`: the leaf about its keys before this one; absent of the first. */
const keyAdded = z.strictObject({
  at: time,
  key: bytes(32),
  key_id: keyId,
  previous: index.optional(),
  /** Of a participant, into whose stores nobody else looks. */
  self_attested: z.literal(true).optional(),
  service,
  type: z.literal('key_added'),
});

/** From here on nothing counts that it signs. */
const keyRevoked = z.strictObject({
  at: time,
  key_id: keyId,
  previous: index,
  service,
  type: z.literal('key_revoked'),
});

/** A service signed for a batch of orders; its statements open from `root`. */
const receiptLeaf = z.strictObject({
  action,
  key_id: keyId,
  /** The latest leaf about the keys of its service. */
  keys: index,
  manifest: version,
  root: bytes(32),
  service,
  signature: bytes(64),
  signed_at: time,
  tree_size: z.int().min(1),
  type: z.enum(['receipt', 'probe']),
});

/** A service signed for what a sweep has found; its statements open from `root`. */
const sweepLeaf = z.strictObject({
  key_id: keyId,
  keys: index,
  root: bytes(32),
  service,
  signature: bytes(64),
  signed_at: time,
  sweep: uuid,
  tree_size: z.int().min(1),
  type: z.literal('sweep'),
});

/** A request was closed; its statement opens from `commitment`. */
const requestClosed = z.strictObject({ commitment: bytes(32), type: z.literal('request_closed') });

export const leafForm = z.discriminatedUnion('type', [
  keyAdded,
  keyRevoked,
  receiptLeaf,
  sweepLeaf,
  requestClosed,
]);

const fileForm = z.strictObject({
  certificate: z.literal('heed/v1'),
  /** For the reader; compared with what the evidence says, byte for byte. */
  claims: z.looseObject({}),
  log: z.strictObject({
    checkpoint: z.string(),
    leaves: z.array(z.strictObject({ data: base64, index, proof: path })),
  }),
  manifests: z.record(
    service,
    z.looseObject({ stores: z.array(z.looseObject({ kind: z.string(), name: z.string() })) }),
  ),
  openings: z.array(
    z.strictObject({
      leaf: index,
      path,
      position: index,
      receipt: z.strictObject({ batch: uuid, id: uuid }),
      salt: bytes(32),
      statement: base64,
    }),
  ),
  request: z.strictObject({ leaf: index, salt: bytes(32), statement: base64 }),
  sweeps: z.array(z.strictObject({ leaf: index, path, position: index, salt: bytes(32), statement: base64 })),
});

export type CertificateFile = z.infer<typeof fileForm>;
export type SweepStatement = z.infer<typeof sweepForm>;
export type Statement = z.infer<typeof statementForm>;
export type RequestStatement = z.infer<typeof requestForm>;
export type Entry = z.infer<typeof entry>;
export type Leaf = z.infer<typeof leafForm>;
export type SweepLeaf = z.infer<typeof sweepLeaf>;
export type ReceiptLeaf = z.infer<typeof receiptLeaf>;

export function readCertificate(file: Uint8Array): { certificate: CertificateFile; claims: string } {
  const certificate = readCanonical(file, fileForm, 'CERTIFICATE_MALFORMED', 'the file');
  return { certificate, claims: canonicalJson(certificate.claims) };
}

/** Bytes that must be JSON of this form, canonical and without unknown members, so that equal bytes say equal things. */
export function readCanonical<T>(
  data: Uint8Array,
  form: z.ZodType<T>,
  reason: RefusalReason,
  what: string,
): T {
  let value: unknown;
  try {
    value = JSON.parse(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data),
      withoutPrototypes,
    );
  } catch {
    throw refuse(reason, `${what} is not JSON`);
  }
  if (!Buffer.from(canonicalJson(value)).equals(data)) {
    throw refuse(reason, `${what} is not in the canonical form of RFC 8785`);
  }
  const result = form.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw refuse(
    reason,
    `${what}: ${issue?.path.join('.') || 'the whole'} is not of the form that is described`,
  );
}

/** A member of this name would be lost on the way through JavaScript objects, and so pass unseen. */
function withoutPrototypes(member: string, value: unknown): unknown {
  if (member === '__proto__') throw new SyntaxError('no member of a certificate is called __proto__');
  return value;
}
