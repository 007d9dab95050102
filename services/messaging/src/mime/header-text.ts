import { onOneLine } from '@heed/templates';

/** SPEC: RFC 5322, 2.1.1: lines should be no longer than this, and must be no longer than 998. */
const LINE = 76;

/** SPEC: RFC 2047, 2: an encoded word has 75 characters at most: `=?utf-8?B?` and `?=` are 12 of them. */
const WORD = 75;
const WORD_FRAME = 12;

const PLAIN = /^[\u0020-\u007e]*$/;

/**
 * An unstructured header, `Subject`, whole and folded. What is not plain ASCII goes into encoded words, and so does what
 * only looks like one: `=?utf-8?q?...` is somebody's name and not ours to have read as something else.
 */
export function unstructured(name: string, value: string): string {
  const text = onOneLine(value);
  const short = name.length + 2 + text.length <= LINE;
  if (PLAIN.test(text) && !text.includes('=?')) {
    if (short) return `${name}: ${text}\r\n`;
    const folded = foldedAtSpaces(`${name}: ${text}`);
    if (folded) return folded;
  }
  return `${name}: ${encodedWords(text, name.length + 2)}\r\n`;
}

/** The words of a display name, as atoms, as a quoted string, or encoded; `used` is how much of its line stands before. */
export function phrase(value: string, used: number): string {
  const text = onOneLine(value);
  if (!PLAIN.test(text) || text.includes('=?')) return encodedWords(text, used);
  if (/^[\w!#$%&'*+/=?^`{|}~-]+( [\w!#$%&'*+/=?^`{|}~-]+)*$/.test(text)) return text;
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** Undefined where a word alone is too long for a line. */
function foldedAtSpaces(line: string): string | undefined {
  const lines: string[] = [];
  let from = 0;
  let last = -1;
  for (let at = 1; at <= line.length; at += 1) {
    const end = at === line.length;
    // A line of spaces alone would end the headers for some; hence behind a word, and before one.
    if (!end && (line[at] !== ' ' || line[at - 1] === ' ' || line[at + 1] === ' ')) continue;
    if (at - from > LINE && last > from) {
      lines.push(line.slice(from, last));
      from = last;
    }
    if (at - from > LINE) return undefined;
    last = at;
  }
  lines.push(line.slice(from));
  return `${lines.join('\r\n')}\r\n`;
}

/**
 * SPEC: RFC 2047: words of 75 characters at most, none of which ends within a character, parted by line breaks that
 * readers take away. Of B and Q the shorter one.
 */
function encodedWords(text: string, used: number): string {
  const bytes = Buffer.byteLength(text);
  const q = qEncodedLength(text) <= (bytes * 4) / 3;
  const words: string[] = [];
  let held = '';
  let length = 0;
  let room = Math.max(Math.min(WORD, LINE - used) - WORD_FRAME, 12);
  const most = () => (q ? room : Math.floor(room / 4) * 3);
  const end = () => {
    words.push(q ? `=?utf-8?Q?${qEncoded(held)}?=` : `=?utf-8?B?${Buffer.from(held).toString('base64')}?=`);
    held = '';
    length = 0;
    room = WORD - WORD_FRAME;
  };
  for (const character of text) {
    const more = q ? qEncodedLength(character) : Buffer.byteLength(character);
    if (length > 0 && length + more > most()) end();
    held += character;
    length += more;
  }
  if (length > 0) end();
  return words.join('\r\n ');
}

/** SPEC: RFC 2047, 5 (3): the letters that stand for themselves in a phrase too. */
const IN_WORD = /[A-Za-z0-9!*+/-]/;

function qEncodedLength(text: string): number {
  let length = 0;
  for (const character of text) {
    length += character === ' ' || IN_WORD.test(character) ? 1 : Buffer.byteLength(character) * 3;
  }
  return length;
}

function qEncoded(text: string): string {
  return Array.from(text, (character) => {
    if (character === ' ') return '_';
    if (IN_WORD.test(character)) return character;
    return Array.from(
      Buffer.from(character),
      (byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join('');
  }).join('');
}
