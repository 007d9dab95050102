import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AudioKeeper } from '../src/carrier/carrier.js';
import { decodeG711 } from '../src/media/g711.js';
import { melody } from '../src/media/tones.js';
import { readMedia } from '../src/sip/sdp.js';
import { RtpPeer } from './rtp-peer.js';
import { ScriptedTrunk } from './scripted-trunk.js';
import { SipPhone } from './sip-phone.js';

let trunk: ScriptedTrunk;
let phone: SipPhone;
let person: RtpPeer;

/** Keeps what it is given, as a recording would. */
class Kept implements AudioKeeper {
  readonly pieces: Buffer[] = [];
  isEnded = false;
  private waiters: (() => void)[] = [];

  write(samples: Buffer): void {
    this.pieces.push(samples);
    for (const resolve of this.waiters.splice(0)) resolve();
  }

  end(): Promise<boolean> {
    this.isEnded = true;
    return Promise.resolve(this.pieces.length > 0);
  }

  async has(count: number): Promise<void> {
    while (this.pieces.length < count) await new Promise<void>((resolve) => this.waiters.push(resolve));
  }
}

beforeEach(async () => {
  [trunk, person] = [new ScriptedTrunk(), new RtpPeer()];
  await Promise.all([trunk.listen(), person.listen()]);
  // Long enough for a busy machine to say something meanwhile.
  phone = new SipPhone(trunk.url, { announcement: melody([[1_400, 600]]) });
  trunk.script = (request) => {
    if (request.method === 'INVITE') trunk.accept(request, { port: person.port });
    else if (request.method !== 'ACK') trunk.answer(request, 200);
  };
});
afterEach(async () => {
  await phone.carrier.close();
  await trunk.close();
  person.close();
});

/** Says a tone in place of words. */
const voice = { speak: () => Promise.resolve(melody([[440, 300]])) };
const spoken = { text: 'Hello', language: 'en' } as const;

async function inCall(keep?: AudioKeeper): Promise<{ callId: string; port: number }> {
  const { callId } = phone.place(keep && { keep });
  await phone.answered(callId);
  return { callId, port: readMedia((await trunk.hasMethod('INVITE')).body)!.port };
}

describe('the sound of a call', () => {
  it('leaves at the pace of speech, one packet after another, silence included', async () => {
    await inCall();
    await person.hears(() => person.heard.length >= 5);
    const [first, ...rest] = person.heard;
    expect(first).toMatchObject({ type: 0, marker: true });
    for (const [n, packet] of rest.entries()) {
      expect(packet.sequence).toBe((first!.sequence + n + 1) & 0xffff);
      expect(packet.timestamp).toBe((first!.timestamp + (n + 1) * 160) >>> 0);
      expect(packet.payload).toHaveLength(160);
    }
    expect(person.sounds).toBe(0);
  });

  it('is kept from when the person was told, and nothing before', async () => {
    const kept = new Kept();
    const { callId, port } = await inCall(kept);
    await person.say(port, [1, 2]);
    await phone.sees(callId, ({ announcedAt }) => announcedAt !== undefined);
    // 600 ms of tone in packets of 20.
    await person.hears(() => person.sounds >= 30);
    const before = kept.pieces.length;
    await person.say(port, [0x10, 0x20]);
    await kept.has(2);
    expect(before).toBe(0);
    expect(Buffer.concat(kept.pieces)).toEqual(
      Buffer.concat([0x10, 0x20].map((byte) => decodeG711('PCMU', Buffer.alloc(160, byte)))),
    );
    await phone.carrier.hangUp(callId);
    expect(await phone.ends(callId)).toMatchObject({ hasRecording: true });
    expect(kept.isEnded).toBe(true);
  });

  it('is not kept, nor anything announced, where nobody asked for it', async () => {
    const { callId } = await inCall();
    await person.hears(() => person.heard.length >= 3);
    await phone.carrier.hangUp(callId);
    const ended = await phone.ends(callId);
    expect(ended).toMatchObject({ hasRecording: false });
    expect(ended.announcedAt).toBeUndefined();
  });

  it('from anywhere else than where was agreed is not heard, and garbage neither', async () => {
    trunk.script = (request) => {
      // The person's sound is said to come from another address than it does.
      if (request.method === 'INVITE') trunk.accept(request, { port: person.port, host: '127.0.0.9' });
    };
    const { callId, port } = await inCall();
    await person.press(port, 9);
    await person.send(port, 0, Buffer.alloc(1_600));
    const invite = await trunk.hasMethod('INVITE');
    const headers: [string, string][] = [['Content-Type', 'application/dtmf']];
    trunk.ask(invite, 'INFO', { headers, body: Buffer.from('5') });
    expect((await phone.sees(callId, ({ keys }) => keys !== '')).keys).toBe('5');
  });
});

