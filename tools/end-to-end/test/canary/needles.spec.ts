import { describe, expect, it } from '@jest/globals';
import { foundIn, needle, phoneNeedle } from './needles.js';

const EMAIL = 'Zoë.Q+x@perch.test';
const needles = [needle('email', EMAIL), phoneNeedle('phone', '+14155550142')];

describe('a needle is found', () => {
  const forms: [string, string][] = [
    ['in any case', `mail to ${EMAIL.toUpperCase()}.`],
    ['encoded for a URL', `?to=${encodeURIComponent(EMAIL)}&x`],
    ['encoded for a form', new URLSearchParams({ to: EMAIL }).toString()],
    ['as JSON escapes it', '{"to":"Zo\\u00eb.Q+x@perch.test"}'],
    ['as JSON may escape it', '{"to":"Zo\\u00EB.Q\\u002Bx\\u0040perch.test"}'],
    ['in quoted-printable', 'Zo=C3=AB.Q+x=40perch.test'],
    ['in hex', Buffer.from(`to ${EMAIL}`).toString('hex')],
    ['in base64, wherever it begins', Buffer.from(`{"to":"${EMAIL}"}`).toString('base64')],
    ['in base64, a letter later', Buffer.from(`{"too":"${EMAIL}"}`).toString('base64')],
    ['in base64, two letters later', Buffer.from(`{"tooo":"${EMAIL}"}`).toString('base64url')],
  ];
  it.each(forms)('%s', (_, text) => expect(foundIn(text, needles)).toEqual(['email']));

  it('in bytes', () => expect(foundIn(Buffer.from(`\0${EMAIL}\0`), needles)).toEqual(['email']));

  it('as a national number', () => {
    expect(foundIn('call (415) 555-0142', needles)).toEqual(['phone']);
    expect(foundIn('call 415-555-0142', needles)).toEqual(['phone']);
  });

  it('and not where it is masked', () => expect(foundIn('z***@p***.test +1415***0142', needles)).toEqual([]));
});
