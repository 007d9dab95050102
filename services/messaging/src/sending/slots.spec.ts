import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@heed/kernel';
import { RawSmtpPeer } from '../../test/raw-smtp-peer.js';
import { Slots } from './slots.js';
import { SmtpSlot } from './smtp-slot.js';

describe('connections of which the mail server has enough', () => {
  const peer = new RawSmtpPeer();
  /** What is waited for, and let go by the spec. */
  const rests: { ms: number; over(): void }[] = [];
  const clock = {
    monotonicMs: () => systemClock.monotonicMs(),
    wait: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        rests.push({ ms, over: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  };
  let slots: Slots;

  beforeEach(async () => {
    await peer.start();
    slots = new Slots(
      [1, 2].map(() => new SmtpSlot(peer.settings(), clock)),
      clock,
    );
  });
  afterEach(async () => {
    slots.close();
    await peer.stop();
  });

  it('rest, longer each time, while those that it keeps go on', async () => {
    const [kept, ...others] = slots.take(2);
    await kept!.ready();
    peer.on.greeting = '421 4.7.0 too many connections\r\n';
    let freed = 0;
    slots.onFreed(() => (freed += 1));
    expect(await slots.readied([kept!, ...others])).toEqual([kept]);
    slots.giveBack(kept!);
    expect([slots.freeCount, freed]).toEqual([1, 1]);
    expect(rests.map(({ ms }) => ms)).toEqual([500]);
    rests[0]!.over();
    while (slots.freeCount < 2) await new Promise((resolve) => setImmediate(resolve));
    await slots.readied(slots.take(2).filter((slot) => slot !== kept));
    expect(rests.map(({ ms }) => ms)).toEqual([500, 1_000]);
    peer.on = {};
    await others[0]!.ready();
    await others[0]!.handOver(
      { from: 'news@sender.test', to: 'ada@people.test' },
      [Buffer.from('Subject: hello\r\n\r\nhello\r\n')],
      {
        mayBegin: () => true,
        begun: () => undefined,
        beforeEnd: () => Promise.resolve(),
        mayEnd: () => true,
        ended: () => undefined,
      },
    );
    expect(others[0]!.restMs).toBe(0);
  });
});
