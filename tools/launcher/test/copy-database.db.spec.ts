import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, SigningKey } from '@heed/kernel';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import pg from 'pg';
import { readRecord, writeRecord, type BackupRecord } from '../src/backup/backup-record.js';
import { cursorsIn, gapOf } from '../src/backup/demand-log.js';
import { dumpDatabase, type DatabaseCopy } from '../src/backup/dump-database.js';
import { loadDatabase } from '../src/backup/load-database.js';
import { markRestored } from '../src/backup/mark-restored.js';
import { migrationsOfDatabase } from '../src/backup/migrations-of-database.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const tenant = newId();
const [alive, erased] = [newId(), newId()];
const LONG_AGO = '2026-01-05T00:00:00Z';

describe('a copy of a database', () => {
  let folder: string;
  let source: TestDatabase;
  let target: TestDatabase;
  let from: pg.Client;
  let into: pg.Client;
  let copy: DatabaseCopy;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'heed-backup-'));
    const migrations = await migrationsOfDatabase(root, 'contacts', 'main');
    [source, target] = await Promise.all([
      createTestDatabase('contacts', migrations),
      createTestDatabase('contacts', migrations),
    ]);
    [from, into] = [new pg.Client(source.superuserUrl), new pg.Client(target.superuserUrl)];
    await Promise.all([from.connect(), into.connect()]);
    await given(from);
    copy = await dumpDatabase(source.urlOf('backup'), join(folder, 'database'));
    // What the other database has of its own must not survive.
    await into.query(`insert into heed.subject (tenant_id, subject_id) values ($1, $2)`, [tenant, newId()]);
    await loadDatabase(target.superuserUrl, join(folder, 'database'), copy);
  });

  afterAll(async () => {
    await Promise.all([from?.end(), into?.end()]);
    await Promise.all([source?.drop(), target?.drop()]);
    rmSync(folder, { recursive: true });
  });

  it('holds every row of every table, as it was, in partitions of days long gone too', async () => {
    expect(copy.tables.length).toBeGreaterThan(30);
    for (const { schema, name, columns } of copy.tables) {
      const rows = `select md5(t::text) from (select ${columns.filter((c) => c !== 'xid').map((c) => `"${c}"`)} from ${schema}.${name}) t order by 1`;
      if (name === 'relay_cursor') continue;
      expect((await into.query(rows)).rows).toEqual((await from.query(rows)).rows);
    }
    const { rows } = await into.query(`select tableoid::regclass::text as part from permit`);
    expect(rows).toEqual([{ part: 'permit_d20260105' }]);
  });

  it('goes on counting where the other had come to', async () => {
    const next = `select nextval(pg_get_serial_sequence('heed.outbox', 'seq'))::int as n`;
    expect((await into.query(next)).rows).toEqual((await from.query(next)).rows);
  });

  it('5.2 keeps the fence: who was erased stays erased, and nothing about them comes in', async () => {
    const insert = `insert into contact (tenant_id, contact_id, source, created_at, updated_at)
      values ($1, $2, 'api', now(), now())`;
    await expect(into.query(insert, [tenant, erased])).rejects.toMatchObject({
      constraint: 'contact_contact_id_fence',
    });
    await expect(
      into.query('update heed.subject set live = true where subject_id = $1', [erased]),
    ).rejects.toMatchObject({ constraint: 'subject_live_never_rises' });
    const { rows } = await into.query(
      `select count(*)::int as open from pg_constraint where contype = 'f' and not (convalidated and conenforced)`,
    );
    expect(rows).toEqual([{ open: 0 }]);
  });

  it('sends what had not been sent, and nothing else', async () => {
    const { rows } = await into.query(
      `select o.key from heed.outbox o, heed.relay_cursor c
       where not pg_visible_in_snapshot(o.xid, c.position::pg_snapshot)`,
    );
    expect(rows).toEqual([{ key: 'not yet sent' }]);
  });

  it('wakes up in quarantine', async () => {
    const record = { takenAt: LONG_AGO } as BackupRecord;
    await markRestored(into, record);
    const { rows } = await into.query(`select reason, restored_to from heed.quarantine`);
    expect(rows).toEqual([{ reason: 'RESTORED_FROM_BACKUP', restored_to: new Date(LONG_AGO) }]);
  });

  it('is refused where a row names somebody who is not in it', async () => {
    const broken = await createTestDatabase('contacts', await migrationsOfDatabase(root, 'contacts', 'main'));
    try {
      const subjects = copy.tables.find(({ name }) => name === 'subject')!;
      const without = { ...copy, tables: copy.tables.filter((table) => table !== subjects) };
      await expect(
        loadDatabase(broken.superuserUrl, join(folder, 'database'), without),
      ).rejects.toMatchObject({
        code: '23503',
      });
    } finally {
      await broken.drop();
    }
  });

  it('tells from where each consumer would have to read on', async () => {
    expect(await cursorsIn({ database: copy }, folder)).toEqual([
      { consumer: 'contacts.orders', topic: 'heed.privacy.order.v1', partition: 1, position: '17' },
    ]);
  });

  it('9.1 is refused where the log begins later by now, ends sooner, or is gone', () => {
    const then = {
      consumer: 'contacts.orders',
      topic: 'heed.privacy.order.v1',
      partition: 1,
      position: '17',
    };
    expect(gapOf(then, { low: 18n, high: 40n })).toMatch(/begins at 18 now: what lay between is gone/);
    expect(gapOf(then, { low: 0n, high: 16n })).toMatch(/ends at 16 now: it is another one/);
    expect(gapOf(then, undefined)).toMatch(/is there no more/);
    expect(gapOf(then, { low: 17n, high: 17n })).toBeUndefined();
    expect(gapOf({ ...then, position: '0' }, undefined)).toBeUndefined();
  });

  describe('is looked through before anything is touched', () => {
    const key = SigningKey.generate();
    const expected = { service: 'contacts', kind: 'main', key } as const;
    const record = (): BackupRecord => ({
      ...{ format: 'heed-backup/1', kind: 'main', service: 'contacts', backupId: 'b', takenAt: LONG_AGO },
      ...{ database: copy, objects: [] },
    });

    it('and taken when it is whole', async () => {
      writeRecord(folder, record(), key);
      expect(await readRecord(folder, expected)).toEqual(record());
    });

    it('refused when it is of another installation, another service, or was changed', async () => {
      writeRecord(folder, record(), SigningKey.generate());
      await expect(readRecord(folder, expected)).rejects.toThrow(/not made by this installation/);
      writeRecord(folder, record(), key);
      await expect(readRecord(folder, { ...expected, service: 'privacy' })).rejects.toThrow(/of contacts/);
      const file = join(folder, 'backup.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace(LONG_AGO, '2026-02-05T00:00:00Z'));
      await expect(readRecord(folder, expected)).rejects.toThrow(/or was changed/);
    });

    it('refused when a file is damaged or missing', async () => {
      writeRecord(folder, record(), key);
      const file = join(folder, 'database', copy.tables[0]!.file);
      const whole = readFileSync(file);
      writeFileSync(file, whole.subarray(1));
      await expect(readRecord(folder, expected)).rejects.toThrow(/damaged: .* is not what was written/);
      rmSync(file);
      await expect(readRecord(folder, expected)).rejects.toThrow(/damaged: .* is missing/);
      writeFileSync(file, whole);
    });
  });
});

