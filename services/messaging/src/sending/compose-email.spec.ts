import { describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import PostalMime from 'postal-mime';
import { composeEmail, type EmailToCompose } from './compose-email.js';

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
  const raw = await composeEmail({ ...email, ...change });
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

  it('has one recipient, whatever the address looks like', async () => {
    const { read } = await composed({ to: 'ada@people.test, eve@people.test' });
    expect(read.to).toHaveLength(1);
  });
});
