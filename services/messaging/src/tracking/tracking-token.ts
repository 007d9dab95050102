/**
 * What the addresses of tracked links and images say. Two tokens: one names the message and is a person's, the other
 * names a link and is the same in all mails of a template. So a mail costs one seal however many links it has, and where
 * a link leads is said by the tenant and by nobody who writes an address by hand: there is no open redirect.
 */
export interface MessageToken {
  tenantId: string;
  attemptId: string;
}

export interface LinkToken {
  /** `trap`: a link that no person can see. It leads nowhere. */
  kind: 'link' | 'trap';
  templateId: string;
  /** Its number in the template, from 1. 0 for a trap. */
  link: number;
  /** How many links the template has that lead through us. */
  of: number;
  /** Where it leads; empty for a trap. */
  url: string;
}

export interface Sealed<Token> {
  token: Token;
  /** What is sealed. */
  bytes: Buffer;
  seal: Buffer;
}

const MESSAGE_FORMAT = 1;
const LINK_FORMATS = { link: 2, trap: 3 } as const;
const ID_BYTES = 16;
const MESSAGE_BYTES = 1 + 2 * ID_BYTES;
const LINK_HEAD_BYTES = 1 + ID_BYTES + 2;
/** The keyed hash's versions (2 bytes) and 16 bytes of its HMAC: 128 bits, as much as RFC 2104 asks for at least. */
export const SEAL_BYTES = 18;
/** Of a link that leads through us; a longer one stays as it is. */
export const LONGEST_URL = 2_000;
/** As many links of a template lead through us; the rest stays as it is. */
export const MOST_LINKS = 250;
const LONGEST_TOKEN = Math.ceil(((LINK_HEAD_BYTES + LONGEST_URL + SEAL_BYTES) * 4) / 3);

/** Letters of a message's token: as many in every mail. */
export const MESSAGE_TOKEN_LENGTH = ((MESSAGE_BYTES + SEAL_BYTES) * 4) / 3;

export function encodeMessage({ tenantId, attemptId }: MessageToken): Buffer {
  return Buffer.concat([Buffer.of(MESSAGE_FORMAT), uuidBytes(tenantId), uuidBytes(attemptId)]);
}

export function encodeLink({ kind, templateId, link, of, url }: LinkToken): Buffer {
  return Buffer.concat([
    Buffer.of(LINK_FORMATS[kind]),
    uuidBytes(templateId),
    Buffer.of(link, of),
    Buffer.from(url, 'latin1'),
  ]);
}

export function tokenOf(bytes: Buffer, seal: Buffer): string {
  return Buffer.concat([bytes, seal.subarray(0, SEAL_BYTES)]).toString('base64url');
}

/** Undefined where it cannot be one. Nothing is verified yet. */
export function readMessage(text: string): Sealed<MessageToken> | undefined {
  const read = parted(text);
  if (read?.bytes.length !== MESSAGE_BYTES || read.bytes[0] !== MESSAGE_FORMAT) return undefined;
  const tenantId = uuidText(read.bytes.subarray(1, 1 + ID_BYTES));
  return { ...read, token: { tenantId, attemptId: uuidText(read.bytes.subarray(1 + ID_BYTES)) } };
}

/** Undefined where it cannot be one. Nothing is verified yet. */
export function readLink(text: string): Sealed<LinkToken> | undefined {
  const read = parted(text);
  if (read === undefined || read.bytes.length < LINK_HEAD_BYTES) return undefined;
  const { bytes } = read;
  const kind = (['link', 'trap'] as const).find((name) => LINK_FORMATS[name] === bytes[0]);
  if (!kind) return undefined;
  const templateId = uuidText(bytes.subarray(1, 1 + ID_BYTES));
  const [link = 0, of = 0] = bytes.subarray(1 + ID_BYTES, LINK_HEAD_BYTES);
  return { ...read, token: { kind, templateId, link, of, url: bytes.toString('latin1', LINK_HEAD_BYTES) } };
}

function parted(text: string): { bytes: Buffer; seal: Buffer } | undefined {
  if (text.length > LONGEST_TOKEN) return undefined;
  const all = Buffer.from(text, 'base64url');
  // Buffer skips what is not base64url: only the one spelling that we write ourselves is a token.
  if (all.length <= SEAL_BYTES || all.toString('base64url') !== text) return undefined;
  return { bytes: all.subarray(0, -SEAL_BYTES), seal: all.subarray(-SEAL_BYTES) };
}

function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
