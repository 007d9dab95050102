import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { header, parameter, readMessage, type SipMessage } from '../src/sip/sip-message.js';
import { readMedia } from '../src/sip/sdp.js';
import { ScriptedTrunk } from './scripted-trunk.js';
import { impatient, SipPhone } from './sip-phone.js';

let trunk: ScriptedTrunk;
let phone: SipPhone;
const open: SipPhone[] = [];

/** What most trunks do; a specification says what this one does with the INVITE. */
function behave(onInvite: (invite: SipMessage) => void): void {
  trunk.script = (request) => {
    if (request.method === 'INVITE') onInvite(request);
    else if (request.method !== 'ACK') trunk.answer(request, 200);
  };
}

function newPhone(
  ...change: ConstructorParameters<typeof SipPhone> extends [string, ...infer Rest] ? Rest : never
) {
  phone = new SipPhone(trunk.url, ...change);
  open.push(phone);
  return phone;
}

beforeEach(async () => {
  trunk = new ScriptedTrunk();
  await trunk.listen();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ carrier }) => carrier.close()));
  await trunk.close();
});

describe('a call over SIP', () => {
  it('rings, is taken up, acknowledged and ended by us', async () => {
    behave((invite) => {
      trunk.answer(invite, 100);
      trunk.answer(invite, 180);
      trunk.accept(invite);
    });
    const { callId, placed } = newPhone().place();
    expect(await placed).toEqual({ kind: 'placed' });
    await phone.answered(callId);
    const invite = await trunk.hasMethod('INVITE');
    expect(readMedia(invite.body)).toMatchObject({ host: '127.0.0.1', codec: 'PCMU', keysAs: 101 });
    expect(invite.uri).toBe(`sip:+15550100002@127.0.0.1:${trunk.port}`);
    const ack = await trunk.hasMethod('ACK');
    expect(ack).toMatchObject({ toTag: 'theirs', uri: `sip:phone@127.0.0.1:${trunk.port}` });
    expect(ack.branch).not.toBe(invite.branch);
    await phone.carrier.hangUp(callId);
    expect(await phone.ends(callId)).toMatchObject({ endReason: 'hung-up', hasRecording: false });
    expect(await trunk.hasMethod('BYE')).toMatchObject({ toTag: 'theirs', cseq: { number: 2 } });
    expect(phone.begun).toBe(1);
  });

  it('is over when the other side says so', async () => {
    behave((invite) => trunk.accept(invite));
    const { callId } = newPhone().place();
    await phone.answered(callId);
    trunk.ask(await trunk.hasMethod('INVITE'), 'BYE');
    expect(await phone.ends(callId)).toMatchObject({ endReason: 'completed' });
    expect(await trunk.has(({ status, cseq }) => status === 200 && cseq.method === 'BYE')).toBeDefined();
    expect(trunk.count('BYE')).toBe(0);
  });

  it('speaks to whoever takes it on another way, along that way', async () => {
    behave((invite) => {
      const headers: [string, string][] = [['Record-Route', '<sip:one;lr>, <sip:two;lr>']];
      trunk.answer(invite, 200, { headers, body: invite.body });
    });
    const { callId } = newPhone().place();
    await phone.answered(callId);
    const ack = await trunk.hasMethod('ACK');
    expect(ack.headers.get('route')).toEqual(['<sip:two;lr>', '<sip:one;lr>']);
  });

  it.each([
    [486, 'busy'],
    [480, 'no-answer'],
    [603, 'declined'],
    [404, 'invalid'],
    [503, 'failed'],
  ])('has not come to be where the answer is %d', async (status, endReason) => {
    behave((invite) => trunk.answer(invite, status));
    const { callId, placed } = newPhone().place();
    expect(await placed).toEqual({ kind: 'placed' });
    const ended = await phone.ends(callId);
    expect(ended).toMatchObject({ endReason });
    expect(ended.answeredAt).toBeUndefined();
    expect((await trunk.hasMethod('ACK')).branch).toBe((await trunk.hasMethod('INVITE')).branch);
  });

  it('is cancelled while it rings', async () => {
    let ringing!: SipMessage;
    behave((invite) => trunk.answer((ringing = invite), 180));
    const { callId, placed } = newPhone().place();
    await placed;
    await phone.carrier.hangUp(callId);
    const cancel = await trunk.hasMethod('CANCEL');
    expect(cancel).toMatchObject({
      branch: ringing.branch,
      uri: ringing.uri,
      cseq: { number: 1 },
      toTag: '',
    });
    trunk.answer(ringing, 487);
    expect(await phone.ends(callId)).toMatchObject({ endReason: 'cancelled' });
    await trunk.hasMethod('ACK');
  });

  it('that is taken up as it is cancelled ends at once', async () => {
    let ringing!: SipMessage;
    trunk.script = (request) => {
      if (request.method === 'INVITE') trunk.answer((ringing = request), 180);
      if (request.method === 'BYE') trunk.answer(request, 200);
      if (request.method !== 'CANCEL') return;
      trunk.accept(ringing);
      trunk.answer(request, 200);
    };
    const { callId, placed } = newPhone().place();
    await placed;
    await phone.carrier.hangUp(callId);
    const ended = await phone.ends(callId);
    expect(ended.endReason).toBe('hung-up');
    expect(ended.answeredAt).toBeInstanceOf(Date);
    await Promise.all([trunk.hasMethod('ACK'), trunk.hasMethod('BYE')]);
  });

  it('rings no longer than it may', async () => {
    behave((invite) => trunk.answer(invite, 180));
    const { callId } = newPhone({ ...impatient, ringMs: 40 }).place();
    const invite = await trunk.hasMethod('INVITE');
    expect(header(invite, 'expires')).toBe('1');
    await trunk.hasMethod('CANCEL');
    // It never answers the INVITE: some day nobody waits for that any more.
    expect(await phone.ends(callId)).toMatchObject({ endReason: 'no-answer' });
  });

  it('lasts no longer than it may', async () => {
    behave((invite) => trunk.accept(invite));
    const { callId } = newPhone({ longestMs: 40 }).place();
    expect(await phone.ends(callId)).toMatchObject({ endReason: 'hung-up' });
    await trunk.hasMethod('BYE');
  });

  it('with sound that we cannot speak is ended as failed', async () => {
    behave((invite) => trunk.answer(invite, 200, { body: Buffer.from('v=0\r\n') }));
    const { callId } = newPhone().place();
    expect(await phone.ends(callId)).toMatchObject({ endReason: 'failed' });
    await trunk.hasMethod('BYE');
  });

  it('goes on where its session is refreshed or moved', async () => {
    behave((invite) => trunk.accept(invite));
    const { callId } = newPhone().place();
    await phone.answered(callId);
    const invite = await trunk.hasMethod('INVITE');
    trunk.ask(invite, 'UPDATE', { number: 1 });
    trunk.ask(invite, 'INVITE', { number: 2, body: invite.body });
    const again = await trunk.has(({ status, cseq }) => status === 200 && cseq.method === 'INVITE');
    expect(again.body).toEqual(invite.body);
    await trunk.has(({ status, cseq }) => status === 200 && cseq.method === 'UPDATE');
    expect((await phone.carrier.state(callId))?.state).toBe('answered');
  });
});

