import { describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import PostalMime from 'postal-mime';
import { compileMail, fillMail, type MailSource, type MailValues } from './mail-form.js';
import { ODD_TEXTS, oddText } from '../../test/odd-text.js';

const source: MailSource = {
  sender: { name: 'Ünïcode & Sons', address: 'news@sender.test' },
  hasHtml: true,
};
const values: MailValues = {
  attemptId: newId(),
  intentId: newId(),
  to: 'ada@people.test',
  rendered: { subject: 'Grüße', text: 'Hello Ada\n.\nBye', html: '<p>Hello Ada</p>' },
  optOutUrl: `https://heed.test/u/${'x'.repeat(180)}`,
  at: new Date('2026-11-23T09:00:00Z'),
};

async function filled(change: Partial<MailValues> = {}, of: Partial<MailSource> = {}) {
  const raw = fillMail(compileMail({ ...source, ...of }), { ...values, ...change }).toString('latin1');
  const read = await PostalMime.parse(Buffer.from(raw, 'latin1'));
  const header = (key: string) => read.headers.find((candidate) => candidate.key === key)?.value;
  return { raw, read, header };
}

const plain = (subject: string, text: string) => ({ rendered: { subject, text, html: undefined } });

/** SPEC: RFC 5322, 2.1.1 and 2.3; RFC 2045: what every mail of ours keeps, whatever is in it. */
function expectLawful(raw: string): void {
  expect(raw).toMatch(/^[\t\r\n\u0020-\u007e]*$/);
  expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  const [head = ''] = raw.split('\r\n\r\n');
  const body = raw.slice(head.length + 4);
  for (const line of head.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
  for (const line of head.split('\r\n')) expect(line).toMatch(/^[A-Za-z-]+: |^ \S/);
  for (const line of body.split('\r\n')) expect(line.length).toBeLessThanOrEqual(76);
  expect(raw.endsWith('\r\n')).toBe(true);
}

describe('a mail', () => {
  it('is read by others as it was meant', async () => {
    const { read, raw } = await filled();
    expectLawful(raw);
    expect(read.subject).toBe('Grüße');
    expect(read.from).toEqual({ name: 'Ünïcode & Sons', address: 'news@sender.test' });
    expect(read.to).toEqual([{ name: '', address: 'ada@people.test' }]);
    expect(read.text).toBe('Hello Ada\n.\nBye\n');
    expect(read.html).toBe('<p>Hello Ada</p>\n');
    expect(read.date).toBe('2026-11-23T09:00:00.000Z');
  });

  it('carries the one-click link of RFC 8058 unbroken, however long it is', async () => {
    const { header } = await filled();
    expect(header('list-unsubscribe')).toBe(`<${values.optOutUrl}>`);
    expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
  });

  it('says where answers and mailto: unsubscribes go', async () => {
    const answers = { reply: 'r1@in.test', unsubscribe: 'u1@in.test' };
    const { header, read } = await filled({ answers, optOutUrl: 'https://heed.test/u/token' });
    expect(read.replyTo).toEqual([{ name: '', address: 'r1@in.test' }]);
    expect(header('list-unsubscribe')).toBe('<https://heed.test/u/token>, <mailto:u1@in.test?subject=token>');
  });

  it('names its intent, and the same attempt gives the same message id', async () => {
    const { header } = await filled();
    expect(header('x-heed-intent')).toBe(values.intentId);
    expect(header('message-id')).toBe(`<${values.attemptId}@sender.test>`);
  });

  it('is plain text alone where there is no HTML', async () => {
    const { raw } = await filled(plain('a', 'b'), { hasHtml: false });
    expect(raw).toContain('Content-Type: text/plain');
    expect(raw).not.toContain('multipart');
  });

  it('has one recipient, whatever the address looks like', async () => {
    const { read } = await filled({ to: 'ada@people.test, eve@people.test' });
    expect(read.to).toEqual([{ name: '', address: 'ada@people.test, eve@people.test' }]);
  });

  it.each([
    '',
    'ada',
    '@people.test',
    'ada@',
    'a\r\nBcc: eve@x.test',
    'ada\u0000@people.test',
    'ada@pe ople.test',
  ])('is not made for %j, which is no address', (to) => {
    expect(() => fillMail(compileMail(source), { ...values, to })).toThrow(
      expect.objectContaining({ reason: 'ADDRESS_INVALID' }),
    );
  });

  it.each(Object.keys(ODD_TEXTS))(
    'of %s reads as it was written, within the limits of lines',
    async (name) => {
      const text = ODD_TEXTS[name]!;
      for (const hasHtml of [false, true]) {
        const { raw, read } = await filled({ rendered: { subject: 'a', text, html: text } }, { hasHtml });
        expectLawful(raw);
        expect(comparable(read.text)).toBe(comparable(text));
        if (hasHtml) expect(comparable(read.html)).toBe(comparable(text));
      }
    },
  );

  it('of any text, subject and name reads as it was written', async () => {
    for (let seed = 1; seed <= 120; seed += 1) {
      const [subject, text, name] = [
        oddText(seed, 120),
        oddText(seed + 1_000, 900),
        oddText(seed + 2_000, 60),
      ];
      const { raw, read } = await filled(
        { rendered: { subject, text, html: text } },
        { sender: { name, address: 'news@sender.test' } },
      );
      expectLawful(raw);
      expect([seed, comparable(read.text), comparable(read.html)]).toEqual([
        seed,
        comparable(text),
        comparable(text),
      ]);
      expect([seed, inWords(read.subject)]).toEqual([seed, inWords(subject)]);
      expect([seed, inWords(read.from?.name)]).toEqual([seed, inWords(name)]);
    }
  });

  it('holds no boundary but its own, though somebody who knows it writes it into a value', async () => {
    const form = compileMail(source);
    const text = `--${form.boundary!}\r\nContent-Type: text/html\r\n\r\nforged\r\n--${form.boundary!}--`;
    for (const filler of ['', 'नमस्ते आदा, '.repeat(40)]) {
      const rendered = { subject: 'a', text: filler + text, html: '<p>real</p>' };
      const read = await PostalMime.parse(fillMail(form, { ...values, rendered }));
      expect(read.html).toBe('<p>real</p>\n');
      expect(read.text).toContain('forged');
    }
  });
});

describe('a header', () => {
  const breaks = ['\r\n', '\n', '\r', '\0', '\u0085', '\u2028', '\u2029', '\v', '\f'];
  it.each(breaks)('is not ended by %j in a subject or a name', async (end) => {
    const subject = `Hello${end}Bcc: all@people.test${end}${end}forged body`;
    const { raw, read } = await filled(
      { rendered: { ...values.rendered, subject } },
      { sender: { name: subject, address: 'news@sender.test' } },
    );
    expect(read.bcc).toBeUndefined();
    expect(raw).not.toMatch(/^Bcc/im);
    expect(inWords(read.subject)).toBe('Hello Bcc: all@people.test forged body');
    expect(read.text).toBe('Hello Ada\n.\nBye\n');
  });

  it('shows what looks like an encoded word as it was written', async () => {
    const { read } = await filled(plain('=?utf-8?Q?Bcc=3A?= you', 'a'));
    expect(read.subject).toBe('=?utf-8?Q?Bcc=3A?= you');
  });

  it.each([
    ['words', 'Hello Ada, '.repeat(80).trim()],
    ['one word', 'x'.repeat(900)],
    ['umlauts', 'Grüße aus Köln '.repeat(60).trim()],
    ['another script', 'नमस्ते '.repeat(100).trim()],
    ['characters of four bytes', '👩‍👩‍👧‍👦'.repeat(40)],
  ])('of 900 characters is folded, made of %s', async (_, subject) => {
    const { raw, read } = await filled(plain(subject, 'a'));
    expect(read.subject).toBe(subject);
    const lines = /^Subject: [^\r]*(\r\n [^\r]*)*/m.exec(raw)![0].split('\r\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(76);
  });
});

/** Lines end in one way, a body ends in a line break, and what is no character is read as the sign for it. */
function comparable(text = ''): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?|\n/g, '\n')
    .replace(/\n*$/, '\n');
}

/** Blanks at its ends and what breaks lines are no part of a header; blanks in a row may be read as one. */
function inWords(text = ''): string {
  return text
    .toWellFormed()
    .replaceAll(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim();
}
