import { describe, expect, it } from '@jest/globals';
import {
  header,
  lengthInStream,
  listed,
  parameter,
  readMessage,
  splitList,
  writeMessage,
} from './sip-message.js';

const ringing = (change: (lines: string[]) => string[] = (lines) => lines, body = ''): Buffer =>
  Buffer.from(
    `${change([
      'SIP/2.0 180 Ringing',
      'Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bKabc;rport',
      'From: "A, B" <sip:+15550001@trunk>;tag=one',
      'To: <sip:+15550002@trunk;tag=decoy>;tag=two',
      'Call-ID: a@b',
      'CSeq: 1 INVITE',
    ]).join('\r\n')}\r\n\r\n${body}`,
  );
const without = (name: string) => (lines: string[]) => lines.filter((line) => !line.startsWith(name));
const withLine =
  (...more: string[]) =>
  (lines: string[]) => [...lines, ...more];

describe('a SIP message', () => {
  it('says which transaction and which dialog it is of', () => {
    expect(readMessage(ringing())).toMatchObject({
      ...{ status: 180, callId: 'a@b', cseq: { number: 1, method: 'INVITE' } },
      ...{ branch: 'z9hG4bKabc', fromTag: 'one', toTag: 'two' },
    });
  });

  it('is a request with the method that its CSeq names, or none', () => {
    const request = (method: string) =>
      ringing((lines) => [`${method} sip:heed@127.0.0.1 SIP/2.0`, ...lines.slice(1)]);
    expect(readMessage(request('INVITE'))).toMatchObject({ method: 'INVITE', uri: 'sip:heed@127.0.0.1' });
    expect(readMessage(request('BYE'))).toBeUndefined();
  });

  it('may write its headers short, and over several lines', () => {
    const short = ringing((lines) => [
      ...lines.map((line) => line.replace('Call-ID', 'i')),
      'm: <sip:x@y>,\r\n <sip:z@y>',
    ]);
    const message = readMessage(short)!;
    expect(message.callId).toBe('a@b');
    expect(listed(message, 'contact')).toEqual(['<sip:x@y>', '<sip:z@y>']);
  });

  it.each(['Via', 'From', 'To', 'Call-ID', 'CSeq'])('is none without its %s', (name) => {
    expect(readMessage(ringing(without(name)))).toBeUndefined();
  });

  it.each(['From', 'To', 'Call-ID', 'CSeq'])('is none with two of %s', (name) => {
    const again = (lines: string[]) => [...lines, lines.find((line) => line.startsWith(name))!];
    expect(readMessage(ringing(again))).toBeUndefined();
  });

  it('is none with a head that is too long, too many headers or a line that is no header', () => {
    expect(readMessage(ringing(withLine(`X: ${'x'.repeat(16 * 1024)}`)))).toBeUndefined();
    expect(readMessage(ringing(withLine(...Array<string>(130).fill('X: y'))))).toBeUndefined();
    expect(readMessage(ringing(withLine('no header')))).toBeUndefined();
  });

  it('is none where its body is shorter than it says, and ends where it says', () => {
    expect(readMessage(ringing(withLine('Content-Length: 5'), 'four'))).toBeUndefined();
    expect(readMessage(ringing(withLine('Content-Length: 4'), 'four more'))?.body.toString()).toBe('four');
    expect(readMessage(ringing(withLine('Content-Length: -1'), 'four'))).toBeUndefined();
  });

  it('is none where it is something else', () => {
    for (const bytes of [
      '',
      '\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n',
      '\0\u{1}\u{2}\r\n\r\n\r\n',
      'SIP/2.0 700 X\r\n\r\n',
    ])
      expect(readMessage(Buffer.from(bytes))).toBeUndefined();
    for (let n = 0; n < 200; n += 1) {
      const bytes = ringing();
      bytes[Math.floor((bytes.length * n) / 200)] = (n * 37) % 256;
      expect(() => readMessage(bytes)).not.toThrow();
    }
  });

  it('is written as it is read', () => {
    const headers = [
      ...[
        ['Via', 'SIP/2.0/UDP a;branch=b'],
        ['From', '<sip:a@b>;tag=1'],
        ['To', '<sip:c@d>'],
        ['Call-ID', 'e'],
      ],
      ['CSeq', '7 OPTIONS'],
    ].map(([name, value]) => [name!, value!] as const);
    const message = readMessage(writeMessage('OPTIONS sip:c@d SIP/2.0', headers, Buffer.from('body')))!;
    expect(message).toMatchObject({ method: 'OPTIONS', toTag: '', body: Buffer.from('body') });
    expect(header(message, 'content-length')).toBe('4');
  });
});

describe('a stream of SIP messages', () => {
  it('says how long its first one is once its head is there', () => {
    const whole = ringing(withLine('Content-Length: 4'), 'fourSIP/2.0 ...');
    expect(lengthInStream(whole.subarray(0, 20))).toBeUndefined();
    expect(lengthInStream(whole)).toBe(whole.indexOf('fourSIP') + 4);
  });

  it('is broken without a length, with one that is too large, and with a head without end', () => {
    expect(lengthInStream(ringing())).toBe(0);
    expect(lengthInStream(ringing(withLine('Content-Length: 999999')))).toBe(0);
    expect(lengthInStream(ringing(withLine('Content-Length: 4', 'Content-Length: 9')))).toBe(0);
    expect(lengthInStream(Buffer.alloc(17 * 1024, 'x'))).toBe(0);
  });
});

describe('values of a header', () => {
  it('are parted at commas, but not within quotes or an address', () => {
    expect(splitList('"a, \\" b" <sip:x@y;p=1,2>;q=1, <sip:z>')).toEqual([
      '"a, \\" b" <sip:x@y;p=1,2>;q=1',
      '<sip:z>',
    ]);
  });

  it('have parameters behind their address, not within it', () => {
    expect(parameter('"x;tag=no" <sip:a@b;tag=no>;tag=yes', 'tag')).toBe('yes');
    expect(parameter('<sip:a@b;tag=no>', 'tag')).toBeUndefined();
    expect(parameter('SIP/2.0/UDP h:1;rport;branch=z9', 'branch')).toBe('z9');
    expect(parameter('Q.850 ;cause=16 ;text="Terminated"', 'cause')).toBe('16');
  });
});
