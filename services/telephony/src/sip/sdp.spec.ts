import { describe, expect, it } from '@jest/globals';
import { describeMedia, readMedia } from './sdp.js';

const sdp = (...lines: string[]) =>
  readMedia(Buffer.from(['v=0', 'o=- 1 1 IN IP4 10.0.0.9', 's=-', ...lines, ''].join('\r\n')));

describe('what two sides agree on', () => {
  it('is what we offer, where they take it as it is', () => {
    expect(readMedia(describeMedia('127.0.0.1', 20_000, 1))).toEqual({
      ...{ host: '127.0.0.1', port: 20_000, codec: 'PCMU', keysAs: 101 },
    });
    expect(readMedia(describeMedia('::1', 20_000, 1))?.host).toBe('::1');
  });

  it('is the codec that they name first, with keys under the number that they give', () => {
    expect(
      sdp('c=IN IP4 10.0.0.1', 'm=audio 4000 RTP/AVP 18 8 0 96', 'a=rtpmap:96 telephone-event/8000'),
    ).toEqual({
      ...{ host: '10.0.0.1', port: 4_000, codec: 'PCMA', keysAs: 96 },
    });
  });

  it('is spoken where the audio says, not the session or another stream', () => {
    const lines = [
      'c=IN IP4 10.0.0.1',
      'm=audio 4000 RTP/AVP 0',
      'c=IN IP4 10.0.0.2',
      'm=video 1 RTP/AVP 9',
      'c=IN IP4 10.0.0.3',
    ];
    expect(sdp(...lines)?.host).toBe('10.0.0.2');
  });

  it.each([
    ['without sound', ['c=IN IP4 10.0.0.1', 'm=video 4000 RTP/AVP 0']],
    ['where it is refused', ['c=IN IP4 10.0.0.1', 'm=audio 0 RTP/AVP 0']],
    ['in a codec that we do not speak', ['c=IN IP4 10.0.0.1', 'm=audio 4000 RTP/AVP 18 9']],
    ['encrypted', ['c=IN IP4 10.0.0.1', 'm=audio 4000 RTP/SAVP 0']],
    ['with a name that we would have to look up', ['c=IN IP4 media.example', 'm=audio 4000 RTP/AVP 0']],
    ['without an address', ['m=audio 4000 RTP/AVP 0']],
    ['on a port that there is not', ['c=IN IP4 10.0.0.1', 'm=audio 99999 RTP/AVP 0']],
  ])('is nothing %s', (_, lines) => expect(sdp(...lines)).toBeUndefined());

  it('is nothing in an empty or endless body', () => {
    expect(readMedia(Buffer.alloc(0))).toBeUndefined();
    expect(readMedia(Buffer.alloc(9_000, 'm=audio 1 RTP/AVP 0\r\n'))).toBeUndefined();
  });
});
