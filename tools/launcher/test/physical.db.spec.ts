import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventMigrations } from '@heed/events';
import { SigningKey } from '@heed/kernel';
import { databasesOf, migrate, provisionDatabase, provisionRoles, rolesOf } from '@heed/postgres';
import pg from 'pg';
import { restoredBeside, serverPlace, stopServer, type ServerPlace } from '../src/parts/embedded-postgres.js';
import { resolvePostgres, type PostgresPart } from '../src/parts/postgres.js';
import { copyServer, type ServerCopy } from '../src/physical/copy-server.js';
import { readPhysicalRecord, SERVER, writePhysicalRecord } from '../src/physical/physical-record.js';
import { markAll } from '../src/physical/physical-restore.js';
import { restoreServer } from '../src/physical/restore-server.js';

const LABEL = { label: 'a spec', throwAway: true };
const passwords = 'only for tests';

/** A server of its own: it is copied as a whole, and stopped. */
describe('a physical backup of a server that is written to', () => {
  const key = SigningKey.generate();
  const now = new Date();
  let folder: string;
  let server: PostgresPart;
  let place: ServerPlace;
  let copy: ServerCopy;
  let backup: string;
  /** The last number that was known to be committed when the copy began to end, and when it had. */
  let seen: { before: number; after: number };

  const options = () => ({
    dataDir: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    env: { PATH: process.env.PATH },
    throwAway: true,
  });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'heed-physical-'));
    chmodSync(folder, 0o711);
    server = await resolvePostgres(options());
    place = serverPlace(options().dataDir);
    const contacts = { superuserUrl: server.url, service: 'contacts', passwords };
    const { main } = databasesOf('contacts');
    await provisionRoles(contacts);
    await provisionDatabase(contacts, main, rolesOf('contacts'));
    const url = new URL(`/${main}`, server.url).href;
    await migrate({ service: 'contacts', url, passwords, sources: [eventMigrations] });
    const load = await writing(server.url);
    backup = join(folder, 'backup');
    copy = await copyServer(server.url, join(backup, SERVER), LABEL);
    seen = { before: load.committedBy(copy.takenAt), after: await load.stop() };
    const expiresAt = new Date(now.getTime() + 7 * 86_400_000).toISOString();
    const { takenAt } = copy;
    writePhysicalRecord(
      backup,
      { format: 'heed-physical-backup/1', backupId: 'b', takenAt, expiresAt, server: copy, services: [] },
      key,
    );
  });

  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('leaves nothing behind on the server: no slot that holds its log', async () => {
    const left = `select count(*)::int as slots from pg_replication_slots`;
    expect(await rows(server.url, left)).toEqual([{ slots: 0 }]);
  });

  it('is given up where more is written meanwhile than may be kept, and leaves no slot then either', async () => {
    const most = { ...LABEL, mostWalBytes: 0 };
    await expect(copyServer(server.url, join(folder, 'third'), most)).rejects.toThrow(/more than 0/);
    expect(await rows(server.url, 'select count(*)::int as slots from pg_replication_slots')).toEqual([
      { slots: 0 },
    ]);
  });

  describe('is looked through before anything is touched', () => {
    it('and taken when it is whole', async () => {
      expect((await readPhysicalRecord(backup, { key, now })).server).toEqual(copy);
    });

    it('refused when it is half, of another installation, or expired', async () => {
      const half = join(folder, 'half');
      cpSync(join(backup, SERVER, 'global'), join(half, SERVER, 'global'), { recursive: true });
      await expect(readPhysicalRecord(half, { key, now })).rejects.toThrow(
        /no physical backup that was finished/,
      );
      const other = SigningKey.generate();
      await expect(readPhysicalRecord(backup, { key: other, now })).rejects.toThrow(
        /not made by this installation/,
      );
      const later = new Date(now.getTime() + 8 * 86_400_000);
      await expect(readPhysicalRecord(backup, { key, now: later })).rejects.toThrow(/has expired/);
    });

    it('refused when a byte is not the one that was written, or a file is missing', async () => {
      const path = join(backup, SERVER, copy.files.find(({ bytes }) => bytes > 0)!.path);
      const whole = readFileSync(path);
      const flipped = Buffer.from(whole);
      flipped[flipped.length - 1] = flipped.at(-1)! ^ 1;
      writeFileSync(path, flipped);
      await expect(readPhysicalRecord(backup, { key, now })).rejects.toThrow(
        /damaged: .* is not what was written/,
      );
      rmSync(path);
      await expect(readPhysicalRecord(backup, { key, now })).rejects.toThrow(/damaged: .* is missing/);
      writeFileSync(path, whole);
    });
  });

  describe('put back', () => {
    let aside: string | undefined;

    beforeAll(async () => {
      await rows(server.url, 'create table written_after_the_backup ()');
      await stopServer(server.pid as number);
      aside = await restoreServer(place, copy, {
        ...{ from: join(backup, SERVER), password: place.password, now, throwAway: true },
        logFile: join(folder, 'restore.log'),
        mark: (url) => markAll(url, ['contacts'], copy.takenAt),
      });
      server = await resolvePostgres(options());
    });

    it('holds every row that was committed before it ended, and nothing after, whole in table and index', async () => {
      const [found] = await rows(
        server.url,
        `select count(*)::int as count, max(n)::int as last, to_regclass('written_after_the_backup') as later from load`,
      );
      expect(found).toMatchObject({ later: null });
      expect(found!['count']).toBe(found!['last']);
      expect(found!['last']).toBeGreaterThanOrEqual(seen.before);
      expect(found!['last']).toBeLessThanOrEqual(seen.after);
      const [torn] = await rows(
        server.url,
        `select count(*)::int as torn from load a full join load_copy b using (n) where a.n is null or b.n is null or a.filling <> b.filling`,
      );
      expect(torn).toEqual({ torn: 0 });
    });

    it('wakes up in quarantine', async () => {
      const main = new URL(`/${databasesOf('contacts').main}`, server.url).href;
      expect(await rows(main, 'select reason, restored_to from heed.quarantine')).toEqual([
        { reason: 'RESTORED_FROM_BACKUP', restored_to: new Date(copy.takenAt) },
      ]);
    });

    it('has the databases that were there put aside, whole', () => {
      expect(aside).toMatch(/\.replaced-/);
      expect(existsSync(join(aside!, 'PG_VERSION'))).toBe(true);
    });

    it('is finished by the next start where it was killed between putting aside and putting in place', async () => {
      await stopServer(server.pid as number);
      renameSync(place.dataDir, restoredBeside(place.dataDir));
      server = await resolvePostgres(options());
      expect(await rows(server.url, 'select count(*) > 0 as there from load')).toEqual([{ there: true }]);
    });
  });
});

