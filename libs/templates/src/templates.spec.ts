import { describe, expect, it } from '@jest/globals';
import { checkSubject, contactFieldsOf, parseTemplate, renderEmail, type TemplateSource } from './index.js';

const plain: TemplateSource = {
  subject: 'Hello {{ first_name }}',
  textBody: 'Dear {{ contact.first_name }} {{ last_name }},\nnews for {{ country }}.',
  htmlBody: '<html><body><p>Dear {{ first_name }}</p></body></html>',
  senderName: 'Acme & Sons',
  postalAddress: '1 Main Street\nSpringfield',
};
const optOutUrl = 'https://heed.test/u/a?b=1&c=2';

function email(change: Partial<TemplateSource>, fields: Record<string, string> = {}) {
  return renderEmail({ template: parseTemplate({ ...plain, ...change }), fields, optOutUrl });
}

function reasonOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return (error as { reason?: string }).reason;
  }
  return undefined;
}

describe('templates', () => {
  it('puts the values in, and postal address and unsubscribe link under both texts', () => {
    const { subject, text, html } = email({}, { first_name: 'Ada', last_name: 'Lovelace', country: 'GB' });
    expect(subject).toBe('Hello Ada');
    expect(text).toContain('Dear Ada Lovelace,\nnews for GB.');
    expect(text).toContain(`1 Main Street\nSpringfield\nUnsubscribe: ${optOutUrl}`);
    expect(html).toMatch(/Dear Ada<\/p><hr>.*1 Main Street<br>Springfield.*<\/p><\/body><\/html>$/);
    expect(html).toContain('href="https://heed.test/u/a?b=1&amp;c=2"');
  });

  it('leaves the HTML away where the template has none', () => {
    expect(email({ htmlBody: '' }).html).toBeUndefined();
  });

  it('knows which fields of the contact the texts use, and nothing of those that they make themselves', () => {
    const template = parseTemplate({
      ...plain,
      subject: '{% assign greeting = "Hi" %}{{ greeting }} {{ opt_out_url }}',
      textBody: '{% if country == "DE" %}Hallo{% endif %}',
      htmlBody: '',
    });
    expect(contactFieldsOf(template)).toEqual(['country']);
  });

  it('writes a missing value as nothing', () => {
    expect(email({}).subject).toBe('Hello');
  });

  it('escapes values in HTML and offers no filter that would not', () => {
    expect(email({}, { first_name: '<script>' }).html).toContain('Dear &lt;script&gt;');
    expect(reasonOf(() => email({ htmlBody: '{{ first_name | raw }}' }))).toBe('TEMPLATE_INVALID');
  });

  it('keeps a subject on one line, whatever its values are', () => {
    const { subject } = email({}, { first_name: 'Ada\r\nBcc: all@example.com' });
    expect(subject).toBe('Hello Ada Bcc: all@example.com');
  });

  const breaks = ['\r\n', '\n', '\r', '\0', '\u0085', '\u2028', '\u2029', '\t'];
  it.each(breaks)('refuses a subject with %j in it, and makes it a space in a value', (end) => {
    expect(reasonOf(() => email({ subject: `a${end}Bcc: b` }))).toBe('TEMPLATE_NOT_ONE_LINE');
    expect(email({}, { first_name: `Ada${end}Bcc: b` }).subject).toBe('Hello Ada Bcc: b');
  });

  it('refuses a subject whose filters make a line break', () => {
    const template = parseTemplate({ ...plain, subject: "{{ 'a%0D%0ABcc: b' | url_decode }}" });
    expect(reasonOf(() => checkSubject({ template, fields: {} }))).toBe('TEMPLATE_NOT_ONE_LINE');
    expect(renderEmail({ template, fields: {}, optOutUrl }).subject).toBe('a Bcc: b');
  });

  it('refuses to send a subject that a value makes too long', () => {
    expect(reasonOf(() => email({}, { first_name: 'x'.repeat(901) }))).toBe('TEMPLATE_TOO_LARGE');
  });

  it.each([
    ['a variable that no contact has', '{{ shoe_size }}'],
    ['a field of a field', '{{ first_name.length }}'],
    ['the contact as a whole', '{{ contact }}'],
    ['a computed field', '{% assign f = "email" %}{{ contact[f] }}'],
  ])('refuses %s', (_, textBody) => {
    expect(reasonOf(() => parseTemplate({ ...plain, textBody }))).toBe('TEMPLATE_FIELD_UNKNOWN');
  });

  it.each([
    ['what does not parse', '{% if %}'],
    ['a tag left open', '{% if country %}'],
    ['a filter that is not there', '{{ country | nosuch }}'],
    ['a tag that reads files', '{% include "/etc/passwd" %}'],
    ['a layout', '{% layout "x" %}'],
  ])('refuses %s', (_, textBody) => {
    expect(reasonOf(() => parseTemplate({ ...plain, textBody }))).toBe('TEMPLATE_INVALID');
  });

  it.each([
    ['TEMPLATE_TOO_LARGE', 'a'.repeat(262_145)],
    ['TEMPLATE_TOO_LARGE', '{% for i in (1..100000000) %}a{% endfor %}'],
    [
      'TEMPLATE_TOO_LARGE',
      '{% assign s = "aaaaaaaaaa" %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}{{ s }}',
    ],
    [
      'TEMPLATE_TOO_SLOW',
      '{% for i in (1..900) %}{% for j in (1..900) %}{% if i == j %}x{% endif %}{% endfor %}{% endfor %}',
    ],
  ])('ends with %s what loops or grows', (reason, textBody) => {
    expect(reasonOf(() => email({ textBody }))).toBe(reason);
  });

  it('names the place and the part of a mistake, and quotes neither template nor value', () => {
    const secret = 'Hello {{ first_name | nosuch }} secret';
    try {
      parseTemplate({ ...plain, textBody: secret });
    } catch (error) {
      const { message, violations } = error as { message: string; violations: unknown };
      expect(violations).toEqual([{ field: 'text_body', reason: 'TEMPLATE_INVALID' }]);
      expect(message).toMatch(/line 1, column \d+/);
      expect(message).not.toContain('secret');
    }
    expect.assertions(3);
  });
});
