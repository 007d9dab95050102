import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { canonicalJson, leafHash, SigningKey, verifyConsistency, verifyInclusion } from '@heed/kernel';
import { UnitOfWork, type Database } from '@heed/postgres';
import { createTestDatabase, TestClock, type TestDatabase } from '@heed/testing';
import { openCheckpoint, readVerifierKey } from '@heed/verifier';
import { LogKey } from './checkpoint.js';
import { LogKeyRing } from './log-signers.js';
import { TransparencyLog } from './transparency-log.js';

const own = { name: 'privacy', directory: new URL('../../migrations/', import.meta.url) };
const leaf = (n: number): Buffer =>
  Buffer.from(canonicalJson({ commitment: String(n), type: 'request_closed' }));

describe('the transparency log', () => {
  let test: TestDatabase;
  let database: Database;
  let uow: UnitOfWork;
  const key = new LogKey('heed.test/log', SigningKey.generate());
  const start = async (): Promise<TransparencyLog> => {
    const log = new TransparencyLog(uow, new LogKeyRing(key), new TestClock());
    await log.onModuleInit();
    return log;
  };

  beforeAll(async () => {
    test = await createTestDatabase('privacy', [own]);
    database = test.open();
    uow = new UnitOfWork(database);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });
  beforeEach(() => database.pool('owner').query('truncate log_leaf, log_key, log_signer, log_checkpoint'));
  afterEach(() => database.pool('owner').query('truncate log_leaf, log_key, log_signer, log_checkpoint'));

  it('gives leaves that the verifier finds in its checkpoint', async () => {
    const log = await start();
    const indices = await log.append([leaf(1), leaf(2), leaf(3)]);
    const { checkpoint, leaves } = await log.prove(indices);
    const { size, root } = openCheckpoint(checkpoint, readVerifierKey(key.vkey));
    expect(leaves.map(({ data }) => data)).toEqual([leaf(1), leaf(2), leaf(3)]);
    for (const { index, data, proof } of leaves) {
      expect(verifyInclusion({ leafHash: leafHash(data), index, size, proof, root })).toBe(true);
    }
  });

  it('gives each leaf its own index, whoever appends at the same time (two sequencers)', async () => {
    const [one, two] = [await start(), await start()];
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? one : two).append([leaf(n), leaf(n + 1000)])),
    );
    expect(all.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, i) => i));
    expect((await one.checkpoint()).root).toEqual((await two.checkpoint()).root);
    expect((await one.checkpoint()).size).toBe(80);
  });

  it('6.3 signs at its next start what a process wrote that died before it signed', async () => {
    await (await start()).append([leaf(1)]);
    await database
      .pool('owner')
      .query('insert into log_leaf values (1, $1, $2, $3)', [leaf(2), leafHash(leaf(2)), new Date(0)]);
    const log = await start();
    expect((await log.checkpoint()).size).toBe(2);
  });

  it('6.3 refuses to go on over a log that has lost or changed what was signed', async () => {
    await (await start()).append([leaf(1), leaf(2)]);
    await database
      .pool('owner')
      .query('update log_leaf set leaf_hash = $1 where index = 1', [leafHash(leaf(9))]);
    await expect(start()).rejects.toMatchObject({ reason: 'LOG_FORKED' });
    await database.pool('owner').query('delete from log_leaf where index = 1');
    await expect(start()).rejects.toMatchObject({ reason: 'LOG_FORKED' });
  });

  it('proves that each checkpoint contains the ones before it', async () => {
    const log = await start();
    await log.append([leaf(1), leaf(2), leaf(3)]);
    const before = await log.checkpoint();
    await log.append([leaf(4), leaf(5)]);
    const after = await log.checkpoint();
    const proof = await log.consistencyProof(before.size, after.size);
    expect(
      verifyConsistency({
        oldSize: before.size,
        oldRoot: before.root,
        newSize: after.size,
        newRoot: after.root,
        proof,
      }),
    ).toBe(true);
  });

  it('6.8 takes a key in once, and says where', async () => {
    const log = await start();
    const { publicKey, keyId } = SigningKey.generate();
    const entry = { service: 'contacts', keyId, publicKey };
    await log.noteServiceKeys([entry]);
    await Promise.all([log.noteServiceKeys([entry]), (await start()).noteServiceKeys([entry])]);
    expect((await log.checkpoint()).size).toBe(1);
    expect(await log.indexOfKey(keyId)).toBe(0);
    expect(await log.indexOfKey('0000000000000000')).toBeUndefined();
  });

  it('is append-only for the service itself', async () => {
    await (await start()).append([leaf(1)]);
    for (const change of [
      'update log_leaf set index = 7',
      'delete from log_leaf',
      'delete from log_checkpoint',
    ]) {
      await expect(database.pool('service').query(change)).rejects.toMatchObject({ code: '42501' });
    }
  });
});
