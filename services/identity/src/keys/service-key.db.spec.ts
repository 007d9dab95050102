import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SigningKey } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { createTestDatabase, TestClock, type TestDatabase } from '@heed/testing';
import { type IdentitySettings } from '../settings.js';
import { RegisterServiceKey } from './register-service-key.js';
import { allServiceKeys } from './service-key.store.js';

const migrations = { name: 'identity', directory: new URL('../../migrations/', import.meta.url) };
const SECRET = 'registration secret';

describe('service keys', () => {
  let database: TestDatabase;
  let uow: UnitOfWork;
  let registering: RegisterServiceKey;

  beforeAll(async () => {
    database = await createTestDatabase('identity', [migrations]);
    uow = new UnitOfWork(database.open());
    const settings = { HEED_REGISTRATION_SECRET: SECRET } as IdentitySettings;
    registering = new RegisterServiceKey(uow, settings, new TestClock());
  });
  afterAll(() => database.drop());

  const register = async (service: string, key: SigningKey, { secret = SECRET, over = service } = {}) => {
    const proof = key.sign(Buffer.from(`heed service key:${over}`));
    try {
      return await registering.register(secret, { service, publicKey: key.publicKey, proof });
    } catch (error) {
      return (error as { reason: string }).reason;
    }
  };

  it('are pinned: the first that a service registers is its key', async () => {
    const [key, thief] = [SigningKey.generate(), SigningKey.generate()];
    expect(await register('contacts', key)).toBe(key.keyId);
    expect(await register('contacts', key)).toBe(key.keyId);
    expect(await register('contacts', thief)).toBe('SERVICE_KEY_DIFFERS');
    expect(await uow.runAcross('service', allServiceKeys)).toEqual([
      { service: 'contacts', keyId: key.keyId, publicKey: key.publicKey, registeredAt: expect.any(Date) },
    ]);
  });

  it('of two that race, one is kept and the other told so', async () => {
    const keys = [SigningKey.generate(), SigningKey.generate(), SigningKey.generate()];
    const outcomes = await Promise.all(keys.map((key) => register('privacy', key)));
    expect(outcomes.filter((outcome) => outcome === 'SERVICE_KEY_DIFFERS')).toHaveLength(2);
  });

  it('are taken only with the secret, and a proof made for this very service', async () => {
    const key = SigningKey.generate();
    expect(await register('messaging', key, { secret: 'guess' })).toBe('REGISTRATION_SECRET_WRONG');
    expect(await register('messaging', key, { over: 'contacts' })).toBe('SERVICE_KEY_PROOF_INVALID');
    expect(await uow.runAcross('service', allServiceKeys)).toHaveLength(2);
  });

  it('are neither changed nor removed by the service itself', async () => {
    for (const sql of ['delete from service_key', `update service_key set key_id = '0000000000000000'`]) {
      await expect(uow.runAcross('service', (tx) => tx.execute(sql))).rejects.toMatchObject({
        sqlstate: '42501',
      });
    }
  });
});
