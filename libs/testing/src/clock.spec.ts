import { describe, expect, it } from '@jest/globals';
import { TestClock } from './clock.js';
import { gate } from './gate.js';

describe('the clock of a spec', () => {
  it('stands still until it is moved, and wakes waiters in the order in which they are due', async () => {
    const clock = new TestClock('2026-11-23T09:00:00Z');
    const woken: string[] = [];
    const waiter = async (name: string, ms: number): Promise<void> => {
      await clock.wait(ms);
      woken.push(`${name} at ${clock.now().toISOString()}`);
    };
    const all = Promise.all([waiter('late', 2_000), waiter('early', 500), waiter('never yet', 60_000)]);
    await clock.advance(2_000);
    expect(woken).toEqual(['early at 2026-11-23T09:00:00.500Z', 'late at 2026-11-23T09:00:02.000Z']);
    await clock.advance(60_000);
    await all;
  });

  it('wakes a loop as often as it comes due within one advance', async () => {
    const clock = new TestClock();
    let rounds = 0;
    const stop = new AbortController();
    const loop = (async () => {
      for (;;) {
        await clock.wait(200, stop.signal);
        rounds += 1;
      }
    })().catch(() => undefined);
    await clock.waiting();
    await clock.advance(1_000);
    expect(rounds).toBe(5);
    stop.abort();
    await loop;
  });

  it('tells sleep and a set clock apart from time that passed', () => {
    const clock = new TestClock();
    const [wall, monotonic, boot] = [clock.now().getTime(), clock.monotonicMs(), clock.bootMs()];
    clock.suspend(5_000);
    clock.jump(-1_000);
    expect(clock.now().getTime() - wall).toBe(4_000);
    expect(clock.monotonicMs() - monotonic).toBe(0);
    expect(clock.bootMs() - boot).toBe(5_000);
  });

  it('a gate says when it was reached and lets everybody through once it is open', async () => {
    const door = gate();
    let through = 0;
    const walking = [door(), door()].map((step) => step.then(() => (through += 1)));
    await door.reached;
    expect([door.arrivals, through]).toEqual([2, 0]);
    door.open();
    await Promise.all(walking);
    await door();
    expect([door.arrivals, through]).toEqual([3, 2]);
  });
});
