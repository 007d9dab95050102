import { afterEach, describe, expect, it } from '@jest/globals';
import { header, type SipMessage } from '../src/sip/sip-message.js';
import { readTrunkAddress } from '../src/sip/sip-uri.js';
import { certify, makeAuthority } from './certificates.js';
import { ScriptedTrunk } from './scripted-trunk.js';
import { SipPhone } from './sip-phone.js';

const authority = makeAuthority('Trunks of a spec');
const shown = certify(authority, '127.0.0.1');
const trusting = { secure: { ca: authority.cert, verify: true } };
const trunk = new ScriptedTrunk();
let phone: SipPhone;

async function given(change: ConstructorParameters<typeof SipPhone>[1], certificate = shown): Promise<void> {
  await trunk.listen(certificate);
  trunk.script = takingUp;
  phone = new SipPhone(trunk.url, change);
}

function takingUp(request: SipMessage): void {
  if (request.method === 'INVITE') trunk.accept(request);
  else if (request.method !== 'ACK') trunk.answer(request, 200);
}

afterEach(async () => {
  await phone.carrier.close();
  await trunk.close();
  trunk.received.length = 0;
});

describe('a trunk over TLS', () => {
  it('takes a call where somebody whom we trust vouches for it', async () => {
    await given(trusting);
    const { callId, placed } = phone.place();
    expect(await placed).toEqual({ kind: 'placed' });
    await phone.answered(callId);
    const invite = await trunk.hasMethod('INVITE');
    expect(header(invite, 'via')).toMatch(/^SIP\/2\.0\/TLS 127\.0\.0\.1:\d+;branch=/);
    expect(invite.uri).toBe(`sip:+15550100002@127.0.0.1:${trunk.port};transport=tls`);
    await phone.carrier.hangUp(callId);
    await trunk.hasMethod('BYE');
  });

  it.each([
    ['nobody whom we trust vouches for', { secure: { verify: true } }, shown],
    ['somebody else vouches for', { secure: { ca: makeAuthority('Others').cert, verify: true } }, shown],
    ['shows the certificate of another', trusting, certify(authority, '127.0.0.2')],
  ])('is told nothing where %s', async (_why, change, certificate) => {
    await given(change, certificate);
    expect(await phone.place().placed).toEqual({ kind: 'refused', reason: 'carrier_unavailable' });
    expect(phone.checks).toEqual([]);
    expect(trunk.received).toEqual([]);
  });

  it('is taken for what it says where we were told to', async () => {
    await given({ secure: { verify: false } });
    expect(await phone.place().placed).toEqual({ kind: 'placed' });
  });

  it('is told where we are over the same connection, with a password', async () => {
    await given({ ...trusting, registers: true, credentials: { username: 'heed', password: 'secret' } });
    trunk.script = (request) => {
      if (request.method !== 'REGISTER' || header(request, 'authorization')) return takingUp(request);
      const question = 'Digest realm="trunk", nonce="n1", qop="auth", algorithm=SHA-256';
      trunk.answer(request, 401, { headers: [['WWW-Authenticate', question]] });
    };
    await phone.carrier.start();
    const told = await trunk.has((each) => header(each, 'authorization') !== undefined);
    expect(header(told, 'contact')).toMatch(/^<sip:heed@127\.0\.0\.1:\d+;transport=tls>$/);
    expect(await phone.place().placed).toEqual({ kind: 'placed' });
  });

  it('that asks for TLS on every hop is spoken to, and asked, by SIPS addresses alone', async () => {
    await trunk.listen(shown);
    trunk.script = takingUp;
    const address = readTrunkAddress(`sips:127.0.0.1:${trunk.port}`)!;
    phone = new SipPhone(trunk.url, { ...trusting, address, registers: true });
    await phone.carrier.start();
    const { callId } = phone.place();
    await phone.answered(callId);
    const invite = await trunk.hasMethod('INVITE');
    const register = await trunk.hasMethod('REGISTER');
    expect([invite.uri, register.uri]).toEqual([
      `sips:+15550100002@127.0.0.1:${trunk.port}`,
      `sips:127.0.0.1:${trunk.port}`,
    ]);
    for (const name of ['from', 'to', 'contact'])
      expect([header(invite, name), header(register, name)]).toEqual([
        expect.stringMatching(/^<sips:[^;]*>/),
        expect.stringMatching(/^<sips:[^;]*>/),
      ]);
  });
});
