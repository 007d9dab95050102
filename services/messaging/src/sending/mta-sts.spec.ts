import { describe, expect, it } from '@jest/globals';
import { isNamedBy, readMtaSts } from './mta-sts.js';
import { smtpSettings } from './smtp-settings.js';

const text = (...lines: string[]) => ['version: STSv1', ...lines, 'max_age: 604800', ''].join('\r\n');
const enforced = text('mode: enforce', 'mx: mail.example.com', 'mx: *.example.net');

describe('an MTA-STS policy', () => {
  it('is read as RFC 8461 writes it, with keys that nobody knows yet', () => {
    expect(readMtaSts(`${enforced}later: something\n`)).toEqual({
      ...{ mode: 'enforce', mx: ['mail.example.com', '*.example.net'], maxAgeSeconds: 604_800 },
    });
  });

  it.each([
    ['no version', 'mode: none\nmax_age: 1'],
    ['no mode', text('mx: a.example')],
    ['no server although it enforces', text('mode: enforce')],
    ['a server that is no name', text('mode: enforce', 'mx: a..example')],
    ['an age beyond a year', 'version: STSv1\nmode: none\nmax_age: 99999999'],
    ['a line that says nothing', text('mode: none', 'what')],
  ])('is refused with %s', (_, policy) => {
    expect(() => readMtaSts(policy)).toThrow('MTA-STS');
  });

  it.each([
    ['mail.example.com', true],
    ['MAIL.example.com.', true],
    ['a.example.net', true],
    ['a.b.example.net', false],
    ['example.net', false],
    ['mail.example.org', false],
  ])('names %s: %s', (host, is) => {
    expect(isNamedBy(readMtaSts(enforced), host)).toBe(is);
  });
});

describe('the way to the mail server', () => {
  const source = { name: 'spec.test', tls: 'opportunistic' as const };
  const connectionTo = (url: string, more: object = {}) =>
    smtpSettings({ ...source, url, ...more }).connection;

  it('is TLS where the server offers it, and TLS or none where it is required; never below 1.2', () => {
    expect(connectionTo('smtp://mail.example.com')).toMatchObject({
      requireTLS: false,
      tls: { minVersion: 'TLSv1.2' },
    });
    expect(connectionTo('smtp://mail.example.com', { tls: 'required' })).toMatchObject({ requireTLS: true });
    expect(connectionTo('smtp://127.0.0.1:25', { tls: 'required' })).toMatchObject({ requireTLS: false });
  });

  it('trusts the authorities that it is given and no others', () => {
    expect(connectionTo('smtps://mail.example.com', { ca: 'PEM' })).toMatchObject({ tls: { ca: 'PEM' } });
  });

  it('is TLS or none where the policy of the server enforces it, and leads to no server that it does not name', () => {
    expect(connectionTo('smtp://mail.example.com', { mtaSts: enforced })).toMatchObject({ requireTLS: true });
    expect(() => connectionTo('smtp://other.example.com', { mtaSts: enforced })).toThrow('does not name');
    const tested = text('mode: testing', 'mx: mail.example.com');
    expect(connectionTo('smtp://other.example.com', { mtaSts: tested })).toMatchObject({ requireTLS: false });
  });
});
