import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assertSchema, migrate, provisionDatabase, rolesOf, type MigrationSource } from '@heed/postgres';
import { newId } from '@heed/kernel';
import { createTestDatabase, testPostgres, type TestDatabase } from '@heed/testing';
import pg from 'pg';

describe('migrations', () => {
  let test: TestDatabase;
  let superuserUrl: string;
  let name: string;
  let url: string;
  let folder: string;
  let source: MigrationSource;

  beforeAll(async () => {
    // Brings the roles of the service.
    test = await createTestDatabase('frame');
    superuserUrl = await testPostgres();
  });
  afterAll(() => test.drop());

  beforeEach(async () => {
    name = `heed_migrate_${newId().slice(-12)}`;
    await provisionDatabase({ superuserUrl, service: 'frame' }, name, rolesOf('frame'));
    url = test.url.replace(test.name, name);
    folder = await mkdtemp(join(tmpdir(), 'heed-migrate-'));
    source = { name: 'frame-spec', directory: pathToFileURL(`${folder}/`) };
    await write('0001_one.sql', 'create table one (id uuid primary key);');
  });
  afterEach(async () => {
    await asSuperuser(`drop database ${name} with (force)`);
    await rm(folder, { recursive: true });
  });

  const write = (file: string, sql: string, breaking = 'no') =>
    writeFile(join(folder, file), `-- breaking: ${breaking} · reason: for a spec\n${sql}\n`);
  const run = () => migrate({ service: 'frame', url, passwords: test.passwords, sources: [source] });
  const check = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: test.urlOf('service').replace(test.name, name) });
    await client.connect();
    try {
      await assertSchema(client, [source]);
    } finally {
      await client.end();
    }
  };
  async function asSuperuser(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: superuserUrl });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  it('run once, in order, the frame first', async () => {
    const applied = await run();
    expect(applied[0]).toBe('frame/0001_frame.sql');
    expect(applied.at(-1)).toBe('frame-spec/0001_one.sql');
    expect(await run()).toEqual([]);
    await write('0002_two.sql', 'create table two (id uuid primary key);');
    expect(await run()).toEqual(['frame-spec/0002_two.sql']);
    await check();
  });

  it('all of 8 installations at once succeed, and each file runs once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, run));
    expect(all.flat().sort()).toEqual((await applied()).sort());
    expect(all.filter((one) => one.length > 0)).toHaveLength(1);
  });

  async function applied(): Promise<string[]> {
    const client = new pg.Client({ connectionString: test.urlOf('owner').replace(test.name, name) });
    await client.connect();
    const { rows } = await client.query<{ key: string }>(
      `select source || '/' || name as key from heed.migration`,
    );
    await client.end();
    return rows.map((row) => row.key);
  }

  it('leave nothing of a file that fails, and say where it failed', async () => {
    await write('0002_two.sql', 'create table two (id uuid primary key);\nselect nothing_of_the_kind();');
    const failing = run();
    await expect(failing).rejects.toMatchObject({ reason: 'MIGRATION_FAILED' });
    await expect(failing).rejects.toThrow(
      /frame-spec\/0002_two\.sql: .*nothing_of_the_kind.*\(42883\) \(line 3\)/,
    );
    expect(await applied()).not.toContain('frame-spec/0002_two.sql');
    await write('0002_two.sql', 'create table two (id uuid primary key);');
    expect(await run()).toEqual(['frame-spec/0002_two.sql']);
  });

  it('do not quote a row that stood in the way', async () => {
    await write(
      '0002_two.sql',
      `create table two (mail text unique); insert into two values ('ada@example.org'), ('ada@example.org');`,
    );
    const error = (await run().catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toContain('23505');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('ada@');
  });

  it('are history: a file that was altered is refused', async () => {
    await run();
    await write('0001_one.sql', 'create table one (id uuid primary key, more text);');
    await expect(run()).rejects.toMatchObject({ reason: 'MIGRATION_ALTERED' });
    await expect(check()).rejects.toMatchObject({ reason: 'MIGRATION_ALTERED' });
  });

  it('a service refuses to serve on an older schema, and on a newer one that breaks it', async () => {
    await expect(check()).rejects.toMatchObject({ reason: 'SCHEMA_OLD' });
    await write('0002_expand.sql', 'create table two (id uuid primary key);');
    await run();
    await rm(join(folder, '0002_expand.sql'));
    await check();
    await write('0003_contract.sql', 'drop table one;', 'yes');
    await write('0002_expand.sql', 'create table two (id uuid primary key);');
    await run();
    await rm(join(folder, '0003_contract.sql'));
    await expect(check()).rejects.toMatchObject({ reason: 'SCHEMA_NEWER' });
    await expect(run()).rejects.toMatchObject({ reason: 'SCHEMA_NEWER' });
  });

  it('must say whether they break', async () => {
    await writeFile(join(folder, '0002_two.sql'), 'create table two (id uuid);');
    await expect(run()).rejects.toMatchObject({ reason: 'MIGRATION_UNMARKED' });
  });

  it('cannot end their own transaction', async () => {
    await write('0002_two.sql', 'create table two (id uuid primary key); rollback;');
    await expect(run()).rejects.toMatchObject({ reason: 'MIGRATION_FAILED' });
    expect(await applied()).not.toContain('frame-spec/0002_two.sql');
  });
});
