import { describe, expect, it } from '@jest/globals';
import { bounceMail, complaintMail, mail } from '../../test/answering.js';
import { judgeMail } from './judge-mail.js';
import { readMail } from './read-mail.js';

const judged = async (raw: string | Buffer, { nullSender = false, kind = 'reply' as const } = {}) => {
  const read = await readMail(Buffer.from(raw), { nullSender });
  const { kind: what = 'nothing', delivery, code } = judgeMail(read, { kind, purpose: 'news' }) ?? {};
  return { what, delivery, code };
};

describe('a mail that came back', () => {
  it.each([
    ['no such user', { action: 'failed', status: '5.1.1' }, 'hard_bounce', '5_1_1'],
    ['no such domain', { action: 'failed', status: '5.1.2' }, 'hard_bounce', '5_1_2'],
    [
      'a vague report of a precise answer',
      { action: 'failed', status: '5.0.0', diagnostic: '550 5.1.1 no' },
      'hard_bounce',
      '5_1_1',
    ],
    ['a mailbox that is disabled', { action: 'failed', status: '5.2.1' }, 'hard_bounce', '5_2_1'],
    ['a mailbox that is full', { action: 'failed', status: '5.2.2' }, 'soft_bounce', '5_2_2'],
    ['days of trying', { action: 'failed', status: '4.4.7' }, 'soft_bounce', '4_4_7'],
    ['a policy', { action: 'failed', status: '5.7.1' }, 'blocked', '5_7_1'],
    ['a reputation', { action: 'failed', status: '5.7.606' }, 'blocked', '5_7_606'],
    ['nothing precise', { action: 'failed', status: '5.0.0' }, 'soft_bounce', '5_0_0'],
    ['an arrival', { action: 'delivered', status: '2.1.5' }, 'delivered', '2_1_5'],
    ['a delay', { action: 'delayed', status: '4.4.1' }, undefined, '4_4_1'],
    ['a relay', { action: 'relayed', status: '2.0.0' }, undefined, '2_0_0'],
  ])('as a report of %s is read by its codes', async (_, fields, delivery, code) => {
    expect(await judged(bounceMail(fields), { nullSender: true })).toEqual({
      what: 'bounce',
      delivery,
      code,
    });
  });

  it('as a bounce of an old server is read by the codes in its text', async () => {
    const raw = mail(
      { From: 'MAILER-DAEMON@mx.test', Subject: 'failure notice' },
      '<x@y.test>:\r\n550 5.1.1 unknown',
    );
    expect(await judged(raw, { nullSender: true })).toEqual({
      what: 'bounce',
      delivery: 'hard_bounce',
      code: '5_1_1',
    });
  });

  it('as a complaint is one, and praise is not', async () => {
    expect(await judged(complaintMail('From: a@b.test\r\n\r\nx'))).toMatchObject({ what: 'complaint' });
    const praise = complaintMail('From: a@b.test\r\n\r\nx').replace('abuse\r\nUser', 'not-spam\r\nUser');
    expect(await judged(praise)).toMatchObject({ what: 'nothing' });
  });

  it.each([
    ['Auto-Submitted', { 'Auto-Submitted': 'auto-replied (vacation)' }],
    ['Precedence', { Precedence: 'bulk' }],
    ['X-Autoreply', { 'X-Autoreply': 'yes' }],
    ['a subject in English', { Subject: 'Automatic reply: Hello' }],
    ['a subject in German', { Subject: 'Abwesenheitsnotiz: Hello' }],
    ['a subject in Spanish', { Subject: 'Respuesta automática: Hello' }],
    ['a subject in French', { Subject: 'Réponse automatique : Hello' }],
  ])('that says by %s that a program wrote it says nothing, whatever its words', async (_, fields) => {
    const text = 'I left the company. Please stop writing to me, unsubscribe this address.';
    expect(await judged(mail(fields, text))).toMatchObject({ what: 'nothing' });
  });

  it('with an empty envelope sender was written by nobody', async () => {
    expect(await judged(mail({}, 'stop'), { nullSender: true })).toMatchObject({ what: 'nothing' });
  });

  it.each([
    ['quoted-printable', 'Content-Transfer-Encoding: quoted-printable', 'Bitte h=C3=B6ren Sie auf'],
    ['base64', 'Content-Transfer-Encoding: base64', Buffer.from('Bitte hören Sie auf').toString('base64')],
  ])('in %s is read', async (_, encoding, body) => {
    const raw = `From: a@b.test\r\nSubject: Re: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n${encoding}\r\n\r\n${body}\r\n`;
    expect(await judged(raw)).toMatchObject({ what: 'opt_out' });
  });

  it('in HTML alone is read without what it quotes', async () => {
    const html = (body: string): string =>
      `From: a@b.test\r\nSubject: Re: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${body}\r\n`;
    const quoted =
      '<div class="gmail_quote">On Monday Acme wrote:<blockquote>News <a href="x">Unsubscribe</a></blockquote></div>';
    expect(await judged(html(`<div>Please stop&nbsp;writing <b>to me</b></div>${quoted}`))).toMatchObject({
      what: 'opt_out',
    });
    expect(await judged(html(`<style>stop{}</style><p>Sounds good!</p>${quoted}`))).toMatchObject({
      what: 'answer',
    });
  });

  it('that cannot be read may be a no; what cannot be a mail at all never fails', async () => {
    const bomb = `Content-Type: multipart/mixed; boundary=a\r\n\r\n${'--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n'.repeat(200)}`;
    for (const raw of ['', '\0\0\0', 'x'.repeat(100_000), bomb, Buffer.alloc(70_000, 0xff)]) {
      expect(['doubt', 'answer']).toContain((await judged(raw)).what);
    }
  });

  it('to the address for unsubscribing is a no by itself', async () => {
    const read = await readMail(Buffer.from(mail({ Subject: '', 'Auto-Submitted': 'auto-generated' }, '')), {
      nullSender: false,
    });
    expect(judgeMail(read, { kind: 'unsubscribe', purpose: 'news' })).toEqual({
      ...{ kind: 'opt_out', code: 'mailto' },
      scope: { channel: 'email', purpose: 'news' },
    });
  });
});
