import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCatalogue, manifestOf } from '@heed/data-map';
import { newId } from '@heed/kernel';
import { infrastructureOfFrame, UnitOfWork } from '@heed/postgres';
import {
  hashKeyMigrations,
  infrastructureOfHashing,
  infrastructureOfKeys,
  KEY_CACHE_MS,
  openKeyManagement,
  Sealing,
  subjectKeyMigrations,
  type KeyManagement,
  type KeySignals,
} from '@heed/sealing';
import { blocked, createTestDatabase, deferred, TestClock, type TestDatabase } from '@heed/testing';
import type pg from 'pg';

const place = { table: 'message', row: '0199', column: 'body' };
const text = Buffer.from('Dear Ada, see you at the fair.');

class Wire implements KeySignals {
  private readonly handlers: { subject: string; handler: (data: unknown) => void }[] = [];
  publish(subject: string, data: object): void {
    for (const listener of this.handlers) if (listener.subject === subject) listener.handler(data);
  }
  subscribe(subject: string, handler: (data: unknown) => void): void {
    this.handlers.push({ subject, handler });
  }
}

describe('sealing', () => {
  let keysDb: TestDatabase;
  let mainDb: TestDatabase;
  let folder: string;
  let kms: KeyManagement;
  let clock: TestClock;
  let sealing: Sealing;
  let keys: UnitOfWork;
  const tenant = newId();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heed-sealing-'));
    [keysDb, mainDb, kms] = await Promise.all([
      createTestDatabase('frame', [subjectKeyMigrations]),
      createTestDatabase('frame', [hashKeyMigrations]),
      openKeyManagement(join(folder, 'master.key'), { create: true }),
    ]);
    clock = new TestClock();
    keys = new UnitOfWork(keysDb.open());
    sealing = process1();
  });
  afterAll(async () => {
    await Promise.all([keysDb.drop(), mainDb.drop(), rm(folder, { recursive: true })]);
  });

  // Whoever read keys in this database until now has gone.
  beforeEach(() =>
    keys.runAcross('service', (tx) =>
      tx.execute('select heed.leave_key_holders(holder_id) from heed.key_holder'),
    ),
  );

  /** A Sealing as another process would have it: other caches, same databases. */
  function process1(signals?: KeySignals): Sealing {
    return new Sealing({ keys, main: new UnitOfWork(mainDb.open()), kms, clock, signals });
  }

  it('5.7 opens what it sealed, and only in the place where it stood', async () => {
    const ada = newId();
    const sealed = await sealing.seal(tenant, ada, place, text);
    expect(sealed.includes(text)).toBe(false);
    expect(await sealing.open(tenant, ada, place, sealed)).toEqual(text);
    const broken = { reason: 'SEAL_BROKEN' };
    await sealing.seal(tenant, newId(), place, text);
    for (const elsewhere of [{ table: 'note' }, { row: '0200' }, { column: 'subject' }]) {
      await expect(sealing.open(tenant, ada, { ...place, ...elsewhere }, sealed)).rejects.toMatchObject(
        broken,
      );
    }
    const byte = Buffer.from(sealed);
    byte[20]! ^= 1;
    await expect(sealing.open(tenant, ada, place, byte)).rejects.toMatchObject(broken);
    await expect(sealing.open(tenant, ada, place, sealed.subarray(0, 12))).rejects.toMatchObject(broken);
  });

  it('I8 does not open it for another tenant or another subject', async () => {
    const [ada, eve] = [newId(), newId()];
    const sealed = await sealing.seal(tenant, ada, place, text);
    await sealing.seal(tenant, eve, place, text);
    await expect(sealing.open(newId(), ada, place, sealed)).rejects.toMatchObject({
      reason: 'KEY_DESTROYED',
    });
    await expect(sealing.open(tenant, eve, place, sealed)).rejects.toMatchObject({ reason: 'SEAL_BROKEN' });
  });

  it('seals a campaign of 10,000 bodies set by set', async () => {
    const people = Array.from({ length: 10_000 }, newId);
    const transactions = [jest.spyOn(keys, 'run'), jest.spyOn(keys, 'runAcross')];
    const sealed = await sealing.sealMany(
      tenant,
      people.map((subjectId) => ({ subjectId, ...place, plaintext: text })),
    );
    const made = transactions.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    transactions.forEach((spy) => spy.mockRestore());
    expect(sealed.filter((one) => one === undefined)).toHaveLength(0);
    const opened = await process1().openMany(
      tenant,
      people.slice(0, 50).map((subjectId, at) => ({ subjectId, ...place, sealed: sealed[at]! })),
    );
    expect(opened.every((one) => one?.equals(text))).toBe(true);
    // Some for each set, none for each person.
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(100);
  });

  it('5.7 never makes a second key for someone whose key was destroyed', async () => {
    const [ada, ben] = [newId(), newId()];
    const sealed = await sealing.seal(tenant, ada, place, text);
    expect((await sealing.destroyKeys(tenant, [ada, newId()])).destroyed).toBe(1);
    await expect(sealing.open(tenant, ada, place, sealed)).rejects.toMatchObject({ reason: 'KEY_DESTROYED' });
    await expect(sealing.seal(tenant, ada, place, text)).rejects.toMatchObject({ reason: 'SUBJECT_ERASED' });
    const [first, second] = await sealing.sealMany(tenant, [
      { subjectId: ada, ...place, plaintext: text },
      { subjectId: ben, ...place, plaintext: text },
    ]);
    expect(first).toBeUndefined();
    expect(second).toBeInstanceOf(Buffer);
    expect(await sealing.subjectsWithKeys(tenant, [ada, ben])).toEqual([ben]);
  });

  it('5.7 a subject never seen cannot be given a key after the order either', async () => {
    const stranger = newId();
    await sealing.destroyKeys(tenant, [stranger]);
    await expect(sealing.seal(tenant, stranger, place, text)).rejects.toMatchObject({
      reason: 'SUBJECT_ERASED',
    });
  });

  it('5.7 voids the caches of other processes by signal', async () => {
    const wire = new Wire();
    const [here, there] = [process1(wire), process1(wire)];
    const ada = newId();
    const sealed = await here.seal(tenant, ada, place, text);
    await there.open(tenant, ada, place, sealed);
    await here.destroyKeys(tenant, [ada]);
    await expect(there.open(tenant, ada, place, sealed)).rejects.toMatchObject({ reason: 'KEY_DESTROYED' });
  });

  describe('5.7 a receipt for destroyed keys', () => {
    const all: Sealing[] = [];
    const other = (wire?: Wire): Sealing => {
      const made = process1(wire);
      all.push(made);
      return made;
    };
    afterEach(async () => {
      await Promise.all(all.splice(0).map((one) => one.close()));
    });
    const destroyed = async (by: Sealing, others: readonly Sealing[], people = 1) => {
      const ids = Array.from({ length: people }, () => newId());
      const items = ids.map((subjectId) => ({ subjectId, ...place, plaintext: text }));
      const sealed = await by.sealMany(tenant, items);
      for (const one of others) {
        await one.openMany(
          tenant,
          ids.map((subjectId, at) => ({ subjectId, ...place, sealed: sealed[at]! })),
        );
      }
      const { cachesClearAt } = await by.destroyKeys(tenant, ids);
      return cachesClearAt.getTime() - clock.now().getTime();
    };

    it('waits for nobody where one process alone reads keys', async () => {
      expect(await destroyed(other(), [])).toBe(0);
    });

    it('waits for nobody where the others say that they forgot them, however many there are', async () => {
      const wire = new Wire();
      expect(await destroyed(other(wire), [other(wire), other(wire)])).toBe(0);
      expect(await destroyed(other(wire), [other(wire)], 200)).toBe(0);
    });

    it('waits for one that does not answer until its memory has died of age', async () => {
      const wire = new Wire();
      const waited = destroyed(other(wire), [other(wire), other()]);
      await clock.waiting();
      await clock.advance(500);
      expect(await waited).toBe(KEY_CACHE_MS);
    });

    it('waits for nobody who has gone', async () => {
      const gone = other();
      const here = other();
      await gone.seal(tenant, newId(), place, text);
      await gone.close();
      expect(await destroyed(here, [])).toBe(0);
    });
  });

  it('5.7 without signals a cache dies by age, sleep included, and the receipt is told until when to wait', async () => {
    const [here, deaf] = [process1(), process1()];
    const ada = newId();
    const sealed = await here.seal(tenant, ada, place, text);
    await deaf.open(tenant, ada, place, sealed);
    const { cachesClearAt } = await here.destroyKeys(tenant, [ada]);
    expect(cachesClearAt.getTime()).toBe(clock.now().getTime() + KEY_CACHE_MS);
    expect(KEY_CACHE_MS).toBeLessThanOrEqual(60_000);
    expect(await deaf.open(tenant, ada, place, sealed)).toEqual(text);
    clock.suspend(KEY_CACHE_MS);
    await expect(deaf.open(tenant, ada, place, sealed)).rejects.toMatchObject({ reason: 'KEY_DESTROYED' });
  });

  it('5.7 a key that is read while it is destroyed is not kept', async () => {
    const held = deferred();
    const slow: KeyManagement = {
      keyId: kms.keyId,
      holds: (keyId) => kms.holds(keyId),
      wrap: (all) => kms.wrap(all),
      unwrap: async (all) => {
        await held.promise;
        return kms.unwrap(all);
      },
    };
    const wire = new Wire();
    const ada = newId();
    const sealed = await process1(wire).seal(tenant, ada, place, text);
    const late = new Sealing({ keys, main: new UnitOfWork(mainDb.open()), kms: slow, clock, signals: wire });
    const opening = late.open(tenant, ada, place, sealed);
    await process1(wire).destroyKeys(tenant, [ada]);
    held.resolve();
    // This one had begun before; the next finds nothing.
    await opening.catch(() => undefined);
    await expect(late.open(tenant, ada, place, sealed)).rejects.toMatchObject({ reason: 'KEY_DESTROYED' });
  });

  it('destroying waits for whoever is making the key at this moment', async () => {
    const ada = newId();
    const inserted = deferred();
    const finish = deferred();
    const connection = deferred<pg.PoolClient>();
    const making = keys.run(tenant, async (tx) => {
      await tx.execute('insert into heed.subject (tenant_id, subject_id) values ($1, $2)', [tenant, ada]);
      await tx.execute(
        `insert into heed.subject_key (tenant_id, subject_id, wrapped, kms_key_id, at) values ($1, $2, '', 'x', $3)`,
        [tenant, ada, clock.now()],
      );
      inserted.resolve();
      await finish.promise;
    });
    await inserted.promise;
    const eraser = keysDb.open();
    eraser.pool('eraser').on('connect', (client) => connection.resolve(client));
    const destroying = new Sealing({
      keys: new UnitOfWork(eraser),
      main: keys,
      kms,
      clock,
    }).destroyKeys(tenant, [ada]);
    await blocked(await connection.promise);
    finish.resolve();
    await making;
    expect((await destroying).destroyed).toBe(1);
  });

  it('the wrapped key of one subject does not open as that of another', async () => {
    const [ada, eve] = [newId(), newId()];
    await sealing.seal(tenant, ada, place, text);
    const [row] = await keys.run(tenant, (tx) =>
      tx.query<{ wrapped: Buffer }>('select wrapped from heed.subject_key where subject_id = $1', [ada]),
    );
    const unwrapped = kms.unwrap([
      { wrapped: row!.wrapped, keyId: kms.keyId, context: { tenantId: tenant, use: `subject:${eve}` } },
    ]);
    await expect(unwrapped).rejects.toMatchObject({ reason: 'KEY_BROKEN' });
  });

  it('the tables of keys are what their data map says', async () => {
    const of = (infrastructure: typeof infrastructureOfKeys) =>
      manifestOf({
        service: 'frame',
        entities: [],
        infrastructure: [...infrastructureOfFrame, ...infrastructure],
      });
    expect(await checkCatalogue(keysDb.open().pool('probe'), of(infrastructureOfKeys))).toEqual([]);
    expect(await checkCatalogue(mainDb.open().pool('probe'), of(infrastructureOfHashing))).toEqual([]);
  });
});
