import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@heed/kernel';
import { gate } from '@heed/testing';
import { hangUp, type Misbehaviour, RawSmtpPeer, silence, type Verb } from '../../test/raw-smtp-peer.js';
import { type Guard, type HandOver } from './hand-over.js';
import { SmtpSlot } from './smtp-slot.js';
import { type SmtpSettings } from './smtp-settings.js';

const envelope = { from: 'news@sender.test', to: 'ada@people.test' };
const message = Buffer.from('Subject: hello\r\n\r\nA line\r\n');
const TEXT = 'no such person as ada@people.test';
/** Long enough for a busy machine to answer itself, short enough to wait for. */
const PATIENCE_MS = 1_500;

const opened: { peer: RawSmtpPeer; slot: SmtpSlot }[] = [];
afterEach(async () => {
  for (const { peer, slot } of opened.splice(0)) {
    slot.close();
    await peer.stop();
  }
});

interface Opening {
  pipelining?: boolean;
  connection?: Partial<SmtpSettings['connection']>;
  limits?: Partial<SmtpSettings['limits']>;
}

async function slotAt(on: RawSmtpPeer['on'], { pipelining = true, connection, limits }: Opening = {}) {
  const peer = new RawSmtpPeer(pipelining);
  peer.on = on;
  await peer.start();
  const settings = peer.settings(connection);
  const slot = new SmtpSlot({ ...settings, limits: { ...settings.limits, ...limits } }, systemClock);
  opened.push({ peer, slot });
  return { peer, slot };
}

const guard = (change: Partial<Guard> = {}): Guard => ({
  mayBegin: () => true,
  begun: () => undefined,
  beforeEnd: () => Promise.resolve(),
  mayEnd: () => true,
  ended: () => undefined,
  ...change,
});

async function send(slot: SmtpSlot, change: Partial<Guard> = {}): Promise<HandOver> {
  await slot.ready();
  return slot.handOver(envelope, [message], guard(change));
}

const kinds: [string, boolean][] = [
  ['with PIPELINING', true],
  ['without PIPELINING', false],
];

