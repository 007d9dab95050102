import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import PostalMime from 'postal-mime';
import { oddText } from '../../test/odd-text.js';
import { type MailAttachment } from './attachment-parts.js';
import { compileMail, fillMail } from './mail-form.js';

const pdf = { name: 'terms.pdf', contentType: 'application/pdf', content: randomBytes(5_000) };

function mailWith(attachments: MailAttachment[], hasHtml = true): Buffer {
  const form = compileMail({ sender: { name: 'Acme', address: 'news@sender.test' }, hasHtml, attachments });
  const own = fillMail(form, {
    ...{ attemptId: newId(), intentId: newId(), to: 'ada@people.test', answers: undefined },
    rendered: { subject: 'Hello', text: 'Hello Ada', html: hasHtml ? '<p>Hello Ada</p>' : undefined },
    optOutUrl: 'https://heed.test/u/token',
    at: new Date('2026-11-23T09:00:00Z'),
  });
  return Buffer.concat([own, form.tail ?? Buffer.alloc(0)]);
}

async function readBack(mail: Buffer) {
  const { attachments, ...read } = await PostalMime.parse(mail);
  const files = attachments.map(({ filename, mimeType, content, disposition }) => ({
    ...{ name: filename, contentType: mimeType, disposition },
    content: Buffer.from(content as ArrayBuffer),
  }));
  return { read, files };
}

const asFile = (attachment: MailAttachment) => ({ ...attachment, disposition: 'attachment' });

describe('a mail with attachments', () => {
  it.each([true, false])('is read by others as it was meant, HTML in it: %s', async (hasHtml) => {
    const text = { name: 'notes.txt', contentType: 'text/plain', content: Buffer.from('a\r\n\r\n.\r\nb') };
    const { read, files } = await readBack(mailWith([pdf, text], hasHtml));
    expect(read.text?.trimEnd()).toBe('Hello Ada');
    expect(read.html?.trimEnd()).toBe(hasHtml ? '<p>Hello Ada</p>' : undefined);
    expect(read.subject).toBe('Hello');
    expect(files).toEqual([asFile(pdf), asFile(text)]);
  });

  it.each([
    ...[
      'Übersicht 2026.pdf',
      'नियम और शर्तें.pdf',
      '条款.pdf',
      '👩‍👩‍👧‍👦.png',
      "it's 100% = (this); that.pdf",
      'a  b.pdf',
    ],
    ...[`${'long '.repeat(18)}name.pdf`, `${'न'.repeat(96)}.pdf`, `${'👩'.repeat(96)}.pdf`],
  ])('names one %s', async (name) => {
    const { files } = await readBack(mailWith([{ ...pdf, name }]));
    expect(files.map((file) => file.name)).toEqual([name]);
  });

  it('keeps to the lengths of lines, and to ASCII, whatever is attached', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const name = oddText(seed, 100).replaceAll(/\p{C}|\p{Z}/gu, '') || 'x';
      const raw = mailWith([{ ...pdf, name, content: randomBytes(seed * 37) }]).toString('latin1');
      expect(raw).toMatch(/^[\r\n\u0020-\u007e]*$/);
      expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      const body = raw.slice(raw.indexOf('\r\n\r\n'));
      for (const line of body.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78);
    }
  });

  it('encodes them once for all who get it', () => {
    const form = compileMail({
      ...{ sender: { name: 'Acme', address: 'news@sender.test' }, hasHtml: true },
      attachments: [pdf],
    });
    expect(form.tail?.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(form.tail!.length).toBeLessThan(pdf.content.length * 1.4 + 500);
  });
});
