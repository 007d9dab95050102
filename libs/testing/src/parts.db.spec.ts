import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testPostgres } from './parts.js';

describe('the parts of a test run', () => {
  it('answer with a PostgreSQL 18 whose superuser may make databases', async () => {
    const client = new pg.Client({ connectionString: await testPostgres() });
    await client.connect();
    const { rows } = await client.query<{ version: string; makes: boolean }>(
      `select current_setting('server_version') as version, rolcreatedb as makes from pg_roles where rolname = current_user`,
    );
    await client.end();
    expect(rows[0]?.version).toMatch(/^18\./);
    expect(rows[0]?.makes).toBe(true);
  });
});
