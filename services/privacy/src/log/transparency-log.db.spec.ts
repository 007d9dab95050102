import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { dataRightsMigrations } from '@heed/data-rights';
import { canonicalJson, leafHash, SigningKey, verifyConsistency, verifyInclusion } from '@heed/kernel';
import { UnitOfWork, type Database } from '@heed/postgres';
import { logger } from '@heed/telemetry';
import { createTestDatabase, TestClock, type TestDatabase } from '@heed/testing';
import { openCheckpoint, readVerifierKey } from '@heed/verifier';
import { LogKey } from './checkpoint.js';
import { LogKeyRing } from './log-signers.js';
import { LoggedKeys } from './logged-keys.js';
import { ProveLeaves } from './prove-leaves.js';
import { TransparencyLog } from './transparency-log.js';

const own = { name: 'privacy', directory: new URL('../../migrations/', import.meta.url) };
const leaf = (n: number): Buffer =>
  Buffer.from(canonicalJson({ commitment: String(n), type: 'request_closed' }));

const clock = new TestClock();
const quiet = logger({ service: 'privacy' }, { write: () => undefined });
const receipt = (service: string, keyId: string) => ({
  ...{ service, keyId },
  leaf: (keys: number) => Buffer.from(canonicalJson({ key_id: keyId, keys, service, type: 'receipt' })),
});

describe('the transparency log', () => {
  let test: TestDatabase;
  let database: Database;
  let uow: UnitOfWork;
  const key = new LogKey('heed.test/log', SigningKey.generate());
  const start = async (): Promise<TransparencyLog> => {
    const log = new TransparencyLog(uow, new LogKeyRing(key), clock, quiet);
    await log.onModuleInit();
    return log;
  };
  const forget = () =>
    database
      .pool('owner')
      .query(
        'truncate log_leaf, log_key, log_signer, log_checkpoint, log_origin, log_again, log_cosignature',
      );

  beforeAll(async () => {
    test = await createTestDatabase('privacy', [dataRightsMigrations, own]);
    database = test.open();
    uow = new UnitOfWork(database);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });
  beforeEach(forget);
  afterEach(forget);

  it('gives leaves that the verifier finds in its checkpoint', async () => {
    const log = await start();
    const indices = await log.append([leaf(1), leaf(2), leaf(3)]);
    const { checkpoint, leaves } = await new ProveLeaves(log).prove(indices);
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
    await expect((await start()).append([leaf(3)])).rejects.toMatchObject({ reason: 'LOG_FORKED' });
    await database.pool('owner').query('delete from log_leaf where index = 1');
    const log = await start();
    await expect(log.append([leaf(3)])).rejects.toMatchObject({ reason: 'LOG_FORKED' });
    // What was promised is still shown: whoever compares sees what is missing.
    expect((await log.checkpoint()).size).toBe(2);
  });

  it('proves that each checkpoint contains the ones before it', async () => {
    const log = await start();
    await log.append([leaf(1), leaf(2), leaf(3)]);
    const before = await log.checkpoint();
    await log.append([leaf(4), leaf(5)]);
    const after = await log.checkpoint();
    const proof = after.tree.consistencyProof(before.size, after.size);
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
    const keys = new LoggedKeys(log, clock);
    await keys.note([entry]);
    await Promise.all([keys.note([entry]), new LoggedKeys(await start(), clock).note([entry])]);
    expect((await log.checkpoint()).size).toBe(1);
    expect(await log.append([receipt('contacts', keyId)])).toEqual([1]);
    const unknown = log.append([receipt('contacts', '0000000000000000')]);
    await expect(unknown).rejects.toMatchObject({ reason: 'RECEIPT_KEY_UNKNOWN' });
    await expect(log.append([receipt('messaging', keyId)])).rejects.toMatchObject({
      reason: 'RECEIPT_KEY_UNKNOWN',
    });
  });

  it('6.8 refuses what a stolen key signs from its revocation on; what stood before stands, and shows it', async () => {
    const log = await start();
    const keys = new LoggedKeys(log, clock);
    const [stolen, next] = [SigningKey.generate(), SigningKey.generate()];
    const entry = ({ keyId, publicKey }: SigningKey) => ({ service: 'contacts', keyId, publicKey });
    await keys.note([entry(stolen)]);
    const [before] = await log.append([receipt('contacts', stolen.keyId)]);
    expect(await keys.revoke(entry(stolen))).toBe(2);
    expect(await keys.revoke(entry(stolen))).toBe(2);
    // Taken in again it would be valid again: it is known, and stays revoked, in other processes too.
    await new LoggedKeys(await start(), clock).note([entry(stolen)]);
    const late = [
      log.append([receipt('contacts', stolen.keyId)]),
      log.append([leaf(7)]),
      (await start()).append([receipt('contacts', stolen.keyId)]),
    ];
    const [first, other, second] = await Promise.allSettled(late);
    expect(other!.status).toBe('fulfilled');
    for (const refused of [first!, second!])
      expect(refused).toMatchObject({ status: 'rejected', reason: { reason: 'RECEIPT_KEY_REVOKED' } });
    await keys.note([entry(next)]);
    const [after] = await log.append([receipt('contacts', next.keyId)]);
    const proved = async (index: number) =>
      (await new ProveLeaves(log).prove([index])).leaves.map(({ data }) => {
        const { type, keys: names, previous } = JSON.parse(data.toString()) as Record<string, unknown>;
        return [type, names ?? previous];
      });
    expect(await proved(before!)).toEqual([
      ['key_added', undefined],
      ['receipt', 0],
    ]);
    expect(await proved(after!)).toEqual([
      ['key_added', undefined],
      ['key_revoked', 0],
      ['key_added', 2],
      ['receipt', 4],
    ]);
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
