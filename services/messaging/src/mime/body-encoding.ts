/** SPEC: RFC 2045, 6.7 (5) and 6.8: lines of an encoded body have 76 characters at most. */
const LINE = 76;

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const EQUALS = 61;
const F = 70;
const TILDE = 126;

const HEX = Buffer.from('0123456789ABCDEF');

/** How much longer than its bytes a text may become: three for one, and a soft break every 73. */
export const MOST_GROWTH = 3.2;

/**
 * SPEC: RFC 2045, 6.7. Writes it into `out` and answers where it ends. Never plain (7bit), though most texts could be:
 * of an encoded body it is certain that it holds no `=_`, and hence no boundary, whoever wrote what is in it.
 */
export function writeQuotedPrintable(source: Buffer, length: number, out: Buffer, start: number): number {
  let at = start;
  let lineStart = start;
  for (let index = 0; index < length; index += 1) {
    const byte = source[index]!;
    if (byte === CR || byte === LF) {
      at = withoutBlankEnd(out, at, lineStart);
      out[at++] = CR;
      out[at++] = LF;
      if (byte === CR && source[index + 1] === LF) index += 1;
      lineStart = at;
      continue;
    }
    const literal = (byte >= SPACE && byte <= TILDE && byte !== EQUALS) || byte === TAB;
    // A character of several bytes is not torn apart: there are readers that decode line by line.
    const room = literal ? 1 : byte < 0xc0 ? 3 : byte < 0xe0 ? 6 : byte < 0xf0 ? 9 : 12;
    const continued = (byte & 0xc0) === 0x80;
    // Three less than the line for the `=` that breaks it, and for a blank at its end, which takes two more.
    if (!continued && at - lineStart + room > LINE - 3) {
      out[at++] = EQUALS;
      out[at++] = CR;
      out[at++] = LF;
      lineStart = at;
    }
    if (literal && !(byte === F && at === lineStart && opensMbox(source, index))) {
      out[at++] = byte;
    } else {
      out[at++] = EQUALS;
      out[at++] = HEX[byte >> 4]!;
      out[at++] = HEX[byte & 15]!;
    }
  }
  return withoutBlankEnd(out, at, lineStart);
}

/** SPEC: RFC 2045, 6.7 (3): a blank before a line break, or at the very end, would be taken away on the road. */
function withoutBlankEnd(out: Buffer, end: number, lineStart: number): number {
  const last = out[end - 1];
  if (end === lineStart || (last !== SPACE && last !== TAB)) return end;
  out[end - 1] = EQUALS;
  out[end] = HEX[last >> 4]!;
  out[end + 1] = HEX[last & 15]!;
  return end + 2;
}

/** SPEC: RFC 2049, 3: "From " at the start of a line is altered by whatever keeps mail in mbox files. */
function opensMbox(source: Buffer, index: number): boolean {
  return source.toString('latin1', index, index + 5) === 'From ';
}

/** SPEC: RFC 2045, 6.8: lines of 76, each ended. */
export function base64Lines(bytes: Buffer): string {
  const text = bytes.toString('base64');
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += LINE) lines.push(text.slice(at, at + LINE));
  return lines.map((line) => `${line}\r\n`).join('');
}

/**
 * Whether base64 is the shorter one, by the extra bytes that UTF-8 takes: Latin scripts stay readable as
 * quoted-printable, of others it would make nine characters each.
 */
export function wantsBase64(text: string, bytes: number): boolean {
  return bytes - text.length > bytes / 10;
}

/** SPEC: RFC 2045, 6.8 and RFC 2046, 4.1.1: the canonical form of text ends its lines in CRLF, encoded or not. */
export function withCrlf(text: string): string {
  return text.replaceAll(/\r\n?|\n/g, '\r\n');
}
