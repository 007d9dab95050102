import { type AudioKeeper } from '../src/carrier/carrier.js';
import { readTrunkAddress } from '../src/sip/sip-uri.js';
import { SipPhone } from './sip-phone.js';

/**
 * One call to a peer of others (.ci/foreign): `call-a-peer.ts <what is to come of it> <sip:host:port>`. Exits with 1 and
 * says what was seen where something else came of it.
 */
const [what = '', url = ''] = process.argv.slice(2);
const patience = setTimeout(() => fail('nothing for a minute'), 60_000);

/** Counts what is said, and how often it crosses zero: a tone does so evenly. */
class Listener implements AudioKeeper {
  samples = 0;
  crossings = 0;
  onEnough: () => void = () => undefined;
  private last = 0;

  write(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += 2) {
      const sample = bytes.readInt16LE(at);
      if (sample !== 0 && Math.sign(sample) !== this.last) this.crossings += 1;
      if (sample !== 0) this.last = Math.sign(sample);
      this.samples += 1;
    }
    if (this.samples >= 8_000) this.onEnough();
  }

  end(): Promise<boolean> {
    return Promise.resolve(this.samples > 0);
  }
}

const listener = new Listener();
const heardEnough = new Promise<void>((resolve) => (listener.onEnough = resolve));
const phone = new SipPhone(url, {
  address: readTrunkAddress(url) ?? fail(`${url} is no address of a trunk`),
  timers: { t1Ms: 500, t2Ms: 4_000 },
  ...(what === 'digest' && { credentials: { username: 'heed', password: 'secret' } }),
});
let { callId, placed } = phone.place({ keep: listener });
// Over TCP: the peer may still be starting.
for (let seen = await early(); seen === 'refused'; seen = await early()) {
  await new Promise((resolve) => setTimeout(resolve, 200));
  ({ callId, placed } = phone.place({ keep: listener }));
}

const SCENES: Record<string, () => Promise<string>> = {
  'press-9': async () => {
    await phone.sees(callId, ({ keys, state }) => state === 'ended' || keys === '9');
    await phone.carrier.hangUp(callId, { saying: 'done' });
    const { endReason, keys } = await phone.ends(callId);
    return `${keys} ${endReason}`;
  },
  busy: async () => (await phone.ends(callId)).endReason!,
  cancel: async () => {
    await placed;
    await phone.carrier.hangUp(callId);
    return (await phone.ends(callId)).endReason!;
  },
  digest: async () => {
    await phone.sees(callId, ({ state }) => state !== 'ringing');
    await phone.carrier.hangUp(callId);
    return `${(await phone.ends(callId)).endReason} ${phone.checks.join(' ')}`;
  },
  tone: async () => {
    await heardEnough;
    await phone.carrier.hangUp(callId);
    const { hasRecording } = await phone.ends(callId);
    const hertz = Math.round((listener.crossings * 4_000) / listener.samples);
    return `${hasRecording} ${hertz > 300 && hertz < 600 ? 'a tone of some 440 Hz' : `${hertz} Hz`}`;
  },
};
const EXPECTED: Record<string, string> = {
  'press-9': '9 hung-up',
  busy: 'busy',
  cancel: 'cancelled',
  digest: 'hung-up begin repeat',
  tone: 'true a tone of some 440 Hz',
};

const seen = await (SCENES[what] ?? (() => fail(`one of ${Object.keys(SCENES).join(', ')} is expected`)))();
await phone.carrier.close();
clearTimeout(patience);
if (seen !== EXPECTED[what]) fail(`expected: ${EXPECTED[what]}; seen: ${seen}`);
console.log(`${what}: ${seen}`);

/** Whether it was refused; not waited for where it is asked over UDP. */
async function early(): Promise<string> {
  return url.includes('tcp') ? (await placed).kind : 'under way';
}

function fail(why: string): never {
  console.error(why);
  process.exit(1);
}
