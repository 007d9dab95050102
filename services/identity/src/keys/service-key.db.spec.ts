import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SigningKey } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { createTestDatabase, TestClock, type TestDatabase } from '@heed/testing';
import { type IdentitySettings } from '../settings.js';
import { RegisterServiceKey, retiresAt } from './register-service-key.js';
import { RevokeServiceKey } from './revoke-service-key.js';
import { allServiceKeys, keysOfService } from './service-key.store.js';

const migrations = { name: 'identity', directory: new URL('../../migrations/', import.meta.url) };
const SECRET = 'registration secret';

describe('service keys', () => {
  let database: TestDatabase;
  let uow: UnitOfWork;
  let registering: RegisterServiceKey;
  const clock = new TestClock();

  beforeAll(async () => {
    database = await createTestDatabase('identity', [migrations]);
    uow = new UnitOfWork(database.open());
    const settings = { HEED_REGISTRATION_SECRET: SECRET } as IdentitySettings;
    registering = new RegisterServiceKey(uow, settings, clock);
  });
  afterAll(() => database.drop());

  const register = async (
    service: string,
    key: SigningKey,
    { secret = SECRET, over = service, by = undefined as SigningKey | undefined, as = service } = {},
  ) => {
    const proof = key.sign(Buffer.from(`heed service key:${over}`));
    const change = Buffer.from(`heed service key change:${as}:${key.keyId}`);
    const endorsement = by?.sign(change) ?? Buffer.alloc(0);
    try {
      return await registering.register(secret, { service, publicKey: key.publicKey, proof, endorsement });
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
      {
        service: 'contacts',
        keyId: key.keyId,
        publicKey: key.publicKey,
        registeredAt: expect.any(Date),
        follows: null,
        revokedAt: null,
      },
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

  it('are followed by one that the key itself endorses; both are taken for 24 hours, then the new one alone', async () => {
    const [first, second, third, thief] = Array.from({ length: 4 }, () => SigningKey.generate()) as [
      SigningKey,
      SigningKey,
      SigningKey,
      SigningKey,
    ];
    const service = 'telephony';
    expect(await register(service, first)).toBe(first.keyId);
    expect(await register(service, second, { by: second })).toBe('SERVICE_KEY_ENDORSEMENT_INVALID');
    expect(await register(service, second, { by: first, as: 'contacts' })).toBe(
      'SERVICE_KEY_ENDORSEMENT_INVALID',
    );
    expect(await register(service, second, { by: first })).toBe(second.keyId);
    // Again, as whoever was interrupted does; and a replica that still starts with the old key.
    expect(await register(service, second, { by: first })).toBe(second.keyId);
    expect(await register(service, first)).toBe(first.keyId);
    // What was followed names no other successor, and comes to an end.
    expect(await register(service, thief, { by: first })).toBe('SERVICE_KEY_ENDORSEMENT_INVALID');
    await clock.advance(24 * 3_600_000 - 1);
    expect(await register(service, first)).toBe(first.keyId);
    await clock.advance(1);
    expect(await register(service, first)).toBe('SERVICE_KEY_DIFFERS');
    expect(await register(service, third, { by: second })).toBe(third.keyId);
    const kept = await uow.runAcross('service', (tx) => keysOfService(tx, service));
    expect(kept.map(({ keyId }) => keyId)).toEqual([first, second, third].map(({ keyId }) => keyId));
    expect(kept.map(({ keyId }) => retiresAt(kept, keyId)?.getTime())).toEqual([
      clock.now().getTime(),
      clock.now().getTime() + 24 * 3_600_000,
      undefined,
    ]);
  });

  it('have one successor, whoever races', async () => {
    const first = SigningKey.generate();
    await register('campaigns', first);
    const next = Array.from({ length: 4 }, () => SigningKey.generate());
    const outcomes = await Promise.all(next.map((key) => register('campaigns', key, { by: first })));
    expect(next.filter(({ keyId }) => outcomes.includes(keyId))).toHaveLength(1);
  });

  it('6.8 are revoked by an operator, who names the one that follows: the stolen one has no say in it', async () => {
    const [stolen, next, thief] = Array.from({ length: 3 }, () => SigningKey.generate()) as [
      SigningKey,
      SigningKey,
      SigningKey,
    ];
    const service = 'identity';
    await register(service, stolen);
    const revoking = new RevokeServiceKey(uow, clock);
    const revoke = async (keyId: string, successor: Buffer = Buffer.alloc(0), by = next) => {
      const successorProof = by.sign(Buffer.from(`heed service key:${service}`));
      try {
        return await revoking.revoke({ service, keyId, successor, successorProof });
      } catch (error) {
        return (error as { reason: string }).reason;
      }
    };
    expect(await revoke(stolen.keyId)).toBe('SERVICE_KEY_SUCCESSOR_MISSING');
    expect(await revoke('00000000000000aa', next.publicKey)).toBe('SERVICE_KEY_NOT_FOUND');
    expect(await revoke(stolen.keyId, next.publicKey, thief)).toBe('SERVICE_KEY_PROOF_INVALID');
    // Nothing of what was refused stands.
    expect(await register(service, stolen)).toBe(stolen.keyId);
    expect(await revoke(stolen.keyId, next.publicKey)).toBe(next.keyId);
    expect(await revoke(stolen.keyId)).toBe(next.keyId);
    expect(await register(service, stolen)).toBe('SERVICE_KEY_DIFFERS');
    expect(await register(service, thief, { by: stolen })).toBe('SERVICE_KEY_ENDORSEMENT_INVALID');
    expect(await register(service, next)).toBe(next.keyId);
    const kept = await uow.runAcross('service', (tx) => keysOfService(tx, service));
    expect(kept.map(({ keyId, revokedAt }) => [keyId, revokedAt !== null])).toEqual([
      [stolen.keyId, true],
      [next.keyId, false],
    ]);
    expect(retiresAt(kept, stolen.keyId)).toEqual(kept[0]!.revokedAt);
  });

  it('are neither changed nor removed by the service itself', async () => {
    for (const sql of ['delete from service_key', `update service_key set key_id = '0000000000000000'`]) {
      await expect(uow.runAcross('service', (tx) => tx.execute(sql))).rejects.toMatchObject({
        sqlstate: '42501',
      });
    }
  });
});
