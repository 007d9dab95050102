import { describe, expect, it } from '@jest/globals';
import { keyInInfo, PressedKeys } from './pressed-keys.js';

const event = (code: number, duration: number, { timestamp = 1, isEnd = false } = {}) => {
  const payload = Buffer.of(code, isEnd ? 0x80 | 10 : 10, 0, 0);
  payload.writeUInt16BE(duration, 2);
  return { type: 101, marker: false, sequence: 1, timestamp, source: 1, payload };
};

describe('a key that is pressed', () => {
  it('is heard once, though its packets are repeated', () => {
    const keys = new PressedKeys();
    const heard = [
      ...[event(9, 160), event(9, 320), event(9, 480)],
      ...[event(9, 800, { isEnd: true }), event(9, 800, { isEnd: true })],
    ].map((packet) => keys.hear(packet));
    expect(heard).toEqual([undefined, '9', undefined, undefined, undefined]);
  });

  it('is heard though all but its end was lost', () => {
    expect(new PressedKeys().hear(event(11, 800, { isEnd: true }))).toBe('#');
  });

  it('is heard again when it is pressed again', () => {
    const keys = new PressedKeys();
    expect([1, 2].map((timestamp) => keys.hear(event(9, 400, { timestamp })))).toEqual(['9', '9']);
  });

  it('is none where it is a flash, a touch or cut short', () => {
    const keys = new PressedKeys();
    expect(keys.hear(event(16, 400))).toBeUndefined();
    expect(keys.hear(event(9, 100))).toBeUndefined();
    expect(keys.hear({ ...event(9, 400), payload: Buffer.of(9) })).toBeUndefined();
  });

  it('may come in an INFO, in either form', () => {
    expect(keyInInfo('application/dtmf-relay', Buffer.from('Signal=9\r\nDuration=160\r\n'))).toBe('9');
    expect(keyInInfo('application/dtmf-relay; x=y', Buffer.from('Duration=1\r\nSignal = *\r\n'))).toBe('*');
    expect(keyInInfo('application/dtmf', Buffer.from('9\r\n'))).toBe('9');
  });

  it('is none in an INFO about something else', () => {
    expect(keyInInfo('text/plain', Buffer.from('9'))).toBeUndefined();
    expect(keyInInfo('application/dtmf', Buffer.from('99'))).toBeUndefined();
    expect(keyInInfo('application/dtmf-relay', Buffer.from('Signal=99'))).toBeUndefined();
    expect(keyInInfo('application/dtmf-relay', Buffer.alloc(300, 'Signal=9\r\n'))).toBeUndefined();
  });
});
