import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { type SMTPServer } from 'smtp-server';
import { readEvents } from '../outside/event-log.js';
import { Faults, parseFaults } from './faults.js';
import { type MailEvent } from './mail-event.js';
import { Mailbox } from './mailbox.js';
import { smtpServer } from './smtp.js';

describe('the mail server', () => {
  let folder: string;
  let mailbox: Mailbox;
  let faults: Faults;
  let server: SMTPServer;
  let port: number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'heed-mail-'));
    mailbox = await Mailbox.open(folder);
    faults = new Faults();
    server = smtpServer(mailbox, faults);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.server.address() as AddressInfo).port;
  });

  afterEach(async () => {
    await new Promise<void>((resolve) => server.close(resolve));
    await mailbox.close();
    rmSync(folder, { recursive: true });
  });

  const send = (to: string, intent = 'intent-1') =>
    createTransport({ host: '127.0.0.1', port, ignoreTLS: true }).sendMail({
      from: 'shop@example.com',
      to,
      subject: 'Hello',
      text: 'Body',
      headers: { 'X-Heed-Intent': intent },
    });

  async function events(): Promise<MailEvent[]> {
    const all: MailEvent[] = [];
    for await (const event of readEvents<MailEvent>(join(folder, 'events.jsonl'))) all.push(event);
    return all;
  }

  it('has a message in file and log before it says so', async () => {
    const before = performance.timeOrigin + performance.now();
    await send('ann@example.org');
    const [rcpt, end, ...more] = await events();
    expect(more).toEqual([]);
    expect(rcpt).toMatchObject({ event: 'rcpt', to: 'ann@example.org', id: end?.id });
    expect(end).toMatchObject({ event: 'data-end', to: 'ann@example.org', intent: 'intent-1', kept: true });
    expect(rcpt?.at).toBeGreaterThanOrEqual(before - 2);
    expect(end?.at).toBeGreaterThanOrEqual(rcpt?.at ?? Infinity);
    expect((await mailbox.read(end?.id ?? ''))?.toString()).toContain('X-Heed-Intent: intent-1\r\n');
  });

  it('finds what it kept again after a restart', async () => {
    await send('ann@example.org', 'a');
    await send('bob@example.org', 'b');
    const again = await Mailbox.open(folder);
    expect(again.find({ limit: 10 }).map(({ intent }) => intent)).toEqual(['b', 'a']);
    const [ann] = again.find({ to: 'ANN@example.org', limit: 10 });
    expect(again.find({ after: ann?.id, limit: 10 }).map(({ intent }) => intent)).toEqual(['b']);
    await again.close();
  });

  it('does not keep a message whose final dot never came', async () => {
    const socket = await dialogue([
      'EHLO x',
      'MAIL FROM:<a@example.com>',
      'RCPT TO:<ann@example.org>',
      'DATA',
    ]);
    const closed = new Promise<void>((resolve) => {
      server.onClose = () => resolve();
    });
    socket.write('Subject: half\r\n\r\nhalf of it\r\n', () => socket.destroy());
    await closed;
    // The log tells after the connection has: asked until it does.
    await expect(eventually(async () => (await events()).map(({ event }) => event), 2)).resolves.toEqual([
      'rcpt',
      'aborted',
    ]);
    expect(mailbox.find({ limit: 10 })).toEqual([]);
  });

  it('refuses as it was told, at RCPT and after the dot, for as often as it was told', async () => {
    faults.replace([
      { to: '*@full.example', at: 'rcpt', code: 452, text: '4.2.2 Mailbox full' },
      { to: 'once@*', at: 'data', code: 554, times: 1 },
    ]);
    await expect(send('ann@full.example')).rejects.toThrow(/452 4\.2\.2 Mailbox full/);
    await expect(send('once@example.org')).rejects.toThrow(/554/);
    await send('once@example.org');
    const told = (await events()).map(({ event, kept }) => [event, kept]);
    expect(told).toEqual([
      ['rcpt', undefined],
      ['refused', undefined],
      ['rcpt', undefined],
      ['data-end', false],
      ['refused', undefined],
      ['rcpt', undefined],
      ['data-end', true],
    ]);
  });

  it('can hang up after the dot, having kept the message: the sender cannot know', async () => {
    faults.replace([{ to: '*', at: 'data', hangUp: true }]);
    await expect(send('ann@example.org')).rejects.toThrow(/closed/i);
    expect(mailbox.find({ to: 'ann@example.org', limit: 1 })).toHaveLength(1);
  });

  /** Speaks line by line, each after the answer to the one before. */
  async function dialogue(lines: string[]): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    const answered = () => new Promise<void>((resolve) => socket.once('data', () => resolve()));
    await answered();
    for (const line of lines) {
      socket.write(`${line}\r\n`);
      await answered();
    }
    return socket;
  }
});

async function eventually<T>(read: () => Promise<T[]>, length: number): Promise<T[]> {
  for (;;) {
    const found = await read();
    if (found.length >= length) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('faults', () => {
  it('are refused with the place that is wrong', () => {
    expect(parseFaults({})).toMatch(/list/);
    expect(parseFaults([{ to: '*' }, { to: '' }])).toBe('[1].to: an address pattern is expected');
    expect(parseFaults([{ to: '*', code: 250 }])).toBe('[0].code: 400 to 599 is expected');
    expect(parseFaults([{ to: '*', delayMs: -1 }])).toMatch(/delayMs/);
  });

  it('take their pattern by letter: a dot is a dot', () => {
    const faults = new Faults();
    faults.replace([{ to: '*@a.example', at: 'rcpt', code: 550 }]);
    expect(faults.take('x@A.example', 'rcpt')).toBeDefined();
    expect(faults.take('x@aXexample', 'rcpt')).toBeUndefined();
    expect(faults.take('x@a.example', 'data')).toBeUndefined();
  });
});
