import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SipMessage } from '../src/sip/sip-message.js';
import { ScriptedTrunk } from './scripted-trunk.js';
import { SipPhone } from './sip-phone.js';

let trunk: ScriptedTrunk;
let phone: SipPhone;

beforeEach(async () => {
  trunk = new ScriptedTrunk();
  await trunk.listen();
  phone = new SipPhone(trunk.url);
});
afterEach(async () => {
  await phone.carrier.close();
  await trunk.close();
});

/** Said again and again, as UDP wants it: some of it is lost. */
async function until(isSo: () => boolean, say: () => void): Promise<void> {
  while (!isSo()) {
    say();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function behave(onInvite: (invite: SipMessage) => void): void {
  trunk.script = (request) => {
    if (request.method === 'INVITE') onInvite(request);
    else if (request.method !== 'ACK') trunk.answer(request, 200);
  };
}

describe('a trunk that says too much', () => {
  it('and tells a thousand times that it rings is heard at its last word', async () => {
    behave((invite) => {
      for (let n = 0; n < 1_000; n += 1) trunk.answer(invite, n % 2 ? 180 : 183, { tag: `fork${n}` });
    });
    const { callId, placed } = phone.place();
    expect(await placed).toEqual({ kind: 'placed' });
    const invite = await trunk.hasMethod('INVITE');
    await until(
      () => trunk.count('ACK') > 0,
      () => trunk.answer(invite, 486),
    );
    expect(await phone.ends(callId)).toMatchObject({ endReason: 'busy' });
    expect(phone.begun).toBe(1);
  });

  it('and says of another request what it should say of the INVITE is not heard', async () => {
    behave((invite) => trunk.answer(invite, 180));
    const { callId, placed } = phone.place();
    await placed;
    const invite = await trunk.hasMethod('INVITE');
    const other = (name: string, value: string): SipMessage => ({
      ...invite,
      headers: new Map([...invite.headers, [name, [value]]]),
    });
    trunk.answer(other('cseq', '1 BYE'), 200);
    trunk.answer(other('cseq', 'many INVITE'), 486);
    trunk.answer(other('cseq', '1 INVITE INVITE'), 486);
    trunk.answer(other('via', 'SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKguessed'), 486);
    trunk.answer(invite, 486, { headers: [['X', 'x'.repeat(17_000)]] });
    trunk.answer(invite, 486, { headers: Array.from({ length: 130 }, (_, n) => [`X-${n}`, 'x']) });
    trunk.accept(invite);
    await phone.answered(callId);
  });

  it('and repeats that it was taken up until it hears of it has each acknowledged', async () => {
    behave((invite) => trunk.accept(invite));
    const { callId } = phone.place();
    await phone.answered(callId);
    const invite = await trunk.hasMethod('INVITE');
    await until(
      () => trunk.count('ACK') >= 5,
      () => trunk.accept(invite),
    );
    expect((await phone.carrier.state(callId))?.state).toBe('answered');
    expect(trunk.count('BYE')).toBe(0);
  });

  it('and refuses the call, and then has it taken up, is told that it is over', async () => {
    behave((invite) => trunk.answer(invite, 486));
    const { callId } = phone.place();
    expect(await phone.ends(callId)).toMatchObject({ endReason: 'busy' });
    trunk.accept(await trunk.hasMethod('INVITE'), { tag: 'late' });
    expect(await trunk.hasMethod('BYE')).toMatchObject({ toTag: 'late' });
    expect((await phone.carrier.state(callId))?.answeredAt).toBeUndefined();
  });

  it('and hangs up while we do is answered, and both have ended it', async () => {
    trunk.script = (request) => {
      if (request.method === 'INVITE') trunk.accept(request);
      if (request.method !== 'BYE') return;
      trunk.ask(
        trunk.received.find(({ method }) => method === 'INVITE')!,
        'BYE',
      );
      trunk.answer(request, 200);
    };
    const { callId } = phone.place();
    await phone.answered(callId);
    await phone.carrier.hangUp(callId);
    const answer = await trunk.has(({ status, cseq }) => status !== undefined && cseq.method === 'BYE');
    expect(answer.status).toBe(200);
    expect(await phone.ends(callId)).toMatchObject({ endReason: 'hung-up' });
  });
});