describe('the point of no return', () => {
  it('is not passed without leave: not a datagram is written', async () => {
    newPhone().mayBegin = false;
    expect(await phone.place().placed).toEqual({ kind: 'withheld' });
    // A second one is: had the first been written, it would have come before.
    phone.mayBegin = true;
    phone.place({ to: '+15550100003' });
    await trunk.hasMethod('INVITE');
    expect(trunk.received.map(({ uri }) => uri)).toEqual([`sip:+15550100003@127.0.0.1:${trunk.port}`]);
    expect(phone.begun).toBe(1);
  });

  it('2.6 is not passed by a process that was stopped after its check', async () => {
    newPhone();
    // As SIGSTOP would: nothing else runs meanwhile.
    const slow = {
      ...phone.guard,
      mayBegin: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250) !== 'ok',
    };
    const call = { callId: 'stopped', to: '+15550100002', from: '+15550100001', script: '' };
    expect(await phone.carrier.place(call, slow)).toEqual({ kind: 'withheld' });
    phone.place({ to: '+15550100003' });
    await trunk.hasMethod('INVITE');
    expect(trunk.received.map(({ uri }) => uri)).toEqual([`sip:+15550100003@127.0.0.1:${trunk.port}`]);
  });

  it('is passed once for one call, however often it is asked for', async () => {
    behave((invite) => trunk.answer(invite, 180));
    const { callId, placed } = newPhone().place();
    await placed;
    expect(await phone.place({ callId }).placed).toEqual({ kind: 'placed' });
    expect(phone.checks).toEqual(['begin']);
  });

  it('is followed by no copy of the INVITE once the person was heard, and by a CANCEL as soon as one may be sent', async () => {
    newPhone().place();
    const invite = await trunk.hasMethod('INVITE');
    phone.void();
    // Another call, of somebody who was not heard, shows how often an INVITE is repeated meanwhile. Its first one comes
    // behind whatever was written until then.
    newPhone().place({ to: '+15550100003' });
    const toOther = () => trunk.received.filter(({ uri }) => uri?.includes('+15550100003')).length;
    await trunk.has(() => toOther() > 0);
    const copies = trunk.count('INVITE') - toOther();
    await trunk.has(() => toOther() > copies + 1);
    expect(trunk.count('INVITE') - toOther()).toBe(copies);
    expect(trunk.count('CANCEL')).toBe(0);
    trunk.answer(invite, 180);
    await trunk.hasMethod('CANCEL');
  });

  it('stops a phone that rings once the person was heard, without anybody asking', async () => {
    behave((invite) => trunk.answer(invite, 180));
    const { placed } = newPhone().place();
    await placed;
    phone.void();
    await trunk.hasMethod('CANCEL');
  });

  it('takes nothing but a number into the line', async () => {
    for (const to of ['+1555\r\nVia: x', 'sip:+15550100002', '15550100002'])
      expect(await newPhone().place({ to }).placed).toEqual({ kind: 'refused', reason: 'invalid' });
    expect(trunk.received).toEqual([]);
  });
});

