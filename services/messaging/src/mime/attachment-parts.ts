import { base64Lines } from './body-encoding.js';

/** A file that goes with every mail of a template. */
export interface MailAttachment {
  name: string;
  contentType: string;
  content: Buffer;
}

/** SPEC: RFC 2231, 3: a long parameter goes on in others; so much of it stands on a line. */
const SEGMENT = 50;

/**
 * What all mails of a template end with: its attachments and the last boundary, encoded once. In shared memory: the
 * threads that sign read it where it is. SPEC: RFC 6376, 3.4.4: written as the relaxed form has it (no two blanks in a
 * row, none at the end of a line, no empty line at the end), so that it is hashed as it stands.
 */
export function attachmentParts(attachments: readonly MailAttachment[], boundary: string): Buffer {
  const parts = attachments.map(
    ({ name, contentType, content }) =>
      `\r\n--${boundary}\r\n` +
      `Content-Type: ${contentType}\r\n` +
      `Content-Transfer-Encoding: base64\r\n` +
      `Content-Disposition: attachment;\r\n${fileName(name)}\r\n\r\n` +
      base64Lines(content),
  );
  const text = `${parts.join('')}\r\n--${boundary}--\r\n`;
  const shared = Buffer.from(new SharedArrayBuffer(text.length));
  shared.write(text, 'latin1');
  return shared;
}

/** SPEC: RFC 2183, 2.3 and RFC 2231, 4: names in other scripts are written in UTF-8, with percent signs. */
function fileName(name: string): string {
  const isPlain = /^[\u0020-\u007e]*$/.test(name) && !/["\\]| {2}/.test(name);
  if (isPlain && name.length <= SEGMENT) return ` filename="${name}"`;
  const segments = segmentsOf(name);
  if (segments.length === 1) return ` filename*=utf-8''${segments[0]!}`;
  return segments.map((text, at) => ` filename*${at}*=${at === 0 ? "utf-8''" : ''}${text}`).join(';\r\n');
}

/** No character is torn apart: there are readers that decode one by one. */
function segmentsOf(name: string): string[] {
  const segments = [''];
  for (const character of name) {
    const encoded = percentEncoded(character);
    if (segments.at(-1)!.length + encoded.length > SEGMENT) segments.push('');
    segments[segments.length - 1]! += encoded;
  }
  return segments;
}

/** SPEC: RFC 2231, 7: all but letters, digits and a few marks. */
function percentEncoded(character: string): string {
  if (/^[\w.-]$/.test(character)) return character;
  return Array.from(
    Buffer.from(character),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}
