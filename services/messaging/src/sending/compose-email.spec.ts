import { describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import PostalMime from 'postal-mime';
import { composeEmail, treeOf, type EmailToCompose } from './compose-email.js';

const email: EmailToCompose = {
  attemptId: newId(),
  intentId: newId(),
  sender: { name: 'Ünïcode & Sons', address: 'news@sender.test' },
  to: 'ada@people.test',
  rendered: { subject: 'Grüße', text: 'Hello Ada\n.\nBye', html: '<p>Hello Ada</p>' },
  optOutUrl: `https://heed.test/u/${'x'.repeat(180)}`,
  at: new Date('2026-11-23T09:00:00Z'),
};

async function composed(change: Partial<EmailToCompose> = {}) {
  const raw = composeEmail({ ...email, ...change });
  const read = await PostalMime.parse(raw);
  const header = (key: string) => read.headers.find((candidate) => candidate.key === key)?.value;
  return { raw: raw.toString(), read, header };
}

describe('an email', () => {
  it('is read by others as it was meant', async () => {
    const { read } = await composed();
    expect(read.subject).toBe('Grüße');
    expect(read.from).toEqual({ name: 'Ünïcode & Sons', address: 'news@sender.test' });
    expect(read.to).toEqual([{ name: '', address: 'ada@people.test' }]);
    expect(read.text).toContain('Hello Ada\n.\nBye');
    expect(read.html).toContain('<p>Hello Ada</p>');
    expect(read.date).toBe('2026-11-23T09:00:00.000Z');
  });

  it('carries the one-click link of RFC 8058 unbroken, however long it is', async () => {
    const { header } = await composed();
    expect(header('list-unsubscribe')).toBe(`<${email.optOutUrl}>`);
    expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
  });

  it('names its intent, and the same attempt gives the same message id', async () => {
    const { header } = await composed();
    expect(header('x-heed-intent')).toBe(email.intentId);
    expect(header('message-id')).toBe(`<${email.attemptId}@sender.test>`);
  });

  it('is plain text alone where there is no HTML', async () => {
    const { raw } = await composed({ rendered: { subject: 'a', text: 'b', html: undefined } });
    expect(raw).toContain('Content-Type: text/plain');
    expect(raw).not.toContain('multipart');
  });

  const texts: Record<string, string> = {
    'plain text': 'Hello Ada\n.\nBye',
    'nothing at the end of its last line': 'Hello Ada',
    'a line break at its end': 'Hello Ada\r\n',
    umlauts: 'Grüße aus Köln, schöne Tage und bis bald.\nÄÖÜ ',
    'long lines': `${'Hello Ada, '.repeat(200)}\n${'x'.repeat(1_200)}`,
    'long lines of umlauts': 'ä ö ü ß '.repeat(300),
    'another script': 'नमस्ते आदा, '.repeat(120),
    'spaces before line breaks': 'a \nb\t\n=3D \n',
    nothing: '',
  };
  it.each(Object.keys(texts))('of %s is byte for byte what nodemailer makes in its own way', async (name) => {
    for (const html of [undefined, `<p>${texts[name]!}</p>`]) {
      const rendered = { subject: `Grüße ${name}`, text: texts[name]!, html };
      const tree = treeOf({ ...email, rendered });
      const built = await tree.build();
      // Boundaries are made at random: those of the one are put into the other.
      const boundary = (raw: string) => /boundary="([^"]+)"/.exec(raw)?.[1] ?? '\0';
      const ours = composeEmail({ ...email, rendered }).toString();
      const theirs = built.toString();
      expect(ours.replaceAll(boundary(ours), boundary(theirs))).toBe(theirs);
    }
  });

  it('has one recipient, whatever the address looks like', async () => {
    const { read } = await composed({ to: 'ada@people.test, eve@people.test' });
    expect(read.to).toHaveLength(1);
  });
});
