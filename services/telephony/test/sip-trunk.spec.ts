import { afterEach, describe, expect, it } from '@jest/globals';
import { header, type SipMessage } from '../src/sip/sip-message.js';
import { ScriptedTrunk } from './scripted-trunk.js';
import { impatient, SipPhone } from './sip-phone.js';

const credentials = { username: 'heed', password: 'secret' };
const question: [string, string] = ['WWW-Authenticate', 'Digest realm="trunk", nonce="n1", qop="auth"'];
let trunk: ScriptedTrunk;
let phone: SipPhone;

async function given(
  transport: 'udp' | 'tcp',
  script: (request: SipMessage) => void,
  change: ConstructorParameters<typeof SipPhone>[1] = {},
): Promise<void> {
  trunk = new ScriptedTrunk();
  await trunk.listen(transport);
  trunk.script = script;
  phone = new SipPhone(trunk.url, change);
}

const takingUp = (request: SipMessage): void => {
  if (request.method === 'INVITE') trunk.accept(request);
  else if (request.method !== 'ACK') trunk.answer(request, 200);
};

afterEach(async () => {
  await phone.carrier.close();
  await trunk.close();
});

describe('a trunk over TCP', () => {
  it('takes a call, and asks on the same connection', async () => {
    await given('tcp', takingUp);
    const { callId, placed } = phone.place();
    expect(await placed).toEqual({ kind: 'placed' });
    await phone.answered(callId);
    const invite = await trunk.hasMethod('INVITE');
    expect(header(invite, 'via')).toMatch(/^SIP\/2\.0\/TCP 127\.0\.0\.1:\d+;branch=/);
    expect(invite.uri).toContain(';transport=tcp');
    await trunk.hasMethod('ACK');
    trunk.ask(invite, 'BYE');
    expect(await phone.ends(callId)).toMatchObject({ endReason: 'completed' });
  });

  it('hears an INVITE once: what is written to a connection is not repeated', async () => {
    await given('tcp', () => undefined, impatient);
    const { callId } = phone.place();
    expect(await phone.ends(callId)).toMatchObject({ endReason: 'silent' });
    expect(trunk.count('INVITE')).toBe(1);
  });

  it('that breaks the connection gets another with the next call', async () => {
    await given('tcp', takingUp, impatient);
    const first = phone.place();
    await phone.answered(first.callId);
    const before = await trunk.hasMethod('ACK');
    trunk.hangUpOnEveryone();
    await trunk.isAlone();
    // One that is written before the break is noticed is in doubt; nobody can know better.
    const kinds = new Set<string>();
    while (!kinds.has('placed')) kinds.add((await phone.place({ to: '+15550100003' }).placed).kind);
    expect([...kinds].filter((kind) => kind !== 'placed' && kind !== 'doubtful')).toEqual([]);
    await trunk.has(({ method, callId }) => method === 'ACK' && callId !== before.callId);
  });

  it('that is not there refuses the call before a byte is written', async () => {
    await given('tcp', takingUp);
    await trunk.close();
    expect(await phone.place().placed).toEqual({ kind: 'refused', reason: 'carrier_unavailable' });
    expect(phone.checks).toEqual([]);
    await trunk.listen('tcp');
  });

  it('that sends something else than SIP is hung up on', async () => {
    await given('tcp', (request) => {
      if (request.method === 'INVITE') trunk.send(Buffer.from('SIP/2.0 200 OK\r\nNo length: x\r\n\r\n'));
    });
    phone.place();
    await trunk.hasMethod('INVITE');
    await trunk.isAlone();
  });
});

describe('a trunk that wants to know where we are', () => {
  it('is told, with a password, and again before that ends; and that we are gone', async () => {
    await given(
      'udp',
      (request) => {
        if (request.method !== 'REGISTER') return takingUp(request);
        if (!header(request, 'authorization')) return trunk.answer(request, 401, { headers: [question] });
        trunk.answer(request, 200, { headers: [['Expires', '600']] });
      },
      { registers: true, credentials },
    );
    await phone.carrier.start();
    const asked = await trunk.hasMethod('REGISTER');
    expect(asked.cseq.number).toBe(1);
    const told = await trunk.has((each) => header(each, 'authorization') !== undefined);
    expect(told).toMatchObject({ method: 'REGISTER', cseq: { number: 2 }, callId: asked.callId });
    expect(header(told, 'authorization')).toContain('algorithm=MD5');
    const { callId } = phone.place();
    await phone.answered(callId);
    await phone.carrier.close();
    const gone = await trunk.has((each) => each.method === 'REGISTER' && header(each, 'expires') === '0');
    expect(gone.callId).toBe(asked.callId);
  });

  it('and wants to be told less often is obeyed', async () => {
    await given(
      'udp',
      (request) => {
        const enough = Number(header(request, 'expires')) >= 1_800;
        if (enough) trunk.answer(request, 200);
        else trunk.answer(request, 423, { headers: [['Min-Expires', '1800']] });
      },
      { registers: true },
    );
    await phone.carrier.start();
    const wanted = trunk.received.map((each) => header(each, 'expires'));
    expect([...new Set(wanted)]).toEqual(['600', '1800']);
  });

  it('and refuses us gets no calls: not a byte of one is written', async () => {
    await given('udp', (request) => trunk.answer(request, 403), { registers: true, credentials });
    await phone.carrier.start();
    expect(await phone.place().placed).toEqual({ kind: 'refused', reason: 'not_registered' });
    expect(phone.checks).toEqual([]);
    expect(trunk.count('INVITE')).toBe(0);
  });
});
