import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { manifestOf } from '@heed/data-map';
import { infrastructureOfFrame, type Database } from '@heed/postgres';
import { logger } from '@heed/telemetry';
import { createTestDatabase, TestClock, type TestDatabase } from '@heed/testing';
import pg from 'pg';
import { NightlyCheck } from '../src/nightly-check.js';

describe('4.1 every night', () => {
  let main: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    main = await createTestDatabase('frame', []);
    database = main.open();
  });
  afterAll(async () => {
    await database?.close();
    await main?.drop();
  });

  it('a table that somebody made by hand is found, at two o’clock, and again the night after', async () => {
    const client = new pg.Client({ connectionString: main.superuserUrl });
    await client.connect();
    await client.query('create table public.leads (name text)');
    await client.end();
    const lines: { msg: string; reason: string; table: string }[] = [];
    const clock = new TestClock(new Date('2026-11-27T20:00:00Z'));
    const check = new NightlyCheck({
      manifest: manifestOf({ service: 'frame', entities: [], infrastructure: infrastructureOfFrame }),
      databases: { main: database, keys: database },
      clock,
      log: logger({}, { write: (line) => lines.push(JSON.parse(line) as (typeof lines)[number]) }),
    });
    const found = () =>
      lines.filter(({ reason, table }) => reason === 'UNDECLARED_TABLE' && table === 'public.leads');
    check.start();
    await clock.waiting();
    await clock.advance(6 * 3_600_000 - 1);
    expect(found()).toEqual([]);
    await clock.advance(1);
    await clock.waiting();
    // Each of the two databases that it looks into is this one here.
    expect(found()).toHaveLength(2);
    expect(found()[0]!.msg).toBe('not what the data map says');
    await clock.advance(24 * 3_600_000);
    await clock.waiting();
    expect(found()).toHaveLength(4);
    await check.stop();
  });
});
