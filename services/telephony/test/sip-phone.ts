import { newId, systemClock } from '@heed/kernel';
import { logger } from '@heed/telemetry';
import { type CarrierCall, type OutgoingCall, type PlaceGuard } from '../src/carrier/carrier.js';
import { SipCarrier, type SipTrunk } from '../src/carrier/sip-carrier.js';
import { doneTone, melody } from '../src/media/tones.js';
import { readTrunkAddress } from '../src/sip/sip-uri.js';

/** For specifications that wait for the end of all patience: 64 x 40 ms. Whatever is to be heard before must come within that. */
export const impatient = { timers: { t1Ms: 40, t2Ms: 320 } };

/** A SIP carrier that waits for nothing longer than it must, and a permit that a specification can void. */
export class SipPhone {
  readonly carrier: SipCarrier;
  readonly checks: string[] = [];
  mayBegin = true;
  mayRepeat = true;
  begun = 0;
  private readonly voiding = new AbortController();

  constructor(url: string, change: Partial<SipTrunk> = {}) {
    this.carrier = new SipCarrier({
      clock: systemClock,
      log: logger({}, { write: () => undefined }),
      trunk: {
        ...{
          address: readTrunkAddress(url)!,
          registers: false,
          ringMs: 60_000,
          longestMs: 60_000,
          listenMs: 60_000,
          speech: {},
        },
        // 64 x 200 ms is the longest that anything is waited for: a busy machine is late, and not silent.
        ...{
          announcement: melody([[1_400, 60]]),
          partings: { done: doneTone(), apology: melody([[440, 60]]) },
          timers: { t1Ms: 200, t2Ms: 1_600 },
        },
        ...change,
      },
    });
  }

  readonly guard: PlaceGuard = {
    mayBegin: () => {
      this.checks.push('begin');
      return this.mayBegin;
    },
    mayRepeat: () => {
      this.checks.push('repeat');
      return this.mayRepeat;
    },
    begun: () => (this.begun += 1),
    voided: this.voiding.signal,
  };

  void(): void {
    this.voiding.abort();
  }

  place(change: Partial<OutgoingCall> = {}) {
    const call = { callId: newId(), to: '+15550100002', from: '+15550100001', script: '', ...change };
    return { callId: call.callId, placed: this.carrier.place(call, this.guard) };
  }

  /** Resolves once the call looks like this. */
  async sees(callId: string, fits: (call: CarrierCall) => boolean): Promise<CarrierCall> {
    for (;;) {
      const changed = this.carrier.changed(callId);
      const call = await this.carrier.state(callId);
      if (call && fits(call)) return call;
      // It is known once its port for sound is open.
      if (!call) await new Promise((resolve) => setImmediate(resolve));
      // Nobody hears of what has changed since it was looked at.
      else if (!changed?.aborted)
        await new Promise((resolve) => changed?.addEventListener('abort', resolve, { once: true }));
    }
  }

  ends(callId: string): Promise<CarrierCall> {
    return this.sees(callId, ({ state }) => state === 'ended');
  }

  answered(callId: string): Promise<CarrierCall> {
    return this.sees(callId, ({ state }) => state === 'answered');
  }
}
