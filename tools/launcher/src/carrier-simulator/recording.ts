import { createHash } from 'node:crypto';

const rate = 8_000;
const headerBytes = 44;

/** A WAV of 16 bit PCM, mono, 8 kHz, as telephony records it. */
export function recordingSize(durationMs: number): number {
  return headerBytes + samplesOf(durationMs) * 2;
}

function samplesOf(durationMs: number): number {
  return Math.round((durationMs / 1_000) * rate);
}

/**
 * The recording in pieces of a second: a melody that follows from the call's id, so that two calls never have the
 * same bytes and the same call always has.
 */
export function* recording(callId: string, durationMs: number): Generator<Buffer> {
  const samples = samplesOf(durationMs);
  yield header(samples);
  const notes = [...createHash('sha256').update(callId).digest()].map(
    (byte) => 220 * 2 ** ((byte % 25) / 12),
  );
  const notesPerSecond = 4;
  for (let from = 0; from < samples; from += rate) {
    const count = Math.min(rate, samples - from);
    const piece = Buffer.alloc(count * 2);
    for (let at = 0; at < count; at += 1) {
      const second = (from + at) / rate;
      const hertz = notes[Math.floor(second * notesPerSecond) % notes.length] ?? 440;
      // Each note swells and fades: a hard edge would click.
      const loudness = Math.sin(((second * notesPerSecond) % 1) * Math.PI);
      piece.writeInt16LE(Math.round(9_000 * loudness * Math.sin(2 * Math.PI * hertz * second)), at * 2);
    }
    yield piece;
  }
}

function header(samples: number): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(headerBytes - 8 + samples * 2, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16); // length of this chunk
  bytes.writeUInt16LE(1, 20); // PCM
  bytes.writeUInt16LE(1, 22); // one channel
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28); // bytes a second
  bytes.writeUInt16LE(2, 32); // bytes a sample
  bytes.writeUInt16LE(16, 34); // bits a sample
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples * 2, 40);
  return bytes;
}
