import { type Codec } from '../sip/sdp.js';

/** Samples a second of a telephone line. */
export const SAMPLE_RATE = 8_000;

/** Both ways of ITU-T G.711, as tables: 256 values each to hear, 65,536 to say. */
const HEARD: Record<Codec, Int16Array> = {
  PCMU: Int16Array.from({ length: 256 }, (_, byte) => fromMuLaw(byte)),
  PCMA: Int16Array.from({ length: 256 }, (_, byte) => fromALaw(byte)),
};
const SAID: Record<Codec, Uint8Array> = { PCMU: inverse(HEARD.PCMU), PCMA: inverse(HEARD.PCMA) };

/** 16 bit samples, little end first, as they stand in a WAV file. */
export function decodeG711(codec: Codec, bytes: Uint8Array): Buffer {
  const table = HEARD[codec];
  const samples = Buffer.allocUnsafe(bytes.length * 2);
  for (let at = 0; at < bytes.length; at += 1) samples.writeInt16LE(table[bytes[at]!]!, at * 2);
  return samples;
}

export function encodeG711(codec: Codec, samples: Int16Array): Buffer {
  const table = SAID[codec];
  return Buffer.from(Uint8Array.from(samples, (sample) => table[sample + 32_768]!));
}

function fromMuLaw(byte: number): number {
  const value = ~byte & 0xff;
  const size = (((value & 0x0f) << 3) + 0x84) << ((value & 0x70) >> 4);
  return value & 0x80 ? 0x84 - size : size - 0x84;
}

function fromALaw(byte: number): number {
  const value = byte ^ 0x55;
  const step = (value & 0x70) >> 4;
  const size = ((value & 0x0f) << 4) + (step === 0 ? 8 : 0x108);
  const shifted = step > 1 ? size << (step - 1) : size;
  return value & 0x80 ? shifted : -shifted;
}

/** For each sample the code that is heard nearest to it. */
function inverse(heard: Int16Array): Uint8Array {
  const codes = [...heard.keys()].sort((one, other) => heard[one]! - heard[other]!);
  const table = new Uint8Array(65_536);
  for (let sample = -32_768, at = 0; sample <= 32_767; sample += 1) {
    while (
      at + 1 < codes.length &&
      Math.abs(heard[codes[at + 1]!]! - sample) <= Math.abs(heard[codes[at]!]! - sample)
    )
      at += 1;
    table[sample + 32_768] = codes[at]!;
  }
  return table;
}
