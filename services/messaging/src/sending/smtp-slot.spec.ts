import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@heed/kernel';
import { gate } from '@heed/testing';
import { type SMTPServerOptions } from 'smtp-server';
import { smtpError, SmtpPeer } from '../../test/smtp-peer.js';
import { type Guard } from './hand-over.js';
import { SmtpSlot } from './smtp-slot.js';

const envelope = { from: 'news@sender.test', to: 'ada@people.test' };
const message = Buffer.from('Subject: hello\r\n\r\nA line\r\n.a line with a dot\r\n');

let peer: SmtpPeer;
let slot: SmtpSlot;

async function start(options: SMTPServerOptions = {}): Promise<void> {
  peer = new SmtpPeer(options);
  await peer.start();
  slot = new SmtpSlot(peer.settings(), systemClock);
}

afterEach(async () => {
  slot.close();
  await peer.stop();
});

function guard(change: Partial<Guard> = {}): Guard & { calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    mayBegin: () => true,
    begun: () => void calls.push('begun'),
    beforeEnd: async () => void calls.push('beforeEnd'),
    mayEnd: () => true,
    ended: () => void calls.push('ended'),
    ...change,
  };
}

async function send(change: Partial<Guard> = {}, ...pieces: Buffer[]) {
  await slot.ready();
  return slot.handOver(envelope, pieces.length > 0 ? pieces : [message], guard(change));
}

const dialogues: [string, SMTPServerOptions][] = [
  ['with PIPELINING', {}],
  ['without PIPELINING', { hidePIPELINING: true }],
];

describe.each(dialogues)('a slot %s', (_, options) => {
  beforeEach(() => start(options));

  it('hands a message over, dots and all, and says so when the server has answered the final dot', async () => {
    expect(await send()).toEqual({ kind: 'accepted' });
    expect(peer.kept).toEqual([{ from: envelope.from, to: [envelope.to], raw: message.toString() }]);
  });

  it('hands over what follows the message, megabytes of it, as one message', async () => {
    const tail = Buffer.from(new SharedArrayBuffer(3_000_000)).fill('letter\r\n');
    // Also where one part of what is written ends and the next begins.
    for (const at of [0, 8, 262_144, 2_097_152]) tail.write('.', at);
    for (let i = 0; i < 2; i++) expect(await send({}, message, tail)).toEqual({ kind: 'accepted' });
    const whole = Buffer.concat([message, tail]).toString();
    expect(peer.kept.map(({ raw }) => raw === whole)).toEqual([true, true]);
    expect(peer.connections).toBe(1);
  });

  it('2.6 asks before the end of a message of megabytes when all but its end has left', async () => {
    const tail = Buffer.alloc(3_000_000, 'line\r\n');
    expect(await send({ mayEnd: () => false }, message, tail)).toEqual({ kind: 'withheld', stage: 'begun' });
    expect(peer.kept).toEqual([]);
  });

  it('2.8 tells of both points of no return, in order', async () => {
    const watching = guard();
    await slot.ready();
    await slot.handOver(envelope, [message], watching);
    expect(watching.calls).toEqual(['begun', 'beforeEnd', 'ended']);
  });

  it('uses one connection for many messages', async () => {
    for (let i = 0; i < 5; i++) expect((await send()).kind).toBe('accepted');
    expect(peer.connections).toBe(1);
    expect(peer.kept).toHaveLength(5);
  });

  it('writes no recipient where the first check fails', async () => {
    expect(await send({ mayBegin: () => false })).toEqual({ kind: 'withheld', stage: 'not-begun' });
    expect((await send()).kind).toBe('accepted');
    expect(peer.recipients).toEqual([envelope.to]);
    expect(peer.kept).toHaveLength(1);
  });

  it('writes no final dot where the last check fails, and the server keeps nothing', async () => {
    expect(await send({ mayEnd: () => false })).toEqual({ kind: 'withheld', stage: 'begun' });
    expect((await send()).kind).toBe('accepted');
    expect(peer.recipients).toHaveLength(2);
    expect(peer.kept).toHaveLength(1);
  });

  it('2.6 checks behind the flush: what happens while the message is under way is seen', async () => {
    const door = gate();
    let voided = false;
    const sending = send({ beforeEnd: door, mayEnd: () => !voided }, Buffer.alloc(300_000, 'a line\r\n'));
    await door.reached;
    voided = true;
    door.open();
    expect(await sending).toEqual({ kind: 'withheld', stage: 'begun' });
    expect(peer.kept).toEqual([]);
  });

  it.each([450, 550])(
    'says %i of a recipient as a refusal by code, and goes on with the next',
    async (code) => {
      peer.onRecipient = () => smtpError(code);
      expect(await send()).toEqual({ kind: 'refused', reason: `smtp_${code}` });
      peer.onRecipient = () => null;
      expect(await send()).toEqual({ kind: 'accepted' });
      expect(peer.connections).toBe(1);
    },
  );

  it.each([451, 552])(
    'says %i of a message as a refusal by code, and goes on with the next',
    async (code) => {
      peer.onMessage = () => smtpError(code);
      expect(await send()).toEqual({ kind: 'refused', reason: `smtp_${code}` });
      peer.onMessage = () => null;
      expect(await send()).toEqual({ kind: 'accepted' });
      expect(peer.connections).toBe(1);
    },
  );

  it.each([
    [550, '5.1.1 <ada@people.test>: no such user', { delivery: 'hard_bounce', code: '5_1_1' }],
    [452, '4.2.2 mailbox of ada@people.test is full', { delivery: 'soft_bounce', code: '4_2_2' }],
    [554, '5.7.1 blocked', { delivery: 'blocked', code: '5_7_1' }],
    [421, '4.3.2 busy', undefined],
    [550, 'no', undefined],
  ])('1.4 keeps of %i %s what it says of the address, as codes', async (code, text, bounce) => {
    peer.onRecipient = () => smtpError(code, text);
    expect(await send()).toEqual({ kind: 'refused', reason: `smtp_${code}`, ...(bounce && { bounce }) });
    peer.onRecipient = () => null;
  });

  it('knows that a connection lost before the final dot left the server without the message', async () => {
    peer.onRecipient = (_address, hangUp) => {
      hangUp();
      return null;
    };
    expect(await send()).toEqual({ kind: 'lost', stage: 'begun' });
    expect(peer.kept).toEqual([]);
  });

  it('7.2 knows that nobody can tell once the final dot was written, and does not send again', async () => {
    peer.onMessage = (_kept, hangUp) => {
      hangUp();
      return null;
    };
    expect(await send()).toEqual({ kind: 'lost', stage: 'ended' });
    await slot.ready();
    expect(peer.recipients).toEqual([envelope.to]);
  });

  it('connects again after a connection was lost', async () => {
    await send();
    peer.hangUpAll();
    peer.onMessage = () => null;
    await new Promise((resolve) => setImmediate(resolve));
    while ((await send()).kind !== 'accepted');
    expect(peer.connections).toBe(2);
  });

  it('refuses an address that would be a command', async () => {
    await slot.ready();
    const to = 'ada@people.test>\r\nRCPT TO:<eve@people.test';
    expect(await slot.handOver({ ...envelope, to }, [message], guard())).toEqual({
      kind: 'refused',
      reason: 'address_invalid',
    });
    expect(peer.recipients).toEqual([]);
  });
});

