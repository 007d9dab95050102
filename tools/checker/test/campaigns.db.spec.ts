import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { campaigns } from '@heed/campaigns-service';
import { migrationsOf } from '@heed/service';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import pg from 'pg';
import { checkInstallation } from '../src/index.js';
import { campaignsRules } from '../src/rules/campaigns.js';
import { balanced, campaignFaults, clean, unguarded } from './planted-in-campaigns.js';

describe('heed check of the ledgers of campaigns', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase('campaigns', migrationsOf(campaigns));
    await behindTheirBacks(unguarded);
  });
  beforeEach(() => behindTheirBacks(`${clean}; ${balanced}`));
  afterAll(() => database.drop());

  async function behindTheirBacks(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: database.superuserUrl });
    await client.connect();
    try {
      await client.query('set session_replication_role = replica');
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  async function found(): Promise<string[]> {
    const all = await checkInstallation({ campaigns: database.urlOf('probe') }, ['I7']);
    return all.filter(({ count }) => count > 0).map(({ says }) => says);
  }

  it('finds nothing in one that balances', async () => {
    expect(await found()).toEqual([]);
  });

  it.each(campaignFaults)('finds %s', async (_, sql, says) => {
    await behindTheirBacks(sql);
    expect(await found()).toContain(says);
  });

  it('has a fault for each of its rules that looks into one database', () => {
    const ofOne = campaignsRules.filter((rule) => !('collect' in rule)).map(({ says }) => says);
    expect(campaignFaults.map(([, , says]) => says).sort()).toEqual(ofOne.sort());
  });
});
