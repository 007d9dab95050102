import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import {
  hashKeyMigrations,
  openKeyManagement,
  RewrapKeys,
  Sealing,
  subjectKeyMigrations,
  type KeyManagement,
} from '@heed/sealing';
import { createTestDatabase, TestClock, type TestDatabase } from '@heed/testing';

describe('another master key', () => {
  let keysDb: TestDatabase;
  let mainDb: TestDatabase;
  let keys: UnitOfWork;
  let main: UnitOfWork;
  let folder: string;
  let tenant: string;
  let old: KeyManagement;
  let oldFile: string;
  const clock = new TestClock();
  const place = { table: 'message', row: 'r', column: 'body' };
  const text = Buffer.from('Dear Ada');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heed-rewrap-'));
    [keysDb, mainDb] = await Promise.all([
      createTestDatabase('frame', [subjectKeyMigrations]),
      createTestDatabase('frame', [hashKeyMigrations]),
    ]);
    [keys, main] = [new UnitOfWork(keysDb.open()), new UnitOfWork(mainDb.open())];
  });
  beforeEach(async () => {
    tenant = newId();
    oldFile = join(folder, newId());
    old = await openKeyManagement(oldFile, { create: true });
  });
  afterAll(async () => {
    await Promise.all([keysDb.drop(), mainDb.drop()]);
    await rm(folder, { recursive: true });
  });

  const sealingBy = (kms: KeyManagement): Sealing => new Sealing({ keys, main, kms, clock });
  const masters = async (): Promise<string[]> => {
    const sql = 'select distinct kms_key_id as id from heed.';
    const rows = await Promise.all([
      keys.run(tenant, (tx) => tx.query<{ id: string }>(`${sql}subject_key where tenant_id = $1`, [tenant])),
      main.run(tenant, (tx) => tx.query<{ id: string }>(`${sql}hash_key where tenant_id = $1`, [tenant])),
    ]);
    return [...new Set(rows.flat().map(({ id }) => id))];
  };
  const rewrapped = async (kms: KeyManagement): Promise<void> => {
    const rewrap = new RewrapKeys(keys, main, kms);
    while ((await rewrap.batch()) > 0);
  };

  it('takes over all that the older one wrapped, and what was sealed and hashed stays as it was', async () => {
    const before = sealingBy(old);
    const people = Array.from({ length: 600 }, () => newId());
    const sealed = await before.sealMany(
      tenant,
      people.map((subjectId) => ({ subjectId, ...place, plaintext: text })),
    );
    const hash = await before.keyedHash(tenant, 'suppression', 'ada@example.org');
    const both = await openKeyManagement(join(folder, newId()), { create: true, older: [oldFile] });
    await Promise.all([rewrapped(both), rewrapped(both)]);
    expect(await masters()).toEqual([both.keyId]);

    const later = sealingBy(both);
    const opened = await later.openMany(
      tenant,
      people.map((subjectId, at) => ({ subjectId, ...place, sealed: sealed[at]! })),
    );
    expect(opened.every((each) => each?.equals(text))).toBe(true);
    expect(await later.keyedHash(tenant, 'suppression', 'ada@example.org')).toEqual(hash);
  });

  it('is worth nothing without the older one: what that wrapped is left alone', async () => {
    const before = sealingBy(old);
    const ada = newId();
    const sealed = await before.seal(tenant, ada, place, text);
    const alone = await openKeyManagement(join(folder, newId()), { create: true });
    await rewrapped(alone);
    expect(await masters()).toEqual([old.keyId]);
    await expect(sealingBy(alone).open(tenant, ada, place, sealed)).rejects.toMatchObject({
      reason: 'MASTER_KEY_UNKNOWN',
    });
    expect(await sealingBy(old).open(tenant, ada, place, sealed)).toEqual(text);
  });

  it('5.7 brings back nobody whose key was destroyed meanwhile', async () => {
    const before = sealingBy(old);
    const [ada, ben] = [newId(), newId()];
    await before.seal(tenant, ada, place, text);
    await before.seal(tenant, ben, place, text);
    const fresh = await openKeyManagement(join(folder, newId()), { create: true, older: [oldFile] });
    const meanwhile: KeyManagement = {
      keyId: fresh.keyId,
      holds: (keyId) => fresh.holds(keyId),
      unwrap: (items) => fresh.unwrap(items),
      wrap: async (items) => {
        await before.destroyKeys(tenant, [ada]);
        return fresh.wrap(items);
      },
    };
    await rewrapped(meanwhile);
    expect(await before.subjectsWithKeys(tenant, [ada, ben])).toEqual([ben]);
    await expect(sealingBy(fresh).seal(tenant, ada, place, text)).rejects.toMatchObject({
      reason: 'SUBJECT_ERASED',
    });
  });

  it('may be a new first line of the same file', async () => {
    const ada = newId();
    const sealed = await sealingBy(old).seal(tenant, ada, place, text);
    const fresh = Buffer.alloc(32, 5).toString('base64');
    await writeFile(oldFile, `${fresh}\n${await readFile(oldFile, 'utf8')}`);
    const both = await openKeyManagement(oldFile, { create: false });
    await rewrapped(both);
    await writeFile(oldFile, `${fresh}\n`);
    const alone = await openKeyManagement(oldFile, { create: false });
    expect(await sealingBy(alone).open(tenant, ada, place, sealed)).toEqual(text);
  });
});