describe.each(kinds)('a mail server that misbehaves, %s', (_, pipelining) => {
  const at = (verb: Verb, does: Misbehaviour, opening: Opening = {}) =>
    slotAt({ [verb]: does }, { pipelining, ...opening });

  it.each(['greeting', 'EHLO'] as const)('and answers 421 at %s is asked nothing', async (verb) => {
    const { peer, slot } = await at(verb, `421 4.3.2 ${TEXT}\r\n`);
    const error: unknown = await slot.ready().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ reason: 'MAIL_SERVER_UNAVAILABLE', metadata: { status: '421' } });
    expect(JSON.stringify(error)).not.toContain('people.test');
    expect(peer.count('MAIL')).toBe(0);
  });

  it('and answers 421 at MAIL has been named no recipient: the message waits', async () => {
    const { slot } = await at('MAIL', `421 4.7.0 ${TEXT}\r\n`);
    expect(await send(slot)).toEqual({ kind: 'put-off', reply: 421 });
  });

  it('and answers 450 at MAIL has been named no recipient: the message waits', async () => {
    const { slot } = await at('MAIL', `450 4.7.1 ${TEXT}\r\n`);
    expect(await send(slot)).toEqual({ kind: 'put-off', reply: 450 });
  });

  it.each(['RCPT', 'DATA', 'dot'] as const)('and answers 421 at %s has refused it', async (verb) => {
    const { peer, slot } = await at(verb, `421 4.3.2 ${TEXT}\r\n`);
    expect(await send(slot)).toMatchObject({ kind: 'refused', reason: 'smtp_421' });
    peer.on = {};
    expect(await send(slot)).toEqual({ kind: 'accepted' });
    expect(peer.connections).toBe(2);
    expect(peer.count('dot')).toBe(verb === 'dot' ? 2 : 1);
  });

  it.each(['MAIL', 'RCPT', 'DATA'] as const)('and hangs up at %s has no message', async (verb) => {
    const { peer, slot } = await at(verb, hangUp);
    expect(await send(slot)).toMatchObject({ kind: 'lost' });
    expect(await slot.handOver(envelope, [message], guard())).toEqual({ kind: 'lost', stage: 'not-begun' });
    expect(peer.count('dot')).toBe(0);
  });

  it('7.2 and hangs up after the dot is not written to again: nobody can tell', async () => {
    const { peer, slot } = await at('dot', hangUp);
    expect(await send(slot)).toEqual({ kind: 'lost', stage: 'ended' });
    await slot.ready();
    expect([peer.count('RCPT'), peer.count('dot')]).toEqual([1, 1]);
  });

  it('7.2 and says yes before the dot has taken nothing: the dot is not written', async () => {
    const door = gate();
    const { peer, slot } = await at('DATA', '354 Go on\r\n250 2.0.0 Queued\r\n');
    peer.bodyFollows = true;
    const sending = send(slot, { beforeEnd: door });
    await door.reached;
    await turn();
    door.open();
    expect(await sending).toEqual({ kind: 'lost', stage: 'begun' });
    peer.on = {};
    expect(await send(slot)).toEqual({ kind: 'accepted' });
    expect([peer.connections, peer.count('dot')]).toEqual([2, 1]);
  });

  it('7.2 and says no before the dot does not get the dot after all', async () => {
    const door = gate();
    const { peer, slot } = await at('DATA', `354 Go on\r\n552 5.3.4 ${TEXT}\r\n`);
    peer.bodyFollows = true;
    const sending = send(slot, { beforeEnd: door });
    await door.reached;
    await turn();
    door.open();
    expect(await sending).toMatchObject({ kind: 'refused', reason: 'smtp_552' });
    peer.on = {};
    expect(await send(slot)).toEqual({ kind: 'accepted' });
    expect([peer.connections, peer.count('dot')]).toEqual([2, 1]);
  });

  it.each(['EHLO', 'MAIL', 'RCPT'] as const)(
    'and answers twice at %s is never taken for one that accepted too much',
    async (verb) => {
      const { peer, slot } = await at(verb, '250 Ok\r\n250 Ok\r\n');
      const result = await send(slot).catch(() => undefined);
      const accepted = result?.kind === 'accepted' ? 1 : 0;
      // Its answers are one ahead: whatever it is believed, no message more was accepted than was ended.
      expect(peer.count('dot')).toBeGreaterThanOrEqual(accepted);
      peer.on = {};
      while ((await send(slot)).kind !== 'accepted');
    },
  );

  it('leaves nobody waiting where the connection is closed from here', async () => {
    const { slot } = await at('dot', () => slot.close());
    expect(await send(slot)).toEqual({ kind: 'lost', stage: 'ended' });
  });

  it('and answers the dot twice has taken one message, and the next goes over another connection', async () => {
    const { peer, slot } = await at('dot', '250 Ok\r\n250 Ok\r\n');
    expect(await send(slot)).toEqual({ kind: 'accepted' });
    peer.on = {};
    while ((await send(slot)).kind !== 'accepted');
    expect(peer.connections).toBe(2);
  });

  it('and answers in a line of 5,000 letters is understood', async () => {
    const { slot } = await at('dot', `250 ${'x'.repeat(5_000)}\r\n`);
    expect(await send(slot)).toEqual({ kind: 'accepted' });
  });

  it.each<[string, (socket: { write(text: string): boolean }) => void]>([
    ['whose answer has no last line', (socket) => void socket.write('250-more\r\n'.repeat(10_000))],
    ['whose line has no end', (socket) => void socket.write('2'.repeat(300_000))],
  ])('%s is not listened to any longer', async (_name, does) => {
    const { slot } = await at('RCPT', does);
    expect(await send(slot)).toEqual({ kind: 'lost', stage: 'begun' });
  });

  it('and sends bytes that are no text is no mail server', async () => {
    const rubbish = Array.from({ length: 2_000 }, (_byte, n) => String.fromCharCode(n % 256)).join('');
    const { slot } = await at('greeting', rubbish);
    await expect(slot.ready()).rejects.toThrow('MAIL_SERVER_UNAVAILABLE');
    const other = await at('dot', `${rubbish}\r\n`);
    expect(await send(other.slot)).toEqual({ kind: 'lost', stage: 'ended' });
    await other.slot.ready();
    expect(other.peer.count('dot')).toBe(1);
  });

  it('7.2 and falls silent is left: before it has the message as a failure, after the dot as unknown', async () => {
    const connection = { socketTimeout: PATIENCE_MS };
    const limits = { setUpMs: PATIENCE_MS };
    const [ehlo, mail, data, dot] = await Promise.all([
      at('EHLO', silence, { connection, limits }),
      at('MAIL', silence, { connection }),
      at('DATA', silence, { connection }),
      at('dot', silence, { connection }),
    ]);
    const results = await Promise.all([
      ehlo.slot.ready().catch((error: Error) => error.message),
      ...[mail, data, dot].map(({ slot }) => send(slot)),
    ]);
    expect(results).toEqual([
      'MAIL_SERVER_UNAVAILABLE',
      { kind: 'lost', stage: pipelining ? 'begun' : 'not-begun' },
      { kind: 'lost', stage: 'begun' },
      { kind: 'lost', stage: 'ended' },
    ]);
    expect(dot.peer.count('dot')).toBe(1);
  });

  it('7.2 and says a little all the time is left all the same', async () => {
    const trickles = (socket: { write(text: string): boolean; destroyed: boolean }): void => {
      const timer = setInterval(() => {
        if (socket.destroyed) clearInterval(timer);
        else socket.write('250-wait\r\n');
      }, 50);
    };
    const limits = { setUpMs: PATIENCE_MS, handOverMs: PATIENCE_MS };
    const [ehlo, rcpt, dot] = await Promise.all([
      at('EHLO', trickles, { limits }),
      at('RCPT', trickles, { limits }),
      at('dot', trickles, { limits }),
    ]);
    expect(
      await Promise.all([
        ehlo.slot.ready().catch((error: Error) => error.message),
        send(rcpt.slot),
        send(dot.slot),
      ]),
    ).toEqual([
      'MAIL_SERVER_UNAVAILABLE',
      { kind: 'lost', stage: 'begun' },
      { kind: 'lost', stage: 'ended' },
    ]);
  });
});
