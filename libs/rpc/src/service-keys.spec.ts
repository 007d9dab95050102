import { describe, expect, it } from '@jest/globals';
import { SigningKey } from '@heed/kernel';
import { TestClock } from '@heed/testing';
import { ServiceKeys } from './service-keys.js';

describe('keys of services', () => {
  const clock = new TestClock();
  const [old, next] = [SigningKey.generate(), SigningKey.generate()];
  const retiresAt = new Date(clock.now().getTime() + 86_400_000).toISOString();
  const keys = new ServiceKeys(
    async () => [
      { service: 'contacts', publicKey: old.publicKey, retiresAt },
      { service: 'contacts', publicKey: next.publicKey, retiresAt: '' },
    ],
    clock,
  );
  const taken = async (key: SigningKey, service = 'contacts') =>
    (await keys.keyOf(service, key.keyId)) !== undefined;

  it('are two at once while one follows the other, until the old one retires', async () => {
    expect([await taken(old), await taken(next), await taken(next, 'messaging')]).toEqual([
      true,
      true,
      false,
    ]);
    await clock.advance(86_400_000 - 1);
    expect([await taken(old), await taken(next)]).toEqual([true, true]);
    await clock.advance(1);
    expect([await taken(old), await taken(next)]).toEqual([false, true]);
  });

  it('verify what they signed before they retired', async () => {
    expect(await keys.publicKeyOf('contacts', old.keyId)).toEqual(old.publicKey);
    expect(await keys.publicKeyOf('messaging', old.keyId)).toBeUndefined();
  });
});