describe('a slot', () => {
  it('2.8 writes not even MAIL where the first check fails and the server takes commands together', async () => {
    await start();
    expect((await send({ mayBegin: () => false })).kind).toBe('withheld');
    expect((await send()).kind).toBe('accepted');
    expect(peer.senders).toHaveLength(1);
  });

  it('takes the size that the server allows as a refusal before the first byte', async () => {
    await start({ size: 100 });
    const tooLarge = { kind: 'refused', reason: 'message_too_large' };
    expect(await send({}, Buffer.alloc(1_000, 'x'))).toEqual(tooLarge);
    expect(await send({}, message, Buffer.alloc(80, 'x'))).toEqual(tooLarge);
    expect(peer.recipients).toEqual([]);
  });

  it('says 421 as a refusal and connects anew', async () => {
    await start();
    peer.onRecipient = () => smtpError(421);
    expect(await send()).toEqual({ kind: 'refused', reason: 'smtp_421' });
    peer.onRecipient = () => null;
    expect(await send()).toEqual({ kind: 'accepted' });
    expect(peer.connections).toBe(2);
  });

  it('guards the same points over TLS', async () => {
    await start({ disabledCommands: ['AUTH'] });
    const settings = peer.settings();
    // smtp-server brings a certificate of its own making.
    slot = new SmtpSlot(
      { ...settings, connection: { ...settings.connection, tls: { rejectUnauthorized: false } } },
      systemClock,
    );
    expect((await send({ mayEnd: () => false })).kind).toBe('withheld');
    expect((await send({ mayBegin: () => false })).kind).toBe('withheld');
    expect((await send()).kind).toBe('accepted');
    expect(peer.kept).toHaveLength(1);
    expect(peer.recipients).toHaveLength(2);
  });

  it('does not go on in clear where TLS was offered and its certificate is not trusted', async () => {
    await start({ disabledCommands: ['AUTH'] });
    await expect(slot.ready()).rejects.toThrow('MAIL_SERVER_UNAVAILABLE');
    expect(peer.senders).toEqual([]);
  });

  it('1.4 says in no error what the server said', async () => {
    await start({ disabledCommands: ['AUTH'] });
    const error = await slot.ready().catch((caught: Error) => caught);
    expect(JSON.stringify(error) + String(error)).not.toMatch(/people|certificate/);
  });
});
