import { describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { FindNeedles } from './find-needles.js';
import { dialledForms, type Needle } from './needle-forms.js';

const EMAIL = 'Zoe.Quix+news@perch-light.test';
const PHONE = '+14155550142';

function needles(...addresses: string[]): Needle[] {
  return addresses.map((address) => ({
    ...{ tenantId: newId(), requestId: newId(), subjectId: newId(), living: false },
    ...{ channel: address.includes('@') ? 'email' : 'voice', address },
  }));
}

const finding = new FindNeedles(needles(EMAIL, PHONE));
const inText = (text: string) => [...finding.in(Buffer.from(text), true)].sort();
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('6.7 what is searched for by value', () => {
  it.each([
    ['as it was given', `to ${EMAIL}, again`],
    ['in capitals', EMAIL.toUpperCase()],
    ['with percents', encodeURIComponent(EMAIL)],
    ['as a form has it', new URLSearchParams({ to: EMAIL }).toString()],
    ['with percents twice', encodeURIComponent(encodeURIComponent(EMAIL))],
    ['quoted-printable', 'Zoe.Quix=2Bnews=40perch-light.test'],
    ['over a soft end of a line', `=0D=0Ato Zoe.Quix+news@per=\r\nch-light.test`],
    ['with JSON escapes', JSON.stringify({ to: EMAIL }).replace('@', '\\u0040').replace('+', '\\u002b')],
    ['on a line of its own in JSON', JSON.stringify(`from\n${EMAIL}`)],
    ['as HTML', '<a href="mailto:Zoe.Quix&#43;news&#x40;perch-light.test">'],
    ['in base64', base64(`${EMAIL}`)],
    ['in base64, one byte later', base64(`x${EMAIL}, again`)],
    ['in base64, two bytes later', base64(`xy${EMAIL} again`)],
    ['in base64 of small letters', base64(`"${EMAIL.toLowerCase()}"`)],
    ['in base64 for addresses', Buffer.from(`??${EMAIL}??`).toString('base64url')],
    ['in hex', `\\x00${Buffer.from(EMAIL.toLowerCase()).toString('hex')}00`],
  ])('finds an address %s', (_, text) => {
    expect(inText(text)).toEqual([0]);
  });

  it.each([
    ['in E.164', 'called +14155550142.'],
    ['as it is dialled at home', 'call 4155550142'],
    ['in brackets', 'call (415) 555-0142 now'],
    ['with dots', '415.555.0142'],
    ['from abroad', '00 1 415 555 0142'],
    ['behind another number', 'room 12 415-555-0142'],
    ['with percents', 'tel=%2B1%20415%20555%200142'],
    ['in base64', base64('tel:+14155550142')],
  ])('finds a number %s', (_, text) => {
    expect(inText(text)).toEqual([1]);
  });

  it('finds both in bytes: in UTF-16, and behind their length', () => {
    expect([...finding.in(Buffer.from(EMAIL, 'utf16le'), false)]).toEqual([0]);
    // 46, the length, is a dot, which may stand before the @.
    const long = `${'z'.repeat(36)}@perch.test`;
    expect(long).toHaveLength(47);
    const message = Buffer.concat([Buffer.from([0x0a, long.length]), Buffer.from(long), Buffer.from('z')]);
    expect([...new FindNeedles(needles(long)).in(message, false)]).toEqual([0]);
  });

  it('takes nobody for somebody whose address contains theirs', () => {
    expect(inText(`x${EMAIL}`)).toEqual([]);
    expect(inText(`jo-${EMAIL}`)).toEqual([]);
    expect(inText(` -${EMAIL}`)).toEqual([0]);
    expect(inText(`${EMAIL}.au`)).toEqual([]);
    expect(inText(`${EMAIL}. `)).toEqual([0]);
    expect(inText('order 941555501421')).toEqual([]);
    expect(inText('+141555501425')).toEqual([]);
  });

  it('knows how a number is dialled wherever it is from', () => {
    expect(dialledForms('+442079460018')).toContain('02079460018');
    expect(dialledForms('+79161234567')).toContain('89161234567');
    expect(dialledForms('+390612345678')).toContain('0612345678');
    expect(dialledForms('+35312345678')).toContain('012345678');
  });

  it('finds each of many, and nothing where there is nothing', () => {
    const many = needles(...Array.from({ length: 3_000 }, (_, n) => `person-${n}@example-${n % 7}.test`));
    const search = new FindNeedles(many);
    const page = many.map(({ address }) => `{"to":"${address}"}`).join('\n');
    expect(search.in(Buffer.from(page), true).size).toBe(3_000);
    expect(search.in(Buffer.from(page.replaceAll('@', ' at ')), true).size).toBe(0);
  });
});