describe('a trunk that wants a password', () => {
  const credentials = { username: 'heed', password: 'secret' };
  const ask = (realm = 'trunk'): [string, string] => [
    'WWW-Authenticate',
    `Digest realm="${realm}", nonce="n1", qop="auth", algorithm=SHA-256`,
  ];
  const challenge = (then: (invite: SipMessage) => void) =>
    behave((invite) => {
      if (header(invite, 'authorization')) then(invite);
      else trunk.answer(invite, 401, { headers: [ask()] });
    });

  it('gets it with a second INVITE of the same attempt, which the permit is checked for again', async () => {
    challenge((invite) => trunk.accept(invite));
    const { callId, placed } = newPhone({ credentials }).place();
    expect(await placed).toEqual({ kind: 'placed' });
    await phone.answered(callId);
    expect(phone.checks).toEqual(['begin', 'repeat']);
    const first = await trunk.hasMethod('INVITE');
    const second = await trunk.has(
      (each) => each.method === 'INVITE' && header(each, 'authorization') !== undefined,
    );
    expect(second).toMatchObject({ callId: first.callId, fromTag: first.fromTag, cseq: { number: 2 } });
    expect(second.branch).not.toBe(first.branch);
    expect(header(second, 'authorization')).toMatch(/username="heed".*algorithm=SHA-256/);
    const ack = await trunk.has(({ method, cseq }) => method === 'ACK' && cseq.number === 2);
    expect(header(ack, 'authorization')).toBe(header(second, 'authorization'));
  });

  it('does not get it once the permit is void: the call waits again', async () => {
    challenge((invite) => trunk.accept(invite));
    newPhone({ credentials }).mayRepeat = false;
    const { callId, placed } = phone.place();
    expect(await placed).toEqual({ kind: 'withheld' });
    expect(await phone.carrier.state(callId)).toBeUndefined();
    expect(trunk.received.filter((each) => header(each, 'authorization'))).toEqual([]);
  });

  it('is not asked again with the password that it refused', async () => {
    behave((invite) => trunk.answer(invite, 401, { headers: [ask()] }));
    expect(await newPhone({ credentials }).place().placed).toEqual({
      kind: 'refused',
      reason: 'carrier_401',
    });
    expect(phone.checks).toEqual(['begin', 'repeat']);
  });

  it('gets it once more where its question was only too old', async () => {
    let asked = 0;
    behave((invite) => {
      asked += 1;
      const stale: [string, string] = [ask()[0], `${ask()[1]}, stale=true`];
      if (asked < 3) trunk.answer(invite, 401, { headers: [asked === 1 ? ask() : stale] });
      else trunk.accept(invite);
    });
    const { callId } = newPhone({ credentials }).place();
    await phone.answered(callId);
    expect(phone.checks).toEqual(['begin', 'repeat', 'repeat']);
  });

  it('is refused by whoever has none', async () => {
    behave((invite) => trunk.answer(invite, 407, { headers: [['Proxy-Authenticate', ask()[1]]] }));
    expect(await newPhone().place().placed).toEqual({ kind: 'refused', reason: 'carrier_407' });
  });

  it('that wants it for the end of a call too gets it', async () => {
    trunk.script = (request) => {
      if (request.method === 'INVITE') return trunk.accept(request);
      if (request.method !== 'BYE') return;
      if (header(request, 'proxy-authorization')) trunk.answer(request, 200);
      else trunk.answer(request, 407, { headers: [['Proxy-Authenticate', ask()[1]]] });
    };
    const { callId } = newPhone({ credentials }).place();
    await phone.answered(callId);
    await phone.carrier.hangUp(callId);
    const bye = await trunk.has(
      (each) => each.method === 'BYE' && header(each, 'proxy-authorization') !== undefined,
    );
    expect(bye.cseq.number).toBe(3);
  });
});

