import { describe, expect, it } from '@jest/globals';
import { AudioTrack } from './audio-track.js';
import { decodeG711, encodeG711 } from './g711.js';
import { resample } from './resample.js';
import { readRtp, writeRtp } from './rtp.js';
import { melody, recordingTone } from './tones.js';
import { readWav, samplesIn, wavHead } from './wav.js';

describe('G.711', () => {
  const heard = (codec: 'PCMU' | 'PCMA', byte: number) =>
    decodeG711(codec, Uint8Array.of(byte)).readInt16LE(0);

  it('is heard as ITU-T has it', () => {
    expect([0xff, 0x7f, 0x80, 0x00, 0xf0].map((byte) => heard('PCMU', byte))).toEqual([
      0, 0, 32_124, -32_124, 120,
    ]);
    expect([0xd5, 0x55, 0xaa, 0x2a].map((byte) => heard('PCMA', byte))).toEqual([8, -8, 32_256, -32_256]);
  });

  it.each(['PCMU', 'PCMA'] as const)('%s says again what it heard', (codec) => {
    for (let byte = 0; byte < 256; byte += 1) {
      const sample = heard(codec, byte);
      expect(heard(codec, encodeG711(codec, Int16Array.of(sample))[0]!)).toBe(sample);
    }
  });

  it.each(['PCMU', 'PCMA'] as const)('%s says every sample with an error of its step at most', (codec) => {
    for (let sample = -32_768; sample <= 32_767; sample += 97) {
      const error = Math.abs(heard(codec, encodeG711(codec, Int16Array.of(sample))[0]!) - sample);
      expect(error).toBeLessThanOrEqual(Math.max(8, Math.abs(sample) / 16 + 8));
    }
  });
});

describe('an RTP packet', () => {
  const packet = {
    type: 0,
    marker: true,
    sequence: 65_535,
    timestamp: 4_294_967_295,
    source: 7,
    payload: Buffer.from('x'),
  };

  it('is read as it was written', () => expect(readRtp(writeRtp(packet))).toEqual(packet));

  it('may bear sources, an extension and padding around its sound', () => {
    const bytes = writeRtp({ ...packet, payload: Buffer.from('csrcEXT\0extnsoundpp') });
    bytes[0] = 0x80 | 0x20 | 0x10 | 1;
    bytes.set([0xbe, 0xde, 0, 1], 16);
    bytes[bytes.length - 1] = 2;
    expect(readRtp(bytes)?.payload.toString()).toBe('sound');
  });

  it('is none where it is too short, of another version, or longer than itself', () => {
    expect(readRtp(Buffer.alloc(11, 0x80))).toBeUndefined();
    expect(readRtp(Buffer.alloc(40))).toBeUndefined();
    for (const first of [0x8f, 0x90, 0xa0]) {
      const bytes = Buffer.alloc(14, 0xff);
      bytes[0] = first;
      expect(readRtp(bytes)).toBeUndefined();
    }
  });
});

describe('sound that arrives', () => {
  const piece = (n: number) => Buffer.from(Int16Array.of(n, n).buffer);
  const track = (...heard: [timestamp: number, n: number][]) => {
    const written: number[] = [];
    const line = new AudioTrack((samples) => {
      for (let at = 0; at < samples.length; at += 2) written.push(samples.readInt16LE(at));
    });
    for (const [timestamp, n] of heard) line.hear(1, timestamp >>> 0, piece(n));
    line.flush();
    return written;
  };

  it('out of order is put in order, twice is heard once', () => {
    expect(track([0, 1], [4, 3], [2, 2], [2, 2], [0, 1])).toEqual([1, 1, 2, 2, 3, 3]);
  });

  it('across the end of its numbers goes on', () => {
    expect(track([-2, 1], [0, 2])).toEqual([1, 1, 2, 2]);
  });

  it('with a gap has silence in it', () => {
    expect(track([0, 1], [6, 4])).toEqual([1, 1, 0, 0, 0, 0, 4, 4]);
  });

  it('from far away in time makes no hours of silence', () => {
    expect(track([0, 1], [2 ** 30, 2])).toEqual([1, 1, 2, 2]);
  });

  it('of another source begins anew', () => {
    const written: number[] = [];
    const line = new AudioTrack((samples) => written.push(samples.length));
    line.hear(1, 1_000, piece(1));
    line.hear(2, 5, piece(2));
    expect(written).toEqual([4, 4]);
  });

  it('without end and without order holds no more than a moment', () => {
    let bytes = 0;
    const line = new AudioTrack((samples) => (bytes += samples.length));
    for (let n = 0; n < 1_000; n += 1) line.hear(1, (n * 7_919) % 65_536, piece(n));
    expect(bytes).toBeLessThan(65_536 * 2 + 4_000);
  });

  it('that is empty does no harm', () => {
    const line = new AudioTrack(() => undefined);
    for (let n = 0; n < 20; n += 1) line.hear(1, n % 3, Buffer.alloc(0));
    expect(() => line.flush()).not.toThrow();
  });
});

describe('a WAV file', () => {
  it('is read as it is written', () => {
    const samples = melody([[440, 20]]);
    const file = Buffer.concat([wavHead(samples.byteLength), Buffer.from(samples.buffer)]);
    expect(samplesIn(file)).toEqual(samples);
  });

  it('of another kind, or cut short, is none', () => {
    const stereo = wavHead(0);
    stereo.writeUInt16LE(2, 22);
    for (const file of [stereo, Buffer.from('RIFF'), Buffer.alloc(0), wavHead(0).subarray(0, 20)])
      expect(samplesIn(file)).toBeUndefined();
  });
});

describe('sound at another rate', () => {
  const wave = (hertz: number, rate: number, count: number) =>
    Int16Array.from({ length: count }, (_, n) => 10_000 * Math.sin((2 * Math.PI * hertz * n) / rate));

  it('is the same wave, but for its edges', async () => {
    const slower = await resample(wave(1_000, 22_050, 22_050), 22_050, 8_000);
    expect(slower).toHaveLength(8_000);
    const expected = wave(1_000, 8_000, 8_000);
    for (let n = 100; n < 7_900; n += 1) expect(Math.abs(slower[n]! - expected[n]!)).toBeLessThan(30);
  });

  it('has nothing of what a telephone line cannot carry', async () => {
    const folded = await resample(wave(5_000, 22_050, 22_050), 22_050, 8_000);
    expect(Math.max(...folded.subarray(200, 7_800).map(Math.abs))).toBeLessThan(20);
  });

  it('is named by its file, also where the file was piped and says no true length', () => {
    const head = wavHead(0x7fff_f000);
    head.writeUInt32LE(22_050, 24);
    expect(readWav(Buffer.concat([head, Buffer.of(1, 0, 2, 0)]))).toEqual({
      rate: 22_050,
      samples: Int16Array.of(1, 2),
    });
  });
});

describe('the tone before a recording', () => {
  it('lasts long enough to be heard, and clicks at neither end', () => {
    const tone = recordingTone();
    expect(tone.length).toBe(0.65 * 8_000);
    expect([tone[0], tone.at(-1)]).toEqual([0, 0]);
    expect(Math.max(...tone)).toBeGreaterThan(6_000);
  });
});
