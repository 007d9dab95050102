import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@heed/kernel';
import { type Database, UnitOfWork } from '@heed/postgres';
import { hashKeyMigrations, KeyedHash, openKeyManagement, readHash, type KeyManagement } from '@heed/sealing';
import { createTestDatabase, TestClock, type TestDatabase } from '@heed/testing';

describe('keyed hashes', () => {
  let test: TestDatabase;
  let database: Database;
  let folder: string;
  let kms: KeyManagement;
  let clock: TestClock;
  let tenant: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heed-hash-'));
    kms = await openKeyManagement(join(folder, 'master.key'), { create: true });
    test = await createTestDatabase('frame', [hashKeyMigrations]);
    database = test.open();
  });
  beforeEach(() => {
    tenant = newId();
    clock = new TestClock();
  });
  afterAll(async () => {
    await test.drop();
    await rm(folder, { recursive: true });
  });

  /** As another process would have it. */
  function hashing(): KeyedHash {
    return new KeyedHash(new UnitOfWork(database), kms, clock);
  }

  const address = 'ada@example.org';

  it('are equal for equal values in every process, and for nothing else', async () => {
    const [one, other] = await Promise.all([
      hashing().of(tenant, 'suppression', address, 1),
      hashing().of(tenant, 'suppression', address, 1),
    ]);
    expect(one).toEqual(other);
    expect(readHash(one)).toEqual({ keyVersion: 1, normaliserVersion: 1 });
    expect(await hashing().of(tenant, 'suppression', 'ben@example.org', 1)).not.toEqual(one);
    expect(await hashing().of(tenant, 'visitor', address, 1)).not.toEqual(one);
    expect(await hashing().of(tenant, 'suppression', address, 2)).not.toEqual(one);
  });

  it('8.3 tell nothing across tenants', async () => {
    const [one, other] = [
      await hashing().of(tenant, 'suppression', address, 1),
      await hashing().of(newId(), 'suppression', address, 1),
    ];
    expect(one.subarray(2).equals(other.subarray(2))).toBe(false);
  });

  it('5.6 an erased address need not be known again for its entry to survive a rotation', async () => {
    const before = hashing();
    const entry = await before.of(tenant, 'suppression', address, 1);
    const { usableFrom } = await before.rotate(tenant);
    await clock.advance(usableFrom.getTime() - clock.now().getTime());
    const [lifted] = await before.lifted(tenant, [entry]);
    expect(readHash(lifted!)).toEqual({ keyVersion: 2, normaliserVersion: 1 });
    expect(await hashing().of(tenant, 'suppression', address, 1)).toEqual(lifted);
    expect(await before.lifted(tenant, [lifted!])).toEqual([lifted]);
  });

  it('5.6 look-ups find entries of every version, through several rotations', async () => {
    const process = hashing();
    const entries = [await process.of(tenant, 'suppression', address, 1)];
    for (const version of [2, 3]) {
      const rotation = await process.rotate(tenant);
      expect(rotation.version).toBe(version);
      await clock.advance(rotation.usableFrom.getTime() - clock.now().getTime());
      entries.push(await process.of(tenant, 'suppression', address, 1));
    }
    const candidates = await hashing().candidates(tenant, 'suppression', address, 1);
    expect(candidates).toEqual([...entries].reverse());
    expect(await process.lifted(tenant, entries)).toEqual([entries[2], entries[2], entries[2]]);
  });

  it('5.6 a process that has not heard of the rotation writes nothing that others miss, nor misses what they write', async () => {
    const [rotating, late] = [hashing(), hashing()];
    await late.of(tenant, 'suppression', address, 1);
    const { usableFrom } = await rotating.rotate(tenant);
    // Until then everybody writes the old version and looks up both.
    expect(readHash(await rotating.of(tenant, 'suppression', address, 1)).keyVersion).toBe(1);
    expect(await rotating.lifted(tenant, [await late.of(tenant, 'suppression', address, 1)])).toEqual([
      await late.of(tenant, 'suppression', address, 1),
    ]);
    await clock.advance(usableFrom.getTime() - clock.now().getTime());
    const written = await rotating.of(tenant, 'suppression', address, 1);
    expect(readHash(written).keyVersion).toBe(2);
    expect((await late.candidates(tenant, 'suppression', address, 1)).some((c) => c.equals(written))).toBe(
      true,
    );
  });

  it('agree on one key when many processes ask first at once', async () => {
    const hashes = await Promise.all(
      Array.from({ length: 8 }, () => hashing().of(tenant, 'suppression', address, 1)),
    );
    expect(new Set(hashes.map((hash) => hash.toString('hex'))).size).toBe(1);
  });
});
