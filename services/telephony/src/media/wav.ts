import { SAMPLE_RATE } from './g711.js';

const HEAD = 44;

/** The head of a WAV file: 16 bit PCM, mono, 8 kHz. `bytes` of samples follow. */
export function wavHead(bytes: number): Buffer {
  const head = Buffer.alloc(HEAD);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(HEAD - 8 + bytes, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16); // length of this chunk
  head.writeUInt16LE(1, 20); // PCM
  head.writeUInt16LE(1, 22); // one channel
  head.writeUInt32LE(SAMPLE_RATE, 24);
  head.writeUInt32LE(SAMPLE_RATE * 2, 28); // bytes a second
  head.writeUInt16LE(2, 32); // bytes a sample
  head.writeUInt16LE(16, 34); // bits a sample
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(bytes, 40);
  return head;
}

/** The samples of such a file; undefined for any other. */
export function samplesIn(file: Buffer): Int16Array | undefined {
  const read = readWav(file);
  return read?.rate === SAMPLE_RATE ? read.samples : undefined;
}

export interface Sound {
  /** Samples a second. */
  rate: number;
  samples: Int16Array;
}

const RATE = 4;

/** A WAV file of 16 bit PCM, mono, of any rate; undefined for any other. One that was piped says no true length. */
export function readWav(file: Buffer): Sound | undefined {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') return undefined;
  let rate = 0;
  for (let at = 12; at + 8 <= file.length;) {
    const [name, size] = [file.toString('latin1', at, at + 4), file.readUInt32LE(at + 4)];
    const body = file.subarray(at + 8, at + 8 + size);
    if (name === 'fmt ' && body.length >= 16) rate = isOurs(body) ? body.readUInt32LE(RATE) : 0;
    if (name === 'data')
      return rate > 0
        ? {
            rate,
            samples: Int16Array.from({ length: Math.floor(body.length / 2) }, (_, n) =>
              body.readInt16LE(n * 2),
            ),
          }
        : undefined;
    at += 8 + size + (size % 2);
  }
  return undefined;
}

/** PCM, one channel, 16 bit. */
function isOurs(format: Buffer): boolean {
  return format.readUInt16LE(0) === 1 && format.readUInt16LE(2) === 1 && format.readUInt16LE(14) === 16;
}
