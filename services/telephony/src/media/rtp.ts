/** One packet of RFC 3550. */
export interface RtpPacket {
  type: number;
  /** Begins after silence. */
  marker: boolean;
  sequence: number;
  timestamp: number;
  source: number;
  payload: Buffer;
}

const HEAD = 12;
const LARGEST = 1_500;

/** Undefined for anything else: garbage on an open port is no sound. */
export function readRtp(bytes: Buffer): RtpPacket | undefined {
  if (bytes.length < HEAD || bytes.length > LARGEST || bytes[0]! >> 6 !== 2) return undefined;
  let from = HEAD + (bytes[0]! & 0x0f) * 4;
  if (bytes[0]! & 0x10) {
    if (bytes.length < from + 4) return undefined;
    from += 4 + bytes.readUInt16BE(from + 2) * 4;
  }
  const padding = bytes[0]! & 0x20 ? bytes[bytes.length - 1]! : 0;
  if (from + padding > bytes.length) return undefined;
  return {
    type: bytes[1]! & 0x7f,
    marker: (bytes[1]! & 0x80) !== 0,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    source: bytes.readUInt32BE(8),
    payload: bytes.subarray(from, bytes.length - padding),
  };
}

export function writeRtp({ type, marker, sequence, timestamp, source, payload }: RtpPacket): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD + payload.length);
  bytes[0] = 0x80;
  bytes[1] = (marker ? 0x80 : 0) | type;
  bytes.writeUInt16BE(sequence & 0xffff, 2);
  bytes.writeUInt32BE(timestamp >>> 0, 4);
  bytes.writeUInt32BE(source >>> 0, 8);
  payload.copy(bytes, HEAD);
  return bytes;
}
