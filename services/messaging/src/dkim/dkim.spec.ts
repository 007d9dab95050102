import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { ODD_TEXTS, oddText } from '../../test/odd-text.js';
import { compileMail, fillMail } from '../mime/mail-form.js';
import { relaxedBody, type DkimAlgorithm, type DkimKey } from './dkim.js';
import { dkimRecord, dkimRecordName, makeKey, publicPart } from './dkim-key.js';
import { DkimSigners } from './dkim-signers.js';

const at = new Date('2026-11-23T09:00:00Z');
const domain = 'sender.test';
const form = compileMail({ sender: { name: 'Grüße & Sons', address: `news@${domain}` }, hasHtml: true });

function mailOf(text: string, subject = 'Grüße', of = form): Buffer {
  return fillMail(of, {
    ...{ attemptId: newId(), intentId: newId(), to: 'ada@people.test', at },
    rendered: { subject, text, html: `<p>\n   ${text}</p>` },
    optOutUrl: 'https://heed.test/u/token',
    answers: { reply: 'r1@in.test', unsubscribe: 'u1@in.test' },
  });
}

describe('a signature', () => {
  const signers = new DkimSigners(2);
  const records = new Map<string, string>();
  const keys: DkimKey[] = [];
  beforeAll(async () => {
    for (const [algorithm, selector] of [
      ['rsa-sha256', 'r1'],
      ['ed25519-sha256', 'e1'],
    ] as [DkimAlgorithm, string][]) {
      const key = await makeKey(algorithm);
      keys.push({ domain, selector, algorithm, key });
      records.set(dkimRecordName(selector, domain), dkimRecord(algorithm, publicPart(algorithm, key)));
    }
  });
  afterAll(() => signers.close());

  const verified = async (message: Buffer) => {
    const { results } = await dkimVerify(message, {
      curTime: at,
      resolver: async (name: string) => {
        const record = records.get(name);
        if (record === undefined) throw Object.assign(new Error('no record'), { code: 'ENOTFOUND' });
        return [[record]];
      },
    });
    return results.map(({ status }) => status.result);
  };
  const signed = async (message: Buffer, by = keys) => (await signers.sign([message], by, at))[0]!;

  it('of both keys is verified by others', async () => {
    expect(await verified(await signed(mailOf('Hello Ada')))).toEqual(['pass', 'pass']);
  });

  it('of one key is verified by others, and without a key there is none', async () => {
    expect(await verified(await signed(mailOf('Hello Ada'), keys.slice(0, 1)))).toEqual(['pass']);
    const message = mailOf('Hello Ada');
    expect(await signed(message, [])).toEqual(message);
  });

  it('covers From, once more than it stands there, and both headers that unsubscribe', async () => {
    const head = (await signed(mailOf('Hello Ada'))).toString().split('\r\n\r\n')[0]!;
    const [, names = ''] = /h=([^;]*);/.exec(head.replaceAll(/\r\n\s*/g, ''))!;
    const listed = names.split(':');
    expect(listed).toEqual(expect.arrayContaining(['to', 'subject', 'date', 'message-id', 'mime-version']));
    expect(listed).toEqual(
      expect.arrayContaining(['content-type', 'list-unsubscribe', 'list-unsubscribe-post']),
    );
    expect(listed.filter((name) => name === 'from')).toHaveLength(2);
    for (const line of head.split('\r\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it.each<[string, (text: string) => string]>([
    ['a second From', (text) => `From: eve@people.test\r\n${text}`],
    ['a second Subject', (text) => `Subject: other\r\n${text}`],
    ['a Subject that was changed', (text) => text.replace(/^Subject: .*$/m, 'Subject: other')],
    ['another link to unsubscribe', (text) => text.replace('heed.test/u/token', 'evil.test/u/token')],
    ['a word more in the body', (text) => text.replace('Hello Ada', 'Hello Ada and Eve')],
    ['a line more at the end', (text) => `${text}more\r\n`],
  ])('does not hold for %s', async (_, change) => {
    const message = (await signed(mailOf('Hello Ada'))).toString('latin1');
    const results = await verified(Buffer.from(change(message), 'latin1'));
    expect(results).toHaveLength(2);
    expect(results).not.toContain('pass');
  });

  it('holds where blanks change on the road', async () => {
    const message = (await signed(mailOf('Hello Ada'))).toString('latin1');
    const changed = message.replace(/^Subject: /m, 'SUBJECT:   ').replace('--\r\n', '--  \r\n\r\n\r\n');
    expect(await verified(Buffer.from(changed, 'latin1'))).toEqual(['pass', 'pass']);
  });

  it('of many at once stands in front of each that it is of, whatever is in it', async () => {
    const odd = Array.from({ length: 40 }, (_, seed) => oddText(seed + 1, 600));
    const texts = [...Object.values(ODD_TEXTS), ...odd];
    const messages = texts.map((text, index) => mailOf(text, oddText(index + 500, 100)));
    const made = await signers.sign(messages, keys, at);
    expect(made).toHaveLength(messages.length);
    for (const [index, message] of made.entries()) {
      expect(message.subarray(-messages[index]!.length).equals(messages[index]!)).toBe(true);
      expect([index, await verified(message)]).toEqual([index, ['pass', 'pass']]);
    }
  });

  it('of many that end alike covers what they end with', async () => {
    const attachments = [
      { name: 'terms and conditions.pdf', contentType: 'application/pdf', content: Buffer.alloc(100_000, 7) },
      { name: `${'नियम '.repeat(18)}.pdf`, contentType: 'application/pdf', content: Buffer.from('b') },
    ];
    const sender = { name: 'Acme', address: `news@${domain}` };
    for (const hasHtml of [true, false]) {
      const { tail, ...own } = compileMail({ sender, hasHtml, attachments });
      const texts = ['Hello Ada', 'Hello Eve  \n\n\n', '', ...Object.values(ODD_TEXTS)];
      const made = await signers.sign(
        texts.map((text) => mailOf(text, 'Hello', { ...own, tail })),
        keys,
        at,
        tail,
      );
      for (const message of made) {
        const whole = Buffer.concat([message, tail!]);
        expect(await verified(whole)).toEqual(['pass', 'pass']);
        whole[whole.length - 200]! ^= 1;
        expect(await verified(whole)).not.toContain('pass');
      }
    }
  });

  it('fails, and leaves the next to be made, where a thread cannot make it', async () => {
    const broken = { ...keys[0]!, algorithm: 'ed25519-sha256' as const, key: keys[0]!.key };
    const wrong = { ...broken, key: {} as DkimKey['key'] };
    await expect(signed(mailOf('a'), [wrong])).rejects.toMatchObject({ reason: 'DKIM_SIGNING_FAILED' });
    expect(await verified(await signed(mailOf('Hello Ada')))).toEqual(['pass', 'pass']);
  });
});

describe('a relaxed body', () => {
  // SPEC: RFC 6376, 3.4.5.
  it.each([
    [' C \r\nD \t E\r\n\r\n\r\n', ' C\r\nD E\r\n'],
    ['', ''],
    ['\r\n\r\n', ''],
    ['a', 'a\r\n'],
    ['a \t', 'a\r\n'],
  ])('of %j is %j', (body, relaxed) => {
    expect(relaxedBody(body)).toBe(relaxed);
  });
});
