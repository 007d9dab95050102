import { createHash } from 'node:crypto';

/** What an address of ours is for: bounces come to the first, answers to the second, mailto: unsubscribes to the third. */
export type AddressKind = 'bounce' | 'reply' | 'unsubscribe';

export interface InboundAddress {
  kind: AddressKind;
  /** Stands for the tenant: the first bytes of a hash of its id. */
  tenantHandle: Buffer;
  attemptId: string;
  seal: Buffer;
}

const LETTERS: Record<AddressKind, string> = { bounce: 'b', reply: 'r', unsubscribe: 'u' };

const HANDLE_BYTES = 8;
const ID_BYTES = 16;
/** 88 bits: nobody guesses one over SMTP, and all of it still fits into a local part. */
export const SEAL_BYTES = 11;

/** SPEC: RFC 5321, 4.5.3.1.1: 64 octets before the @. A letter and 56 in base32 of 35 bytes. */
const FORMAT = /^[bru][a-z2-7]{56}$/;

/**
 * In base32, since there are servers that change the case of what they pass on: of base64 nothing would be left. The
 * tenant's whole id would not fit beside the attempt's.
 */
export function localPartOf({ kind, tenantHandle, attemptId, seal }: InboundAddress): string {
  return (
    LETTERS[kind] + base32(Buffer.concat([tenantHandle, uuidBytes(attemptId), seal.subarray(0, SEAL_BYTES)]))
  );
}

/** The parts of a local part, in whatever case it comes; undefined where it cannot be ours. Nothing is verified yet. */
export function readLocalPart(text: string): InboundAddress | undefined {
  const local = text.toLowerCase();
  if (!FORMAT.test(local)) return undefined;
  const bytes = fromBase32(local.slice(1));
  const kind = (Object.keys(LETTERS) as AddressKind[]).find((name) => LETTERS[name] === local[0]);
  if (!kind) return undefined;
  return {
    kind,
    tenantHandle: bytes.subarray(0, HANDLE_BYTES),
    attemptId: uuidText(bytes.subarray(HANDLE_BYTES, HANDLE_BYTES + ID_BYTES)),
    seal: bytes.subarray(HANDLE_BYTES + ID_BYTES),
  };
}

/** Follows from the id alone, so that an old mail's answer still finds its tenant after a restore. */
export function tenantHandleOf(tenantId: string): Buffer {
  return createHash('sha256').update(uuidBytes(tenantId)).digest().subarray(0, HANDLE_BYTES);
}

/** What is sealed: an address for bounces does not turn into one that unsubscribes by its first letter. */
export function sealedText(kind: AddressKind, attemptId: string): string {
  return `${kind}:${attemptId}`;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** SPEC: RFC 4648, 6, in lower case and without padding: 35 bytes fill 56 letters. */
function base32(bytes: Buffer): string {
  let bits = 0;
  let held = 0;
  let text = '';
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >> bits) & 31];
    }
  }
  return text;
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    held = ((held << 5) | ALPHABET.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 255);
  }
  return Buffer.from(bytes);
}

function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
