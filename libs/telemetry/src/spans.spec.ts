import { describe, expect, it } from '@jest/globals';
import { currentTraceparent, withCausedSpan, withRemoteParent, withSpan } from './index.js';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const traceOf = (traceparent: string | undefined): string => traceparent!.split('-')[1]!;

describe('spans with nobody collecting them', () => {
  it('belong to no trace until one begins', () => {
    expect(currentTraceparent()).toBeUndefined();
    expect(withSpan('work', {}, () => currentTraceparent())).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('continue a trace from outside, each under an id of its own, across awaits', async () => {
    const inner = await withRemoteParent(PARENT, () =>
      withSpan('outer', {}, async () => {
        const outer = currentTraceparent();
        await Promise.resolve();
        return withSpan('inner', {}, async () => [outer, currentTraceparent()]);
      }),
    );
    expect(inner.map(traceOf)).toEqual([traceOf(PARENT), traceOf(PARENT)]);
    expect(new Set([PARENT, ...inner]).size).toBe(3);
    expect(inner[1]).toMatch(/-01$/);
  });

  it('begin a trace of their own when asked to', () => {
    const own = withRemoteParent(PARENT, () =>
      withSpan('timer', {}, () => currentTraceparent(), { root: true }),
    );
    expect(traceOf(own)).not.toBe(traceOf(PARENT));
  });

  it.each([
    undefined,
    '',
    'nonsense',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more',
    '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
  ])('take no parent from %p', (header) => {
    expect(withRemoteParent(header, () => currentTraceparent())).toBeUndefined();
  });

  it('pass on what the work returns or throws', async () => {
    expect(withSpan('sync', {}, () => 7)).toBe(7);
    await expect(withSpan('async', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(() =>
      withSpan('throws', {}, () => {
        throw new Error('no');
      }),
    ).toThrow('no');
  });
});

describe('work that others have caused', () => {
  const SAME_TRACE = PARENT.replace('b7ad6b7169203331', '00f067aa0ba902b7');
  const ANOTHER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const traceUnder = (causes: (string | undefined)[]) =>
    traceOf(withCausedSpan(causes, 'batch', {}, () => currentTraceparent()));

  it('goes on with their trace where it is one', () => {
    expect(traceUnder([PARENT, SAME_TRACE, PARENT])).toBe(traceOf(PARENT));
  });

  it('is a trace of its own where there are several, whatever runs around it', () => {
    const own = withRemoteParent(PARENT, () => traceUnder([PARENT, ANOTHER]));
    expect([traceOf(PARENT), traceOf(ANOTHER)]).not.toContain(own);
  });

  it('goes on with what runs around it where nothing is known', () => {
    expect(withRemoteParent(PARENT, () => traceUnder([undefined, 'nonsense']))).toBe(traceOf(PARENT));
  });
});
