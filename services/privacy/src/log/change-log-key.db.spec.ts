import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { dataRightsMigrations } from '@heed/data-rights';
import { canonicalJson, SigningKey } from '@heed/kernel';
import { UnitOfWork, type Database } from '@heed/postgres';
import { logger } from '@heed/telemetry';
import { createTestDatabase, TestClock, type TestDatabase } from '@heed/testing';
import { followLogKey, openCheckpoint, readVerifierKey } from '@heed/verifier';
import { ChangeLogKey } from './change-log-key.js';
import { LogKey } from './checkpoint.js';
import { ListLogKeys } from './list-log-keys.js';
import { nextKeyFile } from './log-settings.js';
import { LogKeyRing } from './log-signers.js';
import { TransparencyLog } from './transparency-log.js';

const own = { name: 'privacy', directory: new URL('../../migrations/', import.meta.url) };
const ORIGIN = 'heed.test/log';
const leaf = (n: number) => Buffer.from(canonicalJson({ commitment: String(n), type: 'request_closed' }));

describe('the key of the log', () => {
  let test: TestDatabase;
  let database: Database;
  let uow: UnitOfWork;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    test = await createTestDatabase('privacy', [dataRightsMigrations, own]);
    database = test.open();
    uow = new UnitOfWork(database);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });
  beforeEach(async () => {
    await database
      .pool('owner')
      .query(
        'truncate log_leaf, log_key, log_signer, log_checkpoint, log_origin, log_again, log_cosignature',
      );
    if (folder) rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'heed-log-key-'));
    file = join(folder, 'log.pem');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A process: what it finds in the files, and what it does before it serves. */
  async function start({ changes = true } = {}) {
    const keyOf = (path: string) => new LogKey(ORIGIN, SigningKey.load(path, { create: path === file }));
    const next = nextKeyFile(file);
    const ring = new LogKeyRing(keyOf(file), existsSync(next) ? keyOf(next) : undefined);
    const lines = logger({ service: 'privacy' }, { write: () => undefined });
    const log = new TransparencyLog(uow, ring, new TestClock(), lines);
    const settings = { HEED_ENV: 'test', HEED_LOG_KEY_FILE: file, HEED_LOG_ORIGIN: ORIGIN };
    const change = new ChangeLogKey(log, settings, new TestClock(), lines);
    await log.onModuleInit();
    if (changes) await change.onApplicationBootstrap();
    return { log, change, ring, list: () => new ListLogKeys(log).list() };
  }
  const layNextKey = () => {
    const key = SigningKey.generate();
    writeFileSync(nextKeyFile(file), key.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string);
    return new LogKey(ORIGIN, key).vkey;
  };
  const types = async () => {
    const { rows } = await database
      .pool('owner')
      .query<{ data: Buffer }>('select data from log_leaf order by index');
    return rows.map(({ data }) => (JSON.parse(data.toString()) as { type: string }).type);
  };
  const signedBy = (note: string, vkey: string) => {
    try {
      return openCheckpoint(note, readVerifierKey(vkey)).size;
    } catch (error) {
      return (error as { reason: string }).reason;
    }
  };

  it('is the first leaf of a new log, once', async () => {
    const { ring } = await start();
    await start();
    expect(await types()).toEqual(['log_key_added']);
    const [key] = await (await start()).list();
    expect(key).toMatchObject({ vkey: ring.current.vkey, follows: '', leafIndex: 0n, proof: [] });
    expect(signedBy(key!.checkpoint, ring.current.vkey)).toBe(1);
  });

  it('is followed by one that it names: its last checkpoint is over that leaf, all later ones are the other key’s', async () => {
    const before = await start();
    await before.log.append([leaf(1)]);
    const old = await before.log.vkey();
    const noteBefore = (await before.log.checkpoint()).note;
    const next = layNextKey();
    const after = await start();
    await after.log.append([leaf(2)]);
    expect(await types()).toEqual([
      ...['log_key_added', 'request_closed', 'log_key_added', 'log_key_retired', 'request_closed'],
    ]);
    expect(await after.log.vkey()).toBe(next);
    const { rows } = await database
      .pool('owner')
      .query<{ size: string; note: string }>(
        'select size, note from log_checkpoint where size > 0 order by size',
      );
    expect(rows.map(({ note }) => signedBy(note, old))).toEqual([
      1,
      2,
      3,
      'CHECKPOINT_NOT_SIGNED',
      'CHECKPOINT_NOT_SIGNED',
    ]);
    expect(rows.map(({ note }) => signedBy(note, next)).slice(3)).toEqual([4, 5]);
    // What was proved before still is, by the key that proved it, and by no other.
    expect([signedBy(noteBefore, old), signedBy(noteBefore, next)]).toEqual([2, 'CHECKPOINT_NOT_SIGNED']);
    // The file has changed places; the next start finds nothing to do.
    expect(existsSync(nextKeyFile(file))).toBe(false);
    const again = await start();
    expect([await again.log.vkey(), (await types()).length]).toEqual([next, 5]);
    expect((await again.log.checkpoint()).tree.consistencyProof(2, 5)).not.toEqual([]);
  });

  it('can be followed from the first to the latest by whoever holds the first alone', async () => {
    let vkey = await (await start()).log.vkey();
    const made = [vkey];
    for (let i = 0; i < 2; i++) {
      await (await start()).log.append([leaf(i)]);
      made.push(layNextKey());
      await start();
    }
    const keys = await (await start()).list();
    expect(keys.map((key) => key.vkey)).toEqual(made);
    const change = (key: (typeof keys)[number]) => ({ ...key, leafIndex: Number(key.leafIndex) });
    for (const key of keys.slice(1)) vkey = followLogKey(vkey, change(key));
    expect(vkey).toBe(made.at(-1));
    const [, second, third] = keys.map(change) as [
      never,
      ReturnType<typeof change>,
      ReturnType<typeof change>,
    ];
    const refused = (from: string, what: ReturnType<typeof change>) => {
      try {
        return followLogKey(from, what);
      } catch (error) {
        return (error as { reason: string }).reason;
      }
    };
    // A step left out, another key put into the leaf, another leaf of the same tree.
    expect(refused(made[0]!, third)).toBe('CHECKPOINT_NOT_SIGNED');
    const forged = Buffer.from(second.leaf.toString().replace(made[1]!, made[2]!));
    expect(refused(made[0]!, { ...second, leaf: forged })).toBe('LOG_KEY_NOT_FOLLOWED');
    expect(refused(made[0]!, { ...second, leafIndex: 0 })).toBe('LOG_KEY_NOT_FOLLOWED');
  });

  it('changes whole, wherever a process dies on the way', async () => {
    await start();
    const old = (await start()).ring.current.vkey;
    const next = layNextKey();
    // Leaves are there, and nothing is signed: the process died behind the commit, at each of the two leaves.
    for (const dies of ['log_key_added', 'log_key_retired']) {
      const dying = await start({ changes: false });
      const died = new Error('killed');
      const sequenced = dying.log.sequenced.bind(dying.log);
      dying.log.sequenced = (work) =>
        sequenced((alone) =>
          work({
            ...alone,
            write: (leaves) => {
              const isLast = leaves.some(
                (data) => data.includes(dies) && data.includes(dies === 'log_key_added' ? next : old),
              );
              if (isLast) stopSigning(dying.log, died);
              return alone.write(leaves);
            },
          }),
        );
      await expect(dying.change.onApplicationBootstrap()).rejects.toBe(died);
    }
    const last = await start();
    expect(await types()).toEqual(['log_key_added', 'log_key_added', 'log_key_retired']);
    const keys = await last.list();
    expect(followLogKey(old, { ...keys[1]!, leafIndex: 1 })).toBe(next);
    expect(signedBy((await last.log.checkpoint()).note, next)).toBe(3);
    expect(existsSync(nextKeyFile(file))).toBe(false);
  });

  it('lets nobody sign who has another one, and no process go on with the one that left', async () => {
    const stale = await start();
    layNextKey();
    await start();
    await expect(stale.log.append([leaf(7)])).rejects.toMatchObject({ reason: 'LOG_KEY_NOT_HELD' });
    rmSync(file);
    await expect(start()).rejects.toMatchObject({ reason: 'LOG_KEY_NOT_HELD' });
  });
});

/** From here on this log signs nothing more. */
function stopSigning(log: TransparencyLog, error: Error): void {
  (log as unknown as { sign: () => Promise<void> }).sign = () => Promise.reject(error);
}
