import { describe, expect, it } from '@jest/globals';
import { DomainLimits } from './domain-limits.js';
import { DomainPace, type DomainWait } from './domain-pace.js';
import { type HandOver } from './hand-over.js';

class ByHand {
  nowMs = 1_000_000;
  monotonicMs = (): number => this.nowMs;
}

function paceOf(limits: string) {
  const clock = new ByHand();
  return { clock, pace: new DomainPace(DomainLimits.read(limits)!, clock) };
}

const to = (domain: string) => ({ address: `ada@${domain}` });
const refused = (reason: string, bounce?: { delivery: 'soft_bounce'; code: string }): HandOver => ({
  ...{ kind: 'refused', reason, ...(bounce && { bounce }) },
});
/** Tells of so many messages, one after the other, whether they may go; those that may leave at once again. */
function tries(
  pace: DomainPace,
  domain: string,
  count: number,
  result?: HandOver,
): (DomainWait | undefined)[] {
  return Array.from({ length: count }, () => {
    const message = to(domain);
    const wait = pace.enter(message);
    pace.leave(message, result);
    return wait;
  });
}

describe('limits of domains', () => {
  it('are read by name, with one for all others', () => {
    const limits = DomainLimits.read('*=20/600  Example.com=5/0')!;
    expect(limits.of('example.com')).toEqual({ connections: 5, perMinute: Infinity });
    expect(limits.of('other.test')).toEqual({ connections: 20, perMinute: 600 });
    expect(DomainLimits.read('')!.of('other.test').connections).toBe(Infinity);
  });

  it.each(['example.com', 'example.com=5', '*=a/b', '*=1/2/3', 'ada@people.test=1/2'])(
    'are not %s',
    (text) => {
      expect(DomainLimits.read(text)).toBeUndefined();
    },
  );
});

describe('a domain that is written to', () => {
  it('has no limit where none is set', () => {
    const { pace } = paceOf('');
    expect(tries(pace, 'people.test', 1_000).every((wait) => wait === undefined)).toBe(true);
  });

  it('has as many messages under way as its limit says, whatever others have', () => {
    const { pace } = paceOf('*=2/0');
    const [first, second] = [to('people.test'), to('PEOPLE.test')];
    expect([pace.enter(first), pace.enter(second)]).toEqual([undefined, undefined]);
    expect(pace.enter(to('people.test'))).toEqual({ ms: 500, reason: 'limit' });
    expect(pace.enter(to('other.test'))).toBeUndefined();
    pace.leave(first);
    pace.leave(first);
    expect(pace.enter(to('people.test'))).toBeUndefined();
    expect(pace.enter(to('people.test'))).toBeDefined();
  });

  it('gets so many a minute, the rest one after the other', () => {
    const { clock, pace } = paceOf('*=0/60');
    const waits = tries(pace, 'people.test', 13);
    expect(waits.slice(0, 10).every((wait) => wait === undefined)).toBe(true);
    expect(waits.slice(10).map((wait) => wait?.ms)).toEqual([1_000, 2_000, 3_000]);
    let went = 10;
    for (let second = 1; second <= 50; second++) {
      clock.nowMs += 1_000;
      went += tries(pace, 'people.test', 5).filter((wait) => wait === undefined).length;
    }
    expect(went).toBe(60);
  });

  it.each(['smtp_421', 'smtp_450', 'smtp_451', 'smtp_452'])(
    'is left alone after %s, longer each time',
    (reason) => {
      const { clock, pace } = paceOf('');
      for (const ms of [10_000, 20_000, 40_000]) {
        tries(pace, 'people.test', 1, refused(reason));
        expect(tries(pace, 'people.test', 1)).toEqual([{ ms, reason: 'back_off' }]);
        clock.nowMs += ms;
      }
      for (let n = 0; n < 20; n++) {
        tries(pace, 'people.test', 1, refused(reason));
        clock.nowMs += 900_000;
      }
      expect(tries(pace, 'people.test', 1)).toEqual([undefined]);
      expect(tries(pace, 'other.test', 1)).toEqual([undefined]);
    },
  );

  it('shows with one message whether it is over, and is as before once that was accepted', () => {
    const { clock, pace } = paceOf('');
    tries(pace, 'people.test', 1, refused('smtp_451'));
    clock.nowMs += 10_000;
    const probe = to('people.test');
    expect(pace.enter(probe)).toBeUndefined();
    expect(pace.enter(to('people.test'))).toEqual({ ms: 500, reason: 'back_off' });
    pace.leave(probe, { kind: 'accepted' });
    expect(tries(pace, 'people.test', 5).every((wait) => wait === undefined)).toBe(true);
  });

  it('counts what many messages are told at once as one word', () => {
    const { clock, pace } = paceOf('');
    const messages = Array.from({ length: 30 }, () => to('people.test'));
    for (const message of messages) pace.enter(message);
    for (const message of messages) pace.leave(message, refused('smtp_421'));
    expect(tries(pace, 'people.test', 1)).toEqual([{ ms: 10_000, reason: 'back_off' }]);
    clock.nowMs += 10_000;
    expect(tries(pace, 'people.test', 1)).toEqual([undefined]);
  });

  it('is not blamed for one full mailbox, nor for a no that is for good', () => {
    const { pace } = paceOf('');
    tries(pace, 'people.test', 1, refused('smtp_452', { delivery: 'soft_bounce', code: '4_2_2' }));
    tries(pace, 'people.test', 1, refused('smtp_550'));
    tries(pace, 'people.test', 1, { kind: 'lost', stage: 'begun' });
    expect(tries(pace, 'people.test', 1)).toEqual([undefined]);
  });

  it('is one of as many as are kept in memory', () => {
    const { clock, pace } = paceOf('');
    for (let n = 0; n < 30_000; n++) {
      tries(pace, `d${n}.test`, 1);
      clock.nowMs += 1;
    }
    expect((pace as unknown as { domains: Map<string, unknown> }).domains.size).toBeLessThanOrEqual(10_000);
  });
});
