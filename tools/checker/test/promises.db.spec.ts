import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contacts } from '@heed/contacts-service';
import { SERVICES } from '@heed/contracts';
import { manifestOf } from '@heed/data-map';
import { manifestBytes } from '@heed/data-rights';
import { newId } from '@heed/kernel';
import { privacy } from '@heed/privacy-service';
import { manifestOfService, migrationsOf } from '@heed/service';
import { brokenPromises, createTestDatabase, type TestDatabase } from '@heed/testing';
import pg from 'pg';
import { checkInstallation } from '../src/index.js';
import { wallRules } from '../src/rules/wall.js';
import { completed, event, faults, id, person } from './planted-faults.js';

type Where = 'contacts' | 'privacy';

describe('heed check', () => {
  let databases: Record<Where, TestDatabase>;

  beforeEach(async () => {
    const [ofContacts, ofPrivacy] = await Promise.all([
      createTestDatabase('contacts', migrationsOf(contacts)),
      createTestDatabase('privacy', migrationsOf(privacy)),
    ]);
    databases = { contacts: ofContacts, privacy: ofPrivacy };
    await behindTheirBacks('privacy', async (client) => {
      for (const service of SERVICES) {
        const definition = [contacts, privacy].find(({ name }) => name === service);
        const manifest = definition
          ? await manifestOfService(definition)
          : manifestOf({ service, entities: [] });
        await client.query(
          `insert into manifest (service, version, content, signature, key_id, seen_at)
           values ($1, $2, $3, '', 'key', clock_timestamp())`,
          [service, manifest.version, manifestBytes(manifest)],
        );
      }
    });
  });
  afterEach(() => Promise.all(Object.values(databases).map((database) => database.drop())));

  async function behindTheirBacks(
    where: Where,
    work: (client: pg.Client) => Promise<unknown>,
  ): Promise<void> {
    const client = new pg.Client({ connectionString: databases[where].superuserUrl });
    await client.connect();
    try {
      // As after a restore: rows that foreign keys would refuse.
      await client.query('set session_replication_role = replica');
      await work(client);
    } finally {
      await client.end();
    }
  }

  /** What it finds of one invariant. */
  async function findings(invariant: string): Promise<string[]> {
    const urls = { contacts: databases.contacts.urlOf('probe'), privacy: databases.privacy.urlOf('probe') };
    return (await checkInstallation(urls, [invariant]))
      .filter(({ count }) => count > 0)
      .map(
        ({ service, says, count, ids }) => `${invariant} ${service}: ${says}: ${count} (${ids.join(' ')})`,
      );
  }

  it('finds nothing wrong in what migrations make, nor in what happens as promised', async () => {
    await behindTheirBacks('contacts', (client) =>
      client.query(`${person}; ${event(`id ${id} and +49 and a@b`)}`),
    );
    await behindTheirBacks('privacy', (client) => client.query(completed));
    expect(await brokenPromises(databases.contacts, databases.privacy)).toEqual([]);
  });

  it.each(faults)('finds %s', async (_, where, sql, says) => {
    await behindTheirBacks(where, (client) => client.query(sql));
    expect(await findings(says.slice(0, 2))).toContainEqual(expect.stringContaining(says));
  });

  it('finds a role that passes row-level security', async () => {
    const rule = wallRules.find(
      ({ service, says }) => service === 'contacts' && says.startsWith('a role passes'),
    );
    // Roles belong to the whole server: no other spec is to see this one.
    await behindTheirBacks('contacts', async (client) => {
      const role = `intruder_${newId().replaceAll('-', '')}`;
      await client.query(`begin; create role ${role} bypassrls`);
      const { rows } = await client.query<{ rolname: string }>(rule!.sql);
      expect(rows.map(({ rolname }) => rolname)).toContain(role);
      await client.query('rollback');
    });
  });
});
