import { describe, expect, it } from '@jest/globals';
import { declaredDays } from './declared-days.js';

const manifest = (service: string, days?: number) => ({
  service,
  stores: [
    { kind: 'object', name: 'physical' },
    ...(days === undefined ? [] : [{ kind: 'copy', name: 'physical', expiresAfterDays: days }]),
  ],
});

describe('how long a physical backup may live', () => {
  it('is what all services have declared, the shortest of it', () => {
    expect(declaredDays([manifest('contacts', 7), manifest('privacy', 3)], 'physical')).toBe(3);
  });

  it('4.2 is nothing where a service has not declared it: no such backup is made', () => {
    const manifests = [manifest('contacts', 7), manifest('privacy')];
    expect(() => declaredDays(manifests, 'physical')).toThrow(
      /Not declared under the name physical by: privacy\./,
    );
    expect(() => declaredDays([], 'physical')).toThrow(/by: no service/);
  });

  it('5.4 is 7 days at most, since it holds keys beside what they open', () => {
    expect(() => declaredDays([manifest('contacts', 8)], 'physical')).toThrow(
      /7 days at most.*by: contacts\./,
    );
  });
});
