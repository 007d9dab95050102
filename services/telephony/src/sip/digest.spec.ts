import { describe, expect, it } from '@jest/globals';
import { answerChallenge, chooseChallenge, readChallenge } from './digest.js';

const mufasa = { username: 'Mufasa', password: 'Circle of Life' };
const asked = (algorithm: string) =>
  'Digest realm="http-auth@example.org", qop="auth, auth-int", ' +
  `algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ` +
  'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
const request = {
  ...{ method: 'GET', uri: '/dir/index.html' },
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
};

describe('a digest answer', () => {
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('with %s is that of RFC 7616, 3.9.1', (algorithm, response) => {
    const answer = answerChallenge(readChallenge(asked(algorithm))!, mufasa, request);
    expect(answer).toContain(`response="${response}"`);
    expect(answer).toContain('qop=auth, nc=00000001');
    expect(answer).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
  });

  it('without qop is that of RFC 2069, which old trunks still ask for', () => {
    const challenge = readChallenge(
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"',
    )!;
    const answer = answerChallenge(
      challenge,
      { username: 'Mufasa', password: 'CircleOfLife' },
      { method: 'GET', uri: '/dir/index.html' },
    );
    expect(answer).toContain('response="1949323746fe6a43ef61f9606e7febea"');
    expect(answer).not.toContain('cnonce');
  });

  it('is given to the strongest question', () => {
    expect(chooseChallenge([asked('MD5'), asked('SHA-256')])?.algorithm).toBe('SHA-256');
    expect(chooseChallenge([asked('MD5')])?.algorithm).toBe('MD5');
    expect(chooseChallenge([asked('SHA-512-256'), 'Basic realm="x"'])).toBeUndefined();
  });

  it('is not given to a question that cannot be answered, or that would end our line', () => {
    for (const value of [
      'Digest realm="x"',
      'Digest nonce="x"',
      'Digest realm="x", nonce="y", qop="auth-int"',
      'Digest realm="x\r\nVia: y", nonce="y"',
      'Digest realm="x\\"", nonce="y"',
      `Digest realm="x", nonce="${'y'.repeat(5_000)}"`,
    ])
      expect(readChallenge(value)).toBeUndefined();
  });
});
