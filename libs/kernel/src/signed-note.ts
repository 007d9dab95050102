import { sha256 } from './hash.js';
import { verifySignature, type SigningKey } from './signing.js';

/** SPEC: C2SP signed-note: 0x01 is a plain Ed25519 signature, 0x04 a timestamped one of a witness (cosignature/v1). */
const ALGORITHM = { log: 0x01, witness: 0x04 } as const;

export type NoteSigner = keyof typeof ALGORITHM;

/** Whose signature a note bears, as `vkey` of C2SP signed-note writes it: `<name>+<hash>+<base64>`. */
export interface NoteKey {
  name: string;
  hash: Buffer;
  publicKey: Buffer;
}

/** What a checkpoint says; `text` is what is signed. */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Buffer;
  text: string;
}

export function vkeyOf(signer: NoteSigner, name: string, publicKey: Uint8Array): string {
  const data = Buffer.concat([Uint8Array.of(ALGORITHM[signer]), publicKey]);
  return `${name}+${hashOf(name, data).toString('hex')}+${data.toString('base64')}`;
}

/** Undefined for what is no key of such a signer. */
export function readVkey(signer: NoteSigner, vkey: string): NoteKey | undefined {
  const [, name, hash, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey) ?? [];
  const data = encoded === undefined ? undefined : bytesOf(encoded);
  if (!name || data?.length !== 33 || data[0] !== ALGORITHM[signer]) return undefined;
  const digest = hashOf(name, data);
  return digest.toString('hex') === hash ? { name, hash: digest, publicKey: data.subarray(1) } : undefined;
}

/** SPEC: C2SP tlog-checkpoint: origin, size in decimal, root in base64, each on a line. */
export function checkpointText({ origin, size, root }: Omit<Checkpoint, 'text'>): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** The signature line of a log under a checkpoint's text. */
export function signNote(text: string, name: string, key: SigningKey): string {
  return lineOf('log', name, key, key.sign(Buffer.from(text)));
}

/** SPEC: C2SP tlog-cosignature: that this witness has seen no other tree than this one, at this time. */
export function cosign(text: string, name: string, key: SigningKey, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1_000);
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(seconds));
  return lineOf('witness', name, key, time, key.sign(cosigned(text, seconds)));
}

/** The checkpoint, if this key of the log has signed it; other signatures under it say nothing here. */
export function openCheckpoint(note: string, vkey: string): Checkpoint | undefined {
  const key = readVkey('log', vkey);
  const { text, lines } = partsOf(note);
  if (
    !key ||
    !lines.some((line) => verifySignature(key.publicKey, Buffer.from(text), signatureIn(line, key)))
  )
    return undefined;
  const checkpoint = readCheckpoint(text);
  return checkpoint?.origin === key.name ? checkpoint : undefined;
}

/** When the witness signed this text, if it has. */
export function cosignedAt(text: string, line: string, vkey: string): Date | undefined {
  const key = readVkey('witness', vkey);
  const signature = key && signatureIn(line, key);
  if (signature?.length !== 72) return undefined;
  const seconds = Number(signature.readBigUInt64BE());
  const isSigned = verifySignature(key!.publicKey, cosigned(text, seconds), signature.subarray(8));
  return isSigned ? new Date(seconds * 1_000) : undefined;
}

/** What a note says before anybody has looked at its signatures. */
export function readCheckpoint(noteOrText: string): Checkpoint | undefined {
  const { text } = partsOf(noteOrText);
  const [, origin, size = '', encoded = ''] = /^([^\n]+)\n(0|[1-9]\d{0,14})\n([^\n]+)\n$/.exec(text) ?? [];
  const root = bytesOf(encoded);
  return origin !== undefined && root?.length === 32 ? { origin, size: Number(size), root, text } : undefined;
}

function cosigned(text: string, seconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
}

function lineOf(signer: NoteSigner, name: string, key: SigningKey, ...signature: Buffer[]): string {
  const hash = hashOf(name, Buffer.concat([Uint8Array.of(ALGORITHM[signer]), key.publicKey]));
  return `\u2014 ${name} ${Buffer.concat([hash, ...signature]).toString('base64')}\n`;
}

/** SPEC: C2SP signed-note: text that ends with a line feed, an empty line, signature lines. */
function partsOf(note: string): { text: string; lines: string[] } {
  const end = note.indexOf('\n\n');
  if (end < 0) return { text: note, lines: [] };
  return { text: note.slice(0, end + 1), lines: note.slice(end + 2).split(/(?<=\n)/) };
}

/** The signature of this key in a line; empty in a line of another's. */
function signatureIn(line: string, { name, hash }: NoteKey): Buffer {
  const [, signer, encoded = ''] = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)\n?$/.exec(line) ?? [];
  const data = bytesOf(encoded);
  return signer === name && data?.subarray(0, 4).equals(hash) ? data.subarray(4) : Buffer.alloc(0);
}

function hashOf(name: string, data: Uint8Array): Buffer {
  return sha256(Buffer.from(`${name}\n`), data).subarray(0, 4);
}

/** Base64 in its one form. */
function bytesOf(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
