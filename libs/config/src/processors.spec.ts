import { describe, expect, it } from '@jest/globals';
import { processors } from './processors.js';

describe('processors that are declared by settings', () => {
  it('are of a service, for all time or a span of it; or retired since a day', () => {
    const text =
      'messaging.relay, messaging.old:..2026-07-01,telephony.wire:2026-07-01..2026-09-01,telephony.gone:retired:2026-01-01';
    expect(processors.parse(text)).toEqual([
      { service: 'messaging', name: 'relay' },
      { service: 'messaging', name: 'old', until: new Date('2026-07-01') },
      {
        ...{ service: 'telephony', name: 'wire' },
        ...{ from: new Date('2026-07-01'), until: new Date('2026-09-01') },
      },
      { service: 'telephony', name: 'gone', retiredSince: '2026-01-01' },
    ]);
    expect(processors.parse('none')).toEqual([]);
  });

  it.each([
    '',
    'relay',
    'contacts.relay',
    'messaging.Relay',
    'messaging.relay:',
    'messaging.relay:..',
    'messaging.relay:2026-07-01',
    'messaging.relay:2026-07-01..2026-07-01',
    'messaging.relay:2026-13-01..',
    'messaging.relay:retired:once',
    'messaging.relay,messaging.relay:..2026-07-01',
  ])('are refused where they say too little or too much: %s', (text) => {
    expect(processors.safeParse(text).success).toBe(false);
  });
});
