import { sha256, verifySignature } from '@heed/kernel';
import { refuse } from './refusal.js';

/** A log's public key under its name, as `vkey` of C2SP signed-note writes it. */
export interface VerifierKey {
  name: string;
  hash: Buffer;
  publicKey: Buffer;
}

export interface Checkpoint {
  origin: string;
  size: number;
  root: Buffer;
}

const ED25519 = 0x01;

/** SPEC: C2SP signed-note: `<name>+<hash>+<keydata>`, hash = the first 4 bytes of SHA-256(name, 0x0A, keydata), in hex. */
export function readVerifierKey(vkey: string): VerifierKey {
  const malformed = (why: string) => refuse('VERIFIER_KEY_MALFORMED', `the verifier key ${why}`);
  const [, name, hash, data] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey.trim()) ?? [];
  if (!name || !hash || !data) throw malformed('is not of the form name+hash+key');
  const key = decodeBase64(data);
  if (key?.length !== 33 || key[0] !== ED25519) throw malformed('is not an Ed25519 key');
  const digest = sha256(Buffer.from(`${name}\n`), key).subarray(0, 4);
  if (digest.toString('hex') !== hash) throw malformed('does not match its own hash');
  return { name, hash: digest, publicKey: key.subarray(1) };
}

/**
 * Reads a checkpoint that bears the signature of this key and no other. Strangers' signatures are allowed by the
 * specification and refused here: bytes that this key says nothing about have no place in a certificate.
 */
export function openCheckpoint(note: string, key: VerifierKey): Checkpoint {
  const unsigned = (why: string) => refuse('CHECKPOINT_NOT_SIGNED', `the checkpoint ${why}`);
  // SPEC: C2SP signed-note: text, an empty line, signature lines `\u2014 <name> <base64>`.
  const parts = /^([^\n]+\n[^\n]+\n[^\n]+\n)\n\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)\n$/.exec(note);
  if (!parts) throw unsigned('is not a note of three lines and one signature');
  const [, text = '', name, encoded = ''] = parts;
  const signature = decodeBase64(encoded);
  if (name !== key.name || !signature?.subarray(0, 4).equals(key.hash)) {
    throw unsigned(`is signed by another key than ${key.name}+${key.hash.toString('hex')}`);
  }
  if (!verifySignature(key.publicKey, Buffer.from(text), signature.subarray(4))) {
    throw unsigned('has a signature that does not verify');
  }
  return readCheckpoint(text, key, unsigned);
}

/** SPEC: C2SP tlog-checkpoint: origin, size in decimal without leading zeros, root hash in base64. */
function readCheckpoint(text: string, key: VerifierKey, unsigned: (why: string) => Error): Checkpoint {
  const [origin = '', size = '', encodedRoot = ''] = text.split('\n');
  const root = decodeBase64(encodedRoot);
  if (origin !== key.name) throw unsigned('is of another log');
  if (!/^(0|[1-9]\d{0,14})$/.test(size)) throw unsigned('has no tree size');
  if (root?.length !== 32) throw unsigned('has no root hash');
  return { origin, size: Number(size), root };
}

function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
