import { describe, expect, it } from '@jest/globals';
import { exceptionsOf } from './exceptions.js';

const at = new Date('2026-11-28T09:00:00Z');
const asked = new Map([['ERASE', at] as const]);
const said = { action: 'ERASE', service: 'telephony', found: false } as const;
const probed = { action: 'PROBE', service: 'telephony', found: false } as const;
const missing = { service: 'telephony', since: at, why: 'untold' } as const;
const why = (...of: Parameters<typeof exceptionsOf>) => exceptionsOf(...of).map((one) => one.why);

describe('what is missing of a request that a member closed', () => {
  it('6.4 is a processor that was not told, or has said no, of a service that has answered', () => {
    expect(why('ERASURE', ['telephony'], [said, probed], asked, at, [missing])).toEqual(['untold']);
    const refused = { ...missing, why: 'refused' } as const;
    expect(why('ERASURE', ['telephony'], [said, probed], asked, at, [refused])).toEqual(['refused']);
  });

  it('6.4 is first of all the answer: who was named before it was asked anew counts no more', () => {
    expect(why('ERASURE', ['telephony'], [], asked, at, [missing])).toEqual(['open', 'open']);
  });

  it('is nothing where all has come in since', () => {
    expect(why('ERASURE', ['telephony'], [said, probed], asked, at, [])).toEqual([]);
  });
});
