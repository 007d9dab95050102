import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  checkCatalogue,
  checkJsonKeys,
  declareStore,
  fidesDatasets,
  manifestOf,
  type Manifest,
} from '@heed/data-map';
import { newId } from '@heed/kernel';
import { entityShapes, infrastructureOfFrame } from '@heed/postgres';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import pg from 'pg';
import { Endpoint, List, Message } from './people.entity.js';

describe('the check of the data map against the live catalogue', () => {
  let test: TestDatabase;
  let client: pg.Client;
  let manifest: Manifest;

  beforeAll(async () => {
    test = await createTestDatabase('frame', [
      { name: 'tables', directory: new URL('migrations/', import.meta.url) },
    ]);
    manifest = manifestOf({
      service: 'frame',
      entities: await entityShapes([List, Endpoint, Message]),
      infrastructure: infrastructureOfFrame,
    });
    client = new pg.Client({ connectionString: test.superuserUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await test.drop();
  });

  /** What the check says of a database after `sql`, which is undone again. */
  async function after(sql: string, known: Manifest = manifest): Promise<string[]> {
    await client.query('begin');
    try {
      await client.query(sql);
      return (await checkCatalogue(client, known)).map(({ code, where }) => `${code} ${where}`);
    } finally {
      await client.query('rollback');
    }
  }

  it('finds nothing in what the helpers make', async () => {
    expect(await checkCatalogue(client, manifest)).toEqual([]);
  });

  it('gives any role the same answer', async () => {
    for (const role of ['service', 'eraser', 'probe'] as const) {
      const other = new pg.Client({ connectionString: test.urlOf(role) });
      await other.connect();
      expect(await checkCatalogue(other, manifest)).toEqual([]);
      await other.end();
    }
  });

  it.each<[string, string, string]>([
    [
      'a job queue in a schema of its own',
      'create schema jobs; create table jobs.job (payload json)',
      'UNDECLARED_TABLE jobs.job',
    ],
    [
      'a column that somebody added',
      'alter table endpoint add column nickname text',
      'UNDECLARED_COLUMN public.endpoint.nickname',
    ],
    ['a table that is gone', 'drop table list', 'MISSING_TABLE public.list'],
    ['a column that is gone', 'alter table list drop column name', 'MISSING_COLUMN public.list.name'],
    [
      'a materialized copy',
      'create materialized view copy as select * from endpoint',
      'UNDECLARED_TABLE public.copy',
    ],
    [
      'a view that reads as its owner',
      'create view people as select * from endpoint',
      'VIEW_PAST_THE_WALL public.people',
    ],
    [
      'a table that an extension brought',
      `create extension pg_trgm; create table public.queue (payload text); alter extension pg_trgm add table public.queue`,
      'UNDECLARED_TABLE public.queue',
    ],
    [
      'a foreign table',
      `create extension file_fdw; create server files foreign data wrapper file_fdw;
       create foreign table leads (address text) server files options (filename '/dev/null')`,
      'UNDECLARED_TABLE public.leads',
    ],
    ['a sequence of its own', 'create sequence customers', 'UNDECLARED_SEQUENCE public.customers'],
    [
      'a comment that tells of somebody',
      `comment on column list.name is 'as ada@example.org wanted it'`,
      'COMMENT_ABOUT_SOMEBODY public.list.name',
    ],
    ['row-level security off', 'alter table list disable row level security', 'NO_ROW_SECURITY public.list'],
    [
      'row-level security off in one partition',
      'alter table message_d20261124 disable row level security',
      'NO_ROW_SECURITY public.message_d20261124',
    ],
    [
      'row-level security not forced',
      'alter table list no force row level security',
      'ROW_SECURITY_NOT_FORCED public.list',
    ],
    [
      'a partition without the policy',
      'drop policy tenant_wall on message_d20261123',
      'NO_POLICY public.message_d20261123',
    ],
    [
      'a policy that was widened',
      'alter policy tenant_wall on list using (true)',
      'POLICY_ALTERED public.list tenant_wall',
    ],
    [
      'a second permissive policy',
      'create policy all_of_it on endpoint using (true)',
      'UNKNOWN_POLICY public.endpoint all_of_it',
    ],
    [
      'a partition granted by its own name',
      'grant select on message_d20261123 to frame_service',
      'PARTITION_GRANTED public.message_d20261123',
    ],
    [
      'a unique key without the tenant',
      'create unique index by_name on list (name)',
      'KEY_WITHOUT_TENANT public.list by_name',
    ],
    [
      'a foreign key without the tenant',
      'alter table list add unique (list_id); alter table list add constraint up foreign key (list_id) references list (list_id)',
      'FOREIGN_KEY_WITHOUT_TENANT public.list up',
    ],
    [
      'a dropped fence',
      'alter table endpoint drop constraint endpoint_contact_id_fence',
      'NO_FENCE public.endpoint.contact_id',
    ],
    [
      'a dropped fence of the second person',
      'alter table message drop constraint message_agent_id_fence',
      'NO_FENCE public.message.agent_id',
    ],
    [
      'a retained row that could name nobody',
      'alter table message drop constraint message_contact_id_known',
      'NO_KNOWN_SUBJECT public.message.contact_id',
    ],
    [
      'a deferrable fence',
      'alter table endpoint alter constraint endpoint_contact_id_fence deferrable',
      'FENCE_DEFERRABLE public.endpoint endpoint_contact_id_fence',
    ],
    [
      'a fence that is not enforced',
      'alter table endpoint alter constraint endpoint_contact_id_fence not enforced',
      'FENCE_OFF public.endpoint endpoint_contact_id_fence',
    ],
    [
      'triggers switched off, as a restore does',
      'alter table endpoint disable trigger all',
      'FENCE_OFF public.endpoint endpoint_contact_id_fence',
    ],
    [
      'the guard of the subjects switched off',
      'alter table heed.subject disable trigger guard_update',
      'FENCE_OFF heed.subject guard_update',
    ],
    ['retained rows shown', 'drop policy retained_hidden on message', 'RETAINED_VISIBLE public.message'],
    [
      'an anonymised row that takes text again',
      'alter table message drop constraint message_anonymous',
      'NO_ANONYMOUS_CHECK public.message.body',
    ],
    [
      'a subject without its index',
      'drop index endpoint_contact_id_idx',
      'NO_SUBJECT_INDEX public.endpoint.contact_id',
    ],
    [
      'statistics of a personal column',
      'alter table endpoint alter column address set statistics 100',
      'PERSONAL_STATISTICS public.endpoint.address',
    ],
    [
      'statistics in one partition',
      'alter table message_d20261123 alter column body set statistics default',
      'PERSONAL_STATISTICS public.message_d20261123.body',
    ],
    [
      'statistics of an expression',
      'create index by_domain on endpoint (tenant_id, upper(address))',
      'PERSONAL_STATISTICS public.endpoint by_domain',
    ],
    [
      'extended statistics',
      'create statistics pair on contact_id, address from endpoint',
      'PERSONAL_STATISTICS public.endpoint pair',
    ],
    [
      'a role that passes row-level security',
      'create role intruder_of_frame_spec bypassrls',
      'ROLE_PAST_THE_WALL intruder_of_frame_spec',
    ],
    ['large objects', 'select lo_create(0)', 'UNDECLARED_LARGE_OBJECTS pg_largeobject'],
    [
      'statistics that ANALYZE had kept before',
      `insert into heed.subject values (gen_random_uuid(), gen_random_uuid());
       insert into endpoint select tenant_id, gen_random_uuid(), subject_id, 'ada@example.org' from heed.subject;
       alter table endpoint alter column address set statistics 100; analyze endpoint;
       alter table endpoint alter column address set statistics 0`,
      'PERSONAL_STATISTICS public.endpoint.address',
    ],
    [
      'a function that runs as its owner',
      `create function peek() returns bigint security definer language sql return (select count(*) from endpoint)`,
      'FUNCTION_PAST_THE_WALL public.peek',
    ],
  ])('4.1 finds %s', async (_, sql, finding) => {
    expect(await after(sql)).toContain(finding);
  });

  it('4.2 heed.personal clears what ANALYZE had kept', async () => {
    const kept = `insert into heed.subject values (gen_random_uuid(), gen_random_uuid());
      insert into endpoint select tenant_id, gen_random_uuid(), subject_id, 'ada@example.org' from heed.subject;
      alter table endpoint alter column address set statistics 100; analyze endpoint;`;
    expect(await after(kept)).toContain('PERSONAL_STATISTICS public.endpoint.address');
    expect(await after(`${kept} select heed.personal('endpoint', 'contact_id', array['address'])`)).toEqual(
      [],
    );
  });

  it('4.1 wants json declared key by key, and finds a key that is not', async () => {
    const column = { name: 'details', holds: 'plain' } as const;
    const silent: Manifest = {
      ...manifest,
      stores: manifest.stores.map((store) =>
        store.kind === 'table' && store.table === 'message'
          ? { ...store, columns: store.columns.map((c) => (c.name === 'details' ? column : c)) }
          : store,
      ),
    };
    expect(await after('select 1', silent)).toContain('UNDECLARED_KEYS public.message.details');

    const [tenant, contact] = [newId(), newId()];
    await client.query('begin');
    await client.query('insert into heed.subject (tenant_id, subject_id) values ($1, $2)', [tenant, contact]);
    await client.query(
      `insert into message (tenant_id, message_id, contact_id, details, at)
       values ($1, $2, $3, '{"channel": "email", "mood": "good", "ada@example.org": 1}', '2026-11-23T10:00:00Z')`,
      [tenant, newId(), contact],
    );
    const found = (await checkJsonKeys(client, manifest)).map(({ code, where }) => `${code} ${where}`);
    await client.query('rollback');
    expect(found).toEqual([
      'UNDECLARED_KEY public.message.details.?',
      'UNDECLARED_KEY public.message.details.mood',
    ]);
  });

  it('writes a dataset file that names every column with its category', () => {
    const queue = declareStore({
      ...{ kind: 'queue', name: 'letters', description: 'Letters that wait', retentionDays: 3 },
      categories: ['user.contact.address', 'user.name'],
    });
    const { dataset } = JSON.parse(fidesDatasets([{ ...manifest, stores: [...manifest.stores, queue] }])) as {
      dataset: { fides_key: string; collections: { name: string }[] }[];
    };
    const [frame] = dataset;
    const collection = (name: string) => frame?.collections.find((one) => one.name === name);
    expect(frame?.fides_key).toBe('heed_frame');
    expect(collection('endpoint')).toMatchObject({
      description: 'About contact_id; on erasure: deleted',
      fields: expect.arrayContaining([{ name: 'address', data_categories: ['user.contact.email'] }]),
    });
    expect(collection('message')).toMatchObject({
      fields: expect.arrayContaining([
        {
          ...{ name: 'details', fides_meta: { data_type: 'object' } },
          fields: [{ name: 'subject', data_categories: ['user.content.private'] }, { name: 'channel' }],
        },
      ]),
    });
    expect(collection('letters')).toEqual({
      ...{ name: 'letters', description: 'queue: Letters that wait', fields: [] },
      data_categories: ['user.contact.address', 'user.name'],
    });
  });
});
