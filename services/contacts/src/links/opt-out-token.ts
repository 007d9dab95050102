import { type Channel } from '../contacts/address.js';

/** What a link says: which person, at which address, for which purpose. */
export interface OptOutLink {
  tenantId: string;
  contactId: string;
  /**
   * Keyed hash of the address, not the endpoint's id: the link must still work when the person and their rows are
   * gone, and what it says binds whoever has the address.
   */
  endpointHash: Buffer;
  channel: Channel;
  purpose: string;
  /** Who sent the message; empty in links of before. */
  sender: string;
}

/** 1: the purpose ends it. 2: the purpose's length stands before it, and the sender follows. */
const FORMATS = { withoutSender: 1, withSender: 2 };
const CHANNEL_BYTES: Record<Channel, number> = { email: 1, voice: 2 };
const HASH_BYTES = 34;
/** The keyed hash's versions (2 bytes) and 16 bytes of its HMAC: 128 bits, as much as RFC 2104 asks for at least. */
export const SEAL_BYTES = 18;
const FIXED_BYTES = 1 + 16 + 16 + HASH_BYTES + 1;
const LONGEST_PURPOSE = 63;
const LONGEST_SENDER = 254;

/** The bytes that are sealed: no address of the person in them, some 100 in all. */
export function encodeLink(link: OptOutLink): Buffer {
  const purpose = Buffer.from(link.purpose, 'latin1');
  const says =
    link.sender === '' ? [purpose] : [Buffer.of(purpose.length), purpose, Buffer.from(link.sender)];
  return Buffer.concat([
    Buffer.of(link.sender === '' ? FORMATS.withoutSender : FORMATS.withSender),
    uuidBytes(link.tenantId),
    uuidBytes(link.contactId),
    link.endpointHash,
    Buffer.of(CHANNEL_BYTES[link.channel]),
    ...says,
  ]);
}

export function tokenOf(link: Buffer, seal: Buffer): string {
  return Buffer.concat([link, seal.subarray(0, SEAL_BYTES)]).toString('base64url');
}

/** The parts of a token, or undefined where it cannot be one. Nothing is verified yet. */
export function readToken(token: string): { link: OptOutLink; bytes: Buffer; seal: Buffer } | undefined {
  const all = Buffer.from(token, 'base64url');
  // Buffer skips what is not base64url: only the one spelling that we write ourselves is a token.
  if (all.toString('base64url') !== token) return undefined;
  if (all.length < FIXED_BYTES + SEAL_BYTES) return undefined;
  const bytes = all.subarray(0, all.length - SEAL_BYTES);
  const said = readSaid(bytes[0], bytes.subarray(FIXED_BYTES));
  if (!said) return undefined;
  const channel = (['email', 'voice'] as const).find((name) => CHANNEL_BYTES[name] === bytes[67]);
  if (!channel) return undefined;
  const link: OptOutLink = {
    tenantId: uuidText(bytes.subarray(1, 17)),
    contactId: uuidText(bytes.subarray(17, 33)),
    endpointHash: Buffer.from(bytes.subarray(33, 67)),
    channel,
    ...said,
  };
  return { link, bytes, seal: all.subarray(all.length - SEAL_BYTES) };
}

function readSaid(
  format: number | undefined,
  bytes: Buffer,
): Pick<OptOutLink, 'purpose' | 'sender'> | undefined {
  if (format !== FORMATS.withoutSender && format !== FORMATS.withSender) return undefined;
  const length = format === FORMATS.withSender ? (bytes[0] ?? 0) : bytes.length;
  const rest = format === FORMATS.withSender ? bytes.subarray(1) : bytes;
  if (length < 1 || length > LONGEST_PURPOSE || length > rest.length) return undefined;
  const sender = rest.subarray(length).toString('utf8');
  if (format === FORMATS.withSender && (sender === '' || sender.length > LONGEST_SENDER)) return undefined;
  return { purpose: rest.subarray(0, length).toString('latin1'), sender };
}

function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
