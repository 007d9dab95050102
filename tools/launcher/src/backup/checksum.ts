import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** SHA-256 of what flows through. */
export class Checksum extends Transform {
  private readonly hash = createHash('sha256');
  bytes = 0;

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    done(null, chunk);
  }

  /** Once, when all has flowed. */
  hex(): string {
    return this.hash.digest('hex');
  }

  static of(text: string | Uint8Array): string {
    return createHash('sha256').update(text).digest('hex');
  }

  static async ofFile(path: string): Promise<string> {
    const checksum = new Checksum();
    await pipeline(createReadStream(path), checksum, new PassThrough().resume());
    return checksum.hex();
  }
}
