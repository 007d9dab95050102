import { createHash, sign, type KeyObject } from 'node:crypto';

// Runs in a worker too, straight from its source in specs: it imports nothing of ours, and says no more than JavaScript
// and types.

export type DkimAlgorithm = 'rsa-sha256' | 'ed25519-sha256';

export interface DkimKey {
  domain: string;
  selector: string;
  algorithm: DkimAlgorithm;
  key: KeyObject;
}

/** SPEC: RFC 6376, 5.4.1, and RFC 8058, 4: the link to unsubscribe is worth nothing where anybody may have put it in. */
const SIGNED = [
  ...['from', 'to', 'reply-to', 'subject', 'date', 'message-id', 'mime-version', 'content-type'],
  ...['content-transfer-encoding', 'list-unsubscribe', 'list-unsubscribe-post'],
];
/**
 * Named once more than they stand there. SPEC: RFC 6376, 8.15: else a second one could be put in front, which is shown
 * while the first is verified.
 */
const OVERSIGNED = ['from', 'to', 'reply-to', 'subject', 'date', 'content-type', 'list-unsubscribe'];

const LINE = 72;

/**
 * The DKIM-Signature headers of a message, one for each key, to be put in front of it. SPEC: RFC 6376 and RFC 8463,
 * relaxed/relaxed. What follows the message in its body, and many others, is there in its relaxed form; then the message
 * itself ends with a line.
 */
export function dkimHeaders(
  message: Uint8Array,
  keys: readonly DkimKey[],
  at: number,
  tail?: Uint8Array,
): string {
  const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const headers = relaxedHeaders(text.slice(0, end));
  const body = text.slice(end + 4);
  const hash = createHash('sha256');
  if (tail) hash.update(relaxedLines(body), 'latin1').update(tail);
  else hash.update(relaxedBody(body), 'latin1');
  const bodyHash = hash.digest('base64');
  const names = [...SIGNED.filter((name) => headers.has(name)), ...OVERSIGNED];
  const signed = SIGNED.map((name) => headers.get(name) ?? '').join('');
  return keys
    .map(({ domain, selector, algorithm, key }) => {
      const tags =
        `v=1; a=${algorithm}; c=relaxed/relaxed; d=${domain}; s=${selector}; t=${Math.floor(at / 1_000)};\r\n` +
        ` h=${foldedNames(names)};\r\n bh=${bodyHash};\r\n b=`;
      // SPEC: RFC 6376, 3.7: its own header stands last, with an empty signature and no line break.
      const data = `${signed}dkim-signature:${relaxedValue(tags)}`;
      return `DKIM-Signature: ${tags}${folded(signature(algorithm, data, key))}\r\n`;
    })
    .join('');
}

/** SPEC: RFC 8463, 3: Ed25519 signs the hash of what RSA signs. */
function signature(algorithm: DkimAlgorithm, data: string, key: KeyObject): string {
  const bytes = Buffer.from(data, 'latin1');
  const made =
    algorithm === 'rsa-sha256'
      ? sign('sha256', bytes, key)
      : sign(null, createHash('sha256').update(bytes).digest(), key);
  return made.toString('base64');
}

/** SPEC: RFC 6376, 3.4.2. A header that stands there twice is none of ours. */
function relaxedHeaders(head: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const field of head.split(/\r\n(?![ \t])/)) {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon).trim().toLowerCase();
    headers.set(name, `${name}:${relaxedValue(field.slice(colon + 1))}\r\n`);
  }
  return headers;
}

function relaxedValue(value: string): string {
  return value
    .replaceAll('\r\n', '')
    .replaceAll(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '');
}

/** SPEC: RFC 6376, 3.4.4: blanks in a row are one, at the end of a line none, and there are no empty lines at the end. */
export function relaxedBody(body: string): string {
  const text = relaxedLines(body);
  let end = text.length;
  while (end >= 2 && text.startsWith('\r\n', end - 2)) end -= 2;
  const rest = text.slice(0, end).replace(/ $/, '');
  return rest === '' ? '' : `${rest}\r\n`;
}

function relaxedLines(body: string): string {
  return body.replaceAll(/[ \t]+/g, ' ').replaceAll(' \r\n', '\r\n');
}

function foldedNames(names: readonly string[]): string {
  let line = ' h='.length;
  return names
    .map((name, index) => {
      const part = index === 0 ? name : `:${name}`;
      const breaks = line + part.length > LINE;
      line = breaks ? part.length + 1 : line + part.length;
      return breaks ? `\r\n ${part}` : part;
    })
    .join('');
}

function folded(text: string): string {
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += LINE) lines.push(text.slice(at, at + LINE));
  return lines.join('\r\n ');
}
