import { describe, expect, it } from '@jest/globals';
import { gate } from '@heed/testing';
import { PasswordHashing } from './password-hashing.js';

describe('password hashing', () => {
  const hashing = new PasswordHashing();

  it('keeps argon2id with the parameters that OWASP names, and never the same hash twice', async () => {
    const [one, two] = await Promise.all([
      hashing.hash('orchid-lantern-47'),
      hashing.hash('orchid-lantern-47'),
    ]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
  });

  it('knows the password in either Unicode spelling, and no other', async () => {
    const stored = await hashing.hash('caf\u00e9-caf\u00e9-caf\u00e9');
    const tried = (password: string) => hashing.checking((check) => check(stored, password));
    expect(await tried('cafe\u0301-cafe\u0301-cafe\u0301')).toBe(true);
    expect(await tried('cafe-cafe-cafe')).toBe(false);
  });

  it('lets nobody in where there is no hash, not even with the password it compares with', async () => {
    expect(await hashing.checking((check) => check(undefined, 'the password of nobody'))).toBe(false);
  });

  it('refuses a flood at once instead of queueing it for ever, and goes on afterwards', async () => {
    const flooded = new PasswordHashing();
    const door = gate();
    const guesses = Array.from({ length: 4 + 64 }, () => flooded.checking(() => door()));
    await expect(flooded.checking(() => door())).rejects.toMatchObject({ reason: 'SIGN_IN_BUSY' });
    expect(door.arrivals).toBe(4);
    door.open();
    await Promise.all(guesses);
    expect(door.arrivals).toBe(4 + 64);
    await flooded.checking(() => door());
  });
});
