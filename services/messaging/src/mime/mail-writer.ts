import { base64Lines, MOST_GROWTH, wantsBase64, withCrlf, writeQuotedPrintable } from './body-encoding.js';

/** Texts of a template are 64 and 256 KiB at most, and values make them longer: most fit into this, the rest makes it grow. */
const FIRST_SIZE = 65_536;

/**
 * Mails are written into one room and copied out when they are whole: no parts to be joined, no string of the whole.
 * One at a time: nothing in it waits.
 */
export class MailWriter {
  private static readonly room = new MailWriter();
  private out = Buffer.allocUnsafe(FIRST_SIZE);
  private source = Buffer.allocUnsafe(FIRST_SIZE);
  private at = 0;

  static begin(): MailWriter {
    MailWriter.room.at = 0;
    return MailWriter.room;
  }

  /** What is ASCII already: headers and what stands between the parts. */
  ascii(text: string): void {
    this.reserve(text.length);
    this.at += this.out.write(text, this.at, 'latin1');
  }

  /** The headers of a text, and the text. */
  textPart(type: 'text/plain' | 'text/html', text: string): void {
    const bytes = Buffer.byteLength(text);
    const head = `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: `;
    if (bytes !== text.length && wantsBase64(text, bytes)) {
      this.ascii(`${head}base64\r\n\r\n`);
      this.ascii(base64Lines(Buffer.from(withCrlf(text))));
      return;
    }
    this.ascii(`${head}quoted-printable\r\n\r\n`);
    this.reserve(Math.ceil(bytes * MOST_GROWTH) + 16);
    if (this.source.length < bytes) this.source = Buffer.allocUnsafe(bytes);
    const length = this.source.write(text, 0);
    this.at = writeQuotedPrintable(this.source, length, this.out, this.at);
  }

  /** The mail, its last line ended. */
  end(): Buffer {
    if (this.out[this.at - 1] !== 10) this.ascii('\r\n');
    return Buffer.from(this.out.subarray(0, this.at));
  }

  private reserve(more: number): void {
    if (this.at + more <= this.out.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.out.length * 2, this.at + more));
    this.out.copy(larger, 0, 0, this.at);
    this.out = larger;
  }
}