describe('a key pressed in a call', () => {
  it('is heard as a telephone event', async () => {
    const { callId, port } = await inCall();
    await person.press(port, 9);
    await person.press(port, 11);
    expect((await phone.sees(callId, ({ keys }) => keys!.length === 2)).keys).toBe('9#');
  });

  it('is heard in an INFO', async () => {
    const { callId } = await inCall();
    const headers: [string, string][] = [['Content-Type', 'application/dtmf-relay']];
    trunk.ask(await trunk.hasMethod('INVITE'), 'INFO', {
      headers,
      body: Buffer.from('Signal=9\r\nDuration=160\r\n'),
    });
    await phone.sees(callId, ({ keys }) => keys === '9');
  });

  it('is confirmed with a tone before the call is ended', async () => {
    const { callId } = await inCall();
    expect(person.sounds).toBe(0);
    await phone.carrier.hangUp(callId, { saying: 'done' });
    await trunk.hasMethod('BYE');
    await person.hears(() => person.sounds > 15);
    expect(await phone.ends(callId)).toMatchObject({ endReason: 'hung-up' });
  });

  it('begins with the script, and ends once we have listened for a while', async () => {
    phone = new SipPhone(trunk.url, { speech: { synthesizer: voice }, listenMs: 1 });
    const { callId } = phone.place({ spoken });
    const ended = await phone.ends(callId);
    expect(ended.endReason).toBe('hung-up');
    // Packets of 20 ms: what was said was said whole, and the call ended afterwards.
    await person.hears(() => person.sounds >= 14);
    await trunk.hasMethod('BYE');
  });

  it('is none where a script could not be spoken: no phone rings', async () => {
    for (const synthesizer of [undefined, { speak: () => Promise.reject(new Error('away')) }]) {
      const { carrier, ...rest } = new SipPhone(trunk.url, synthesizer ? { speech: { synthesizer } } : {});
      const call = { callId: 'a', to: '+15550100002', from: '+15550100001', script: '', spoken };
      expect(await carrier.place(call, rest.guard)).toEqual({ kind: 'refused', reason: 'voice_unavailable' });
      expect(carrier.speaks()).toBe(synthesizer !== undefined);
      await carrier.close();
    }
    expect(trunk.received).toEqual([]);
  });

  it('is cut where they pause, and what means no, or may, is told while they speak on', async () => {
    const understood = ['doubt', 'nothing', 'no'] as const;
    let heard = 0;
    const recognizer = {
      languages: new Set(['en'] as const),
      hear: () => {
        const sense = understood[heard++]!;
        return Promise.resolve({ sense, readings: [sense] });
      },
    };
    phone = new SipPhone(trunk.url, { speech: { synthesizer: voice, recognizer } });
    const { callId } = phone.place({ spoken });
    await phone.answered(callId);
    const { port } = readMedia((await trunk.hasMethod('INVITE')).body)!;
    const [speech, pause] = [Array<number>(20).fill(0x10), Array<number>(40).fill(0xff)];
    for (let n = 1; n <= 3; n += 1) {
      await person.say(port, [...pause, ...speech, ...pause]);
      while (heard < n) await new Promise((resolve) => setImmediate(resolve));
    }
    const { words } = await phone.sees(callId, (call) => call.words?.length === 2);
    expect(words!.map(({ sense }) => sense)).toEqual(['doubt', 'no']);
    expect(words![1]!.atMs).toBeGreaterThan(words![0]!.atMs);
    await phone.carrier.hangUp(callId);
    await phone.ends(callId);
  });

  it('is not listened to in a language that nobody understands', async () => {
    let isHeard = false;
    const recognizer = {
      languages: new Set(['en'] as const),
      hear: () => {
        isHeard = true;
        return Promise.reject(new Error('heard'));
      },
    };
    phone = new SipPhone(trunk.url, { speech: { synthesizer: voice, recognizer } });
    const { callId } = phone.place({ spoken: { text: 'Hallo', language: 'de' } });
    await phone.answered(callId);
    const { port } = readMedia((await trunk.hasMethod('INVITE')).body)!;
    await person.say(port, Array<number>(30).fill(0x10));
    await phone.carrier.hangUp(callId);
    expect((await phone.ends(callId)).words).toEqual([]);
    expect(isHeard).toBe(false);
  });
});
