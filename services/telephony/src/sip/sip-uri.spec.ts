import { describe, expect, it } from '@jest/globals';
import { addressIn, readTrunkAddress } from './sip-uri.js';

describe('an address', () => {
  it('stands between brackets, or before the parameters', () => {
    expect(addressIn('"Ada <x>" <sip:ada@10.0.0.1:5070;ob>;expires=5')).toBe('sip:ada@10.0.0.1:5070;ob');
    expect(addressIn('sip:ada@h;expires=5')).toBe('sip:ada@h');
  });

  it('of another scheme, or with a line end in it, is none', () => {
    for (const value of ['<http://a>', '', '<sip:a@b\r\nX: y>', '<sip:a b>'])
      expect(addressIn(value)).toBeUndefined();
  });
});

describe('the address of a trunk', () => {
  it.each([
    ['sip:trunk.example', { host: 'trunk.example', port: 5060, transport: 'udp', scheme: 'sip' }],
    ['sip:10.0.0.1:5080;transport=tcp', { host: '10.0.0.1', port: 5080, transport: 'tcp', scheme: 'sip' }],
    ['sip:[::1]:5060', { host: '::1', port: 5060, transport: 'udp', scheme: 'sip' }],
    ['sips:trunk.example', { host: 'trunk.example', port: 5061, transport: 'tls', scheme: 'sips' }],
  ])('is read from %s', (url, address) => {
    expect(readTrunkAddress(url)).toEqual(address);
  });

  it.each([
    'http://trunk',
    'sip:',
    'sip:user@trunk',
    'sip:trunk:0',
    'sip:trunk:99999',
    'sips:trunk;transport=udp',
  ])('is not %s', (url) => expect(readTrunkAddress(url)).toBeUndefined());
});
