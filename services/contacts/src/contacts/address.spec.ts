import { describe, expect, it } from '@jest/globals';
import { masked, readAddress, readEmail, readPhone } from './address.js';

describe('an email address', () => {
  it.each([
    ['  Ana.Silva@Example.ORG ', 'Ana.Silva@example.org', 'ana.silva@example.org'],
    ['ana@bücher.example', 'ana@xn--bcher-kva.example', 'ana@xn--bcher-kva.example'],
    ["o'neill+list@mail.example.co.uk", "o'neill+list@mail.example.co.uk", "o'neill+list@mail.example.co.uk"],
    ['ana@example.org.', 'ana@example.org', 'ana@example.org'],
  ])('%j is read', (text, address, canonical) => {
    expect(readEmail(text)).toEqual({ channel: 'email', address, canonical });
  });

  it.each([
    'no-at-sign.example.org',
    'two@@example.org',
    'space in@example.org',
    '@example.org',
    'dot.@',
    'dot.@example.org',
    'a..b@example.org',
    'ana@localhost',
    'ana@127.0.0.1',
    'ana@exa_mple.org',
    'ana@example.org\r\nBcc: eve@example.org',
    'Ana <ana@example.org>',
    'ana@-example.org',
    `${'a'.repeat(65)}@example.org`,
    `ana@${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.org`,
    '',
  ])('%j is refused', (text) => {
    expect(readEmail(text)).toBeUndefined();
  });
});

describe('a phone number', () => {
  it.each([
    ['0151 11234567', 'DE', '+4915111234567'],
    ['00491511 1234567', 'DE', '+4915111234567'],
    ['+49 (151) 1123-4567', undefined, '+4915111234567'],
    ['07400 123456', 'GB', '+447400123456'],
    ['(212) 555-0123', 'US', '+12125550123'],
    ['098765 43210', 'IN', '+919876543210'],
    ['(11) 98765-4321', 'BR', '+5511987654321'],
  ])('%j of %s is %s', (text, country, e164) => {
    expect(readPhone(text, country)).toEqual({ channel: 'voice', address: e164, canonical: e164 });
  });

  it.each([
    [
      '10.12 a Brazilian mobile with and without its ninth digit',
      ['+55 11 98123-4567', '+55 11 8123-4567'],
      undefined,
    ],
    ['10.12 the same, dialled within Brazil', ['(11) 98123-4567', '(11) 8123-4567', '011 8123-4567'], 'BR'],
    [
      '10.12 a Mexican mobile with and without the 1 of calls from abroad',
      ['+52 55 1234 5678', '+52 1 55 1234 5678'],
      undefined,
    ],
    [
      '10.12 an Argentine mobile with its 9, and with its 15',
      ['+54 9 11 1234-5678', '+54 11 15 1234-5678'],
      undefined,
    ],
  ])('%s is one number', (_, texts, country) => {
    const numbers = texts.map((text) => readPhone(text, country)?.canonical);
    expect(new Set(numbers).size).toBe(1);
    expect(numbers[0]).toMatch(/^\+\d+$/);
  });

  it('of eight digits that is a Brazilian land line, or was never a mobile, is left as it is', () => {
    expect(readPhone('+55 11 3123-4567', undefined)?.canonical).toBe('+551131234567');
    expect(readPhone('+55 11 5123-456', undefined)).toBeUndefined();
    expect(readPhone('+52 1 55 1234 567', undefined)).toBeUndefined();
  });

  it.each([
    ['0151 11234567', undefined],
    ['12', 'DE'],
    ['+99912345', undefined],
    ['call me 07400 123456', 'GB'],
    ['000000', 'US'],
    ['+49 151 11234567'.repeat(4), 'DE'],
  ])('%j of %s is refused', (text, country) => {
    expect(readPhone(text, country)).toBeUndefined();
  });
});

describe('an address', () => {
  it('is read as what it looks like', () => {
    expect(readAddress('ana@example.org')?.channel).toBe('email');
    expect(readAddress('+447400123456')?.channel).toBe('voice');
    expect(readAddress('07400 123456')).toBeUndefined();
  });

  it('is masked so that it cannot be written to', () => {
    expect(masked('email', 'jane.doe@example.org')).toBe('j***@e***.org');
    expect(masked('voice', '+442079460018')).toBe('+4420****0018');
    expect(masked('voice', '+3531234')).toBe('+3531****34');
  });
});
