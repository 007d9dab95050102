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
}

const FORMAT = 1;
const CHANNEL_BYTES: Record<Channel, number> = { email: 1, voice: 2 };
const HASH_BYTES = 34;
/** The keyed hash's versions (2 bytes) and 16 bytes of its HMAC: 128 bits, as much as RFC 2104 asks for at least. */
export const SEAL_BYTES = 18;
const FIXED_BYTES = 1 + 16 + 16 + HASH_BYTES + 1;
const LONGEST_PURPOSE = 63;

/** The bytes that are sealed: no address in them, some 80 in all. */
export function encodeLink(link: OptOutLink): Buffer {
  return Buffer.concat([
    Buffer.of(FORMAT),
    uuidBytes(link.tenantId),
    uuidBytes(link.contactId),
    link.endpointHash,
    Buffer.of(CHANNEL_BYTES[link.channel]),
    Buffer.from(link.purpose, 'latin1'),
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
  const purposeBytes = all.length - FIXED_BYTES - SEAL_BYTES;
  if (purposeBytes < 1 || purposeBytes > LONGEST_PURPOSE || all[0] !== FORMAT) return undefined;
  const bytes = all.subarray(0, all.length - SEAL_BYTES);
  const channel = (['email', 'voice'] as const).find((name) => CHANNEL_BYTES[name] === bytes[67]);
  if (!channel) return undefined;
  const link: OptOutLink = {
    tenantId: uuidText(bytes.subarray(1, 17)),
    contactId: uuidText(bytes.subarray(17, 33)),
    endpointHash: Buffer.from(bytes.subarray(33, 67)),
    channel,
    purpose: bytes.subarray(68).toString('latin1'),
  };
  return { link, bytes, seal: all.subarray(all.length - SEAL_BYTES) };
}

function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