interface Load {
  /** The last number whose commit had been confirmed by then. */
  committedBy(time: string): number;
  /** The last number. */
  stop(): Promise<number>;
}

/**
 * Each transaction writes the same into two tables, new rows and old ones. Again and again the log is cut and a
 * checkpoint made: what nobody holds of it is recycled then.
 */
async function writing(url: string): Promise<Load> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(
    `create table load (n int primary key, filling text); create table load_copy (n int primary key, filling text)`,
  );
  const confirmed: number[] = [];
  let asked = false;
  const write = async (n: number): Promise<void> => {
    const filling = `'${String(n).repeat(100)}'`;
    const old = `where n between ${n} - 40 and ${n} - 20`;
    const both = ['load', 'load_copy'].map(
      (table) =>
        `insert into ${table} values (${n}, ${filling}); update ${table} set filling = ${filling} ${old};`,
    );
    await client.query(`begin; ${both.join(' ')} commit`);
    confirmed.push(Date.now());
    if (n % 50 === 0 && n <= 150) await client.query('select pg_switch_wal()');
    if (n % 50 === 0 && n <= 150) await client.query('checkpoint');
  };
  await write(1);
  const running = (async () => {
    for (let n = 2; !asked; n += 1) await write(n);
  })();
  return {
    committedBy: (time) => confirmed.filter((at) => at < Date.parse(time)).length,
    stop: async () => {
      asked = true;
      await running.finally(() => client.end());
      return confirmed.length;
    },
  };
}

async function rows(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
