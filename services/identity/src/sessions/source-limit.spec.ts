import { describe, expect, it } from '@jest/globals';
import { TestClock } from '@heed/testing';
import { SourceLimit } from './source-limit.js';
import { sourceOf } from './sign-in-source.js';

describe('the limit of a source', () => {
  const fail = (limit: SourceLimit, source: string, times: number) => {
    for (let i = 0; i < times; i++) limit.countFailure(source);
  };

  it('closes one source after 50 failures, opens it for one more in 30 seconds, and leaves others alone', async () => {
    const clock = new TestClock();
    const limit = new SourceLimit(clock);
    fail(limit, '192.0.2.1', 49);
    expect(limit.isClosed('192.0.2.1')).toBe(false);
    limit.countFailure('192.0.2.1');
    expect([limit.isClosed('192.0.2.1'), limit.isClosed('192.0.2.2')]).toEqual([true, false]);
    await clock.advance(29_999);
    expect(limit.isClosed('192.0.2.1')).toBe(true);
    await clock.advance(1);
    expect(limit.isClosed('192.0.2.1')).toBe(false);
    limit.countFailure('192.0.2.1');
    expect(limit.isClosed('192.0.2.1')).toBe(true);
    await clock.advance(50 * 30_000);
    fail(limit, '192.0.2.1', 49);
    expect(limit.isClosed('192.0.2.1')).toBe(false);
  });

  it('forgets the quietest of too many sources, not the one at work', () => {
    const limit = new SourceLimit(new TestClock());
    fail(limit, 'busy', 49);
    for (let i = 0; i < 19_999; i++) limit.countFailure(`quiet ${i}`);
    limit.countFailure('busy');
    for (let i = 0; i < 10_000; i++) limit.countFailure(`more ${i}`);
    expect(limit.isClosed('busy')).toBe(true);
  });
});

describe('the source of a sign-in', () => {
  const from = (remoteAddress: string, trusted = 0, forwarded?: string) =>
    sourceOf(
      { headers: { ...(forwarded && { 'x-forwarded-for': forwarded }) }, socket: { remoteAddress } } as never,
      trusted,
    );

  it('is the address of the connection, whatever the client writes into the header', () => {
    expect(from('192.0.2.1')).toBe('192.0.2.1');
    expect(from('192.0.2.1', 0, '198.51.100.7')).toBe('192.0.2.1');
    expect(from('::ffff:192.0.2.1')).toBe('192.0.2.1');
  });

  it('is what the outermost proxy of ours saw, where there are some', () => {
    expect(from('10.0.0.1', 1, '198.51.100.7')).toBe('198.51.100.7');
    expect(from('10.0.0.1', 1, 'invented, 198.51.100.7')).toBe('198.51.100.7');
    expect(from('10.0.0.1', 2, 'invented, 198.51.100.7, 10.0.0.9')).toBe('198.51.100.7');
    expect(from('10.0.0.1', 2, '198.51.100.7')).toBe('198.51.100.7');
  });

  it('is one for all addresses of a /64', () => {
    expect(from('2001:db8:0:1::1')).toBe('2001:db8:0:1');
    expect(from('2001:0DB8:0000:0001:ffff:eeee:dddd:cccc')).toBe('2001:db8:0:1');
    expect(from('2001:db8::1')).toBe('2001:db8:0:0');
    expect(from('::1')).toBe('0:0:0:0');
    expect(from('fe80::1%eth0')).toBe('fe80:0:0:0');
  });
});