describe('a trunk that misbehaves', () => {
  it('and never says a word leaves the call in doubt; all that it got are copies of one INVITE', async () => {
    const { callId } = newPhone(impatient).place();
    expect(await phone.ends(callId)).toMatchObject({ endReason: 'silent' });
    expect(trunk.count('INVITE')).toBeGreaterThan(2);
    expect(new Set(trunk.bytes).size).toBe(1);
    expect(phone.begun).toBe(1);
  });

  it('and answers twice gets its ACK twice', async () => {
    behave((invite) => {
      trunk.accept(invite);
      trunk.accept(invite);
    });
    const { callId } = newPhone().place();
    await phone.answered(callId);
    await trunk.has(() => trunk.count('ACK') === 2);
    expect((await phone.carrier.state(callId))?.state).toBe('answered');
  });

  it('and has two phones take it up keeps the first', async () => {
    behave((invite) => {
      trunk.accept(invite, { tag: 'first' });
      trunk.accept(invite, { tag: 'second' });
    });
    const { callId } = newPhone().place();
    await phone.answered(callId);
    expect(await trunk.hasMethod('BYE')).toMatchObject({ toTag: 'second' });
    await trunk.has(({ method, toTag }) => method === 'ACK' && toTag === 'second');
    expect((await phone.carrier.state(callId))?.state).toBe('answered');
  });

  it('and answers after the CANCEL was given up is told that it is over', async () => {
    behave((invite) => trunk.answer(invite, 180));
    const { callId, placed } = newPhone(impatient).place();
    await placed;
    await phone.carrier.hangUp(callId);
    await phone.ends(callId);
    trunk.accept(await trunk.hasMethod('INVITE'));
    await Promise.all([trunk.hasMethod('ACK'), trunk.hasMethod('BYE')]);
    expect((await phone.carrier.state(callId))?.endReason).toBe('cancelled');
  });

  it('and repeats its refusal gets its ACK again', async () => {
    behave((invite) => trunk.answer(invite, 486));
    const { callId } = newPhone().place();
    await phone.ends(callId);
    trunk.answer(await trunk.hasMethod('INVITE'), 486);
    await trunk.has(() => trunk.count('ACK') === 2);
  });

  it('and sends garbage is not understood, and harms nobody', async () => {
    behave((invite) => trunk.answer(invite, 180));
    const { callId, placed } = newPhone().place();
    await placed;
    const invite = await trunk.hasMethod('INVITE');
    for (const bytes of [
      '',
      '\0'.repeat(2_000),
      'SIP/2.0 200 OK\r\n\r\n',
      'INVITE x SIP/2.0\r\nVia: \r\n\r\n',
    ])
      trunk.send(Buffer.from(bytes));
    trunk.answer(invite, 200, { headers: [['X', 'x'.repeat(20_000)]], body: invite.body });
    trunk.answer(
      { ...invite, headers: new Map([...invite.headers, ['via', ['SIP/2.0/UDP x;branch=z9hG4bKother']]]) },
      200,
    );
    trunk.accept(invite);
    await phone.answered(callId);
    await trunk.hasMethod('ACK');
    expect(trunk.count('ACK')).toBe(1);
  });

  it('and lets strangers end calls is told that they are in none', async () => {
    behave((invite) => trunk.accept(invite));
    const { callId } = newPhone().place();
    await phone.answered(callId);
    const invite = await trunk.hasMethod('INVITE');
    trunk.ask(invite, 'BYE', { tag: 'stranger' });
    trunk.ask(invite, 'BYE', { number: 2, to: '<sip:heed@x>;tag=guessed' });
    trunk.ask({ ...invite, callId: 'unknown' }, 'BYE', { number: 3 });
    await trunk.has(() => trunk.received.filter(({ status }) => status === 481).length === 3);
    expect((await phone.carrier.state(callId))?.state).toBe('answered');
  });

  it('and calls us is told that nobody is there', async () => {
    behave((invite) => trunk.accept(invite));
    const { callId } = newPhone().place();
    await phone.answered(callId);
    const invite = await trunk.hasMethod('INVITE');
    trunk.ask({ ...invite, callId: 'another' }, 'INVITE', { to: '<sip:heed@x>' });
    const answer = await trunk.has(({ status }) => status === 480);
    expect(parameter(header(answer, 'to')!, 'tag')).toBeDefined();
    trunk.ask({ ...invite, callId: 'another' }, 'OPTIONS', { to: '<sip:heed@x>', number: 2 });
    await trunk.has(({ status, cseq }) => status === 200 && cseq.method === 'OPTIONS');
  });

  it('and repeats what it asked hears the same answer', async () => {
    behave((invite) => trunk.accept(invite));
    const { callId } = newPhone().place();
    await phone.answered(callId);
    const invite = await trunk.hasMethod('INVITE');
    trunk.ask(invite, 'BYE');
    trunk.ask(invite, 'BYE');
    await trunk.has(() => trunk.received.filter(({ cseq }) => cseq.method === 'BYE').length === 2);
    const answers = trunk.bytes.filter((bytes) => readMessage(Buffer.from(bytes))?.cseq.method === 'BYE');
    expect(new Set(answers).size).toBe(1);
  });
});
