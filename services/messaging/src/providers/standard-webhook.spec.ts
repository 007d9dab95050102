import { describe, expect, it } from '@jest/globals';
import { isSignedBy, isTimely, readHead, readSecret, signatureOf, writeSecret } from './standard-webhook.js';

// The example of the specification (Standard Webhooks 1.0.0), so that what others sign is what we verify.
const secret = readSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
const body = Buffer.from('{"test": 2432232314}');
const headers = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const other = Buffer.alloc(32, 1);

describe('a webhook', () => {
  it('is signed as the specification shows', () => {
    const head = readHead(headers)!;
    expect(isSignedBy(head, body, [secret])).toBe(true);
    expect(writeSecret(secret)).toBe('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  });

  it('is believed where one of several signatures is of one of several secrets', () => {
    const old = `v1,${signatureOf({ id: headers['webhook-id'], timestamp: '1614265330' }, body, other).toString('base64')}`;
    const both = { ...headers, 'webhook-signature': `v1a,xyz ${old} ${headers['webhook-signature']}` };
    expect(isSignedBy(readHead(both)!, body, [secret])).toBe(true);
    expect(isSignedBy(readHead(both)!, body, [other, secret])).toBe(true);
    expect(isSignedBy(readHead(both)!, body, [Buffer.alloc(32, 2)])).toBe(false);
  });

  it.each([
    ['another body', headers, Buffer.from('{"test": 2432232315}')],
    ['another id', { ...headers, 'webhook-id': 'msg_other' }, body],
    ['another time', { ...headers, 'webhook-timestamp': '1614265331' }, body],
    [
      'another version',
      { ...headers, 'webhook-signature': headers['webhook-signature'].replace('v1', 'v2') },
      body,
    ],
    ['no signature in it', { ...headers, 'webhook-signature': 'v1,' }, body],
  ])('is not believed with %s', (_, changed, text) => {
    const head = readHead(changed);
    expect(head && isSignedBy(head, text, [secret])).toBe(false);
  });

  it.each([
    ['no id', { ...headers, 'webhook-id': undefined }],
    ['an id without end', { ...headers, 'webhook-id': 'x'.repeat(300) }],
    ['a time that is none', { ...headers, 'webhook-timestamp': 'now' }],
    ['two times', { ...headers, 'webhook-timestamp': ['1', '2'] }],
    ['no signature', { ...headers, 'webhook-signature': undefined }],
  ])('is none with %s', (_, changed) => {
    expect(readHead(changed)).toBeUndefined();
  });

  it('is of now, five minutes more or less', () => {
    const head = readHead(headers)!;
    const at = (seconds: number) => new Date((1_614_265_330 + seconds) * 1_000);
    expect([-301, -300, 0, 300, 301].map((off) => isTimely(head, at(off)))).toEqual([
      ...[false, true, true, true, false],
    ]);
  });
});
