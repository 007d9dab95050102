import { describe, expect, it } from '@jest/globals';
import { TestClock } from '@heed/testing';
import { Bell } from './bell.js';

describe('a bell', () => {
  const never = new AbortController().signal;

  it('is heard at once when it rang before anybody listened, and only once', async () => {
    const clock = new TestClock();
    const bell = new Bell(clock);
    bell.ring();
    bell.ring();
    await bell.heard(1_000, never);
    let heard = false;
    const second = bell.heard(1_000, never).then(() => (heard = true));
    await clock.waiting();
    expect(heard).toBe(false);
    await clock.advance(1_000);
    await second;
  });

  it('wakes the listener when it rings, and leaves no timer behind', async () => {
    const clock = new TestClock();
    const bell = new Bell(clock);
    const listening = bell.heard(1_000, never);
    await clock.waiting();
    bell.ring();
    await listening;
    bell.ring();
    await bell.heard(0, never);
  });

  it('lets go when its listener is stopped', async () => {
    const clock = new TestClock();
    const stop = new AbortController();
    const listening = new Bell(clock).heard(60_000, stop.signal);
    await clock.waiting();
    stop.abort();
    await listening;
  });
});