/** Someone alive and someone erased, a permit of a day that is over, an event that was sent and one that was not. */
async function given(client: pg.Client): Promise<void> {
  await client.query(
    `insert into heed.subject (tenant_id, subject_id, live, sequence) values ($1, $2, true, 7), ($1, $3, false, 9)`,
    [tenant, alive, erased],
  );
  await client.query(
    `insert into contact (tenant_id, contact_id, first_name, last_name, source, created_at, updated_at)
     values ($1, $2, e'tab\\there', e'line\\nand \\\\ slash', 'api', now(), now())`,
    [tenant, alive],
  );
  await client.query(`select heed.ensure_day_partitions('permit', $1, 1)`, [LONG_AGO]);
  await client.query(
    `insert into permit (tenant_id, permit_id, attempt_id, contact_id, endpoint_id, channel, purpose, day, issued_at,
       issued_to, lifetime_ms, nonce, endpoint_hash, address_salt, rule_version)
     values ($1, gen_random_uuid(), gen_random_uuid(), $2, gen_random_uuid(), 'email', 'newsletter', $3, $3,
       'messaging', 1000, '\\x00112233445566778899aabbccddeeff', '\\x01', '\\x02', 'v1')`,
    [tenant, alive, LONG_AGO],
  );
  const event = `insert into heed.outbox (tenant_id, id, type, topic, shard, key, occurred_at, payload)
    values ($1, gen_random_uuid(), 'T', 'heed.contacts.consent.v1', 0, $2, now(), '\\x00ff')`;
  await client.query(event, [tenant, 'sent']);
  await client.query(`update heed.relay_cursor set position = pg_current_snapshot()::text`);
  await client.query(event, [tenant, 'not yet sent']);
  await client.query(
    `insert into heed.inbox_cursor (consumer, topic, partition, position, moved_at)
     values ('contacts.orders', 'heed.privacy.order.v1', 1, '17', now())`,
  );
}
