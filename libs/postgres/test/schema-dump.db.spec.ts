import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { schemaDump, serverSettings } from '@heed/postgres';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import pg from 'pg';

const source = { name: 'people', directory: new URL('migrations/', import.meta.url) };

describe('the dump of a schema', () => {
  let one: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    one = await createTestDatabase('contacts', [source]);
    client = new pg.Client({ connectionString: one.superuserUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await one.drop();
  });

  async function after(sql: string): Promise<string> {
    await client.query('begin');
    try {
      await client.query(sql);
      return await schemaDump(client);
    } finally {
      await client.query('rollback');
    }
  }

  it('is the same from two databases, for every role, and whatever partitions there are', async () => {
    const dump = await schemaDump(client);
    const two = await createTestDatabase('contacts', [source]);
    expect(await schemaDump(two.open().pool('service'))).toBe(dump);
    await two.drop();
    expect(await after(`select heed.ensure_day_partitions('permit', '2026-11-23', 5)`)).toBe(dump);
  });

  it('says what protects a table', async () => {
    const dump = await schemaDump(client);
    const block = dump.slice(
      dump.indexOf('create table public.note ('),
      dump.indexOf('create table public.permit ('),
    );
    expect(block).toContain(`generated always as (\nCASE\n`);
    expect(block).toContain('  body text /* no statistics */');
    expect(block).toContain(
      '  constraint note_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)',
    );
    expect(block).toContain('row level security, forced');
    expect(block).toContain(
      'restrictive policy retained_hidden for * to contacts_bus, contacts_import, contacts_relay, contacts_service using (retained_under IS NULL) check',
    );
    expect(block).toContain(
      'grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: delete, insert, select, update',
    );
  });

  it.each([
    'alter table list add column note text',
    'alter table note drop constraint note_anonymous',
    'alter table list disable row level security',
    'alter policy tenant_wall on list using (true)',
    'grant select on list to contacts_relay',
    'grant update (name) on list to contacts_relay',
    'drop index endpoint_address',
    'create or replace function heed.guard_subject() returns trigger language plpgsql as $$ begin return new; end $$',
    'drop trigger guard_update on heed.subject',
    "create type colour as enum ('red')",
    'create view people as select * from endpoint',
  ])('changes after: %s', async (sql) => {
    expect(await after(sql)).not.toBe(await schemaDump(client));
  });

  it('a database that we provisioned keeps values out of the log of PostgreSQL', async () => {
    const settings = await serverSettings(one.open().pool('service'));
    expect(settings.loud).toEqual([]);
    expect(settings.version).toMatch(/^18/);
    expect(settings.rpoZero).toBe(false);
  });
});
