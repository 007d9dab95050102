import { type RtpPacket } from './rtp.js';

const KEYS = '0123456789*#ABCD';
/** Shorter is no finger on a key: 40 ms in samples (ITU-T Q.24). */
const SHORTEST = 320;

/** Hears keys in telephone events (RFC 4733): each once, however often its packets are repeated. */
export class PressedKeys {
  private last: string | undefined;

  /** The key, at the first packet that says for sure that it was pressed. */
  hear({ source, timestamp, payload }: RtpPacket): string | undefined {
    if (payload.length < 4) return undefined;
    const key = KEYS[payload[0]!];
    const isEnd = (payload[1]! & 0x80) !== 0;
    const event = `${source} ${timestamp}`;
    if (!key || event === this.last || (!isEnd && payload.readUInt16BE(2) < SHORTEST)) return undefined;
    this.last = event;
    return key;
  }
}

/** A key in the body of an INFO, in the two forms that are in use. */
export function keyInInfo(contentType: string, body: Buffer): string | undefined {
  if (body.length > 256) return undefined;
  const text = body.toString('latin1').trim();
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  if (type === 'application/dtmf-relay') return /^signal\s*=\s*([0-9*#A-D])\s*$/im.exec(text)?.[1];
  return type === 'application/dtmf' ? /^[0-9*#A-D]$/.exec(text)?.[0] : undefined;
}
