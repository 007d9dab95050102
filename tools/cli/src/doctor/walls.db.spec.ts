import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import pg from 'pg';
import { wallFindings } from './walls.js';

describe('I5 what doctor sees of the ways round the fence', () => {
  let test: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    test = await createTestDatabase('frame', []);
    client = new pg.Client({ connectionString: test.superuserUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await test?.drop();
  });

  /** What is not well in the database after `sql`, which is undone again. */
  async function after(sql: string): Promise<Record<string, string>> {
    await client.query('begin');
    try {
      await client.query(sql);
      const findings = await wallFindings('frame', client);
      return Object.fromEntries(
        findings.filter(({ severity }) => severity !== 'ok').map(({ about, found }) => [about, found]),
      );
    } finally {
      await client.query('rollback');
    }
  }

  it('none where the helpers made everything', async () => {
    expect(await after('select 1')).toEqual({});
  });

  it.each([
    [
      'a role that works as a replica',
      'alter role frame_service set session_replication_role = replica',
      { 'frame session_replication_role': 'frame_service' },
    ],
    [
      'a role that may make itself one',
      'grant set on parameter session_replication_role to frame_eraser',
      { 'frame right to set session_replication_role': 'frame_eraser' },
    ],
    [
      'a subscriber that was promoted',
      `select pg_replication_origin_create('crm')`,
      { 'frame replication origins': 'crm' },
    ],
    [
      'a key that is not enforced',
      `create table heed.visit (tenant_id uuid, contact_id uuid, subject_live boolean default true,
         constraint visit_fence foreign key (tenant_id, contact_id, subject_live)
           references heed.subject (tenant_id, subject_id, live) not enforced);
       alter table heed.visit enable row level security, force row level security`,
      { 'frame fence': 'heed.visit.visit_fence' },
    ],
    [
      'triggers switched off',
      `create table heed.visit (tenant_id uuid, contact_id uuid, subject_live boolean default true,
         constraint visit_fence foreign key (tenant_id, contact_id, subject_live)
           references heed.subject (tenant_id, subject_id, live));
       alter table heed.visit enable row level security, force row level security, disable trigger all`,
      { 'frame fence': expect.stringContaining('heed.visit.RI_') },
    ],
  ])('%s', async (_, sql, found) => {
    expect(await after(sql)).toEqual(found);
  });
});
