import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { campaigns } from '@heed/campaigns-service';
import { contacts } from '@heed/contacts-service';
import { type Manifest } from '@heed/data-map';
import { manifestBytes } from '@heed/data-rights';
import { identity } from '@heed/identity-service';
import { newId } from '@heed/kernel';
import { messaging } from '@heed/messaging-service';
import { privacy } from '@heed/privacy-service';
import { manifestOfService, migrationsOf } from '@heed/service';
import { brokenPromises, createTestDatabase, type TestDatabase } from '@heed/testing';
import { telephony } from '@heed/telephony-service';
import pg from 'pg';
import { checkInstallation } from '../src/index.js';
import { wallRules } from '../src/rules/wall.js';
import { correctionFaults } from './planted-corrections.js';
import { completed, event, faults, id, person } from './planted-faults.js';
import { processorFaults } from './planted-processor-faults.js';
import { requestFaults } from './planted-request-faults.js';

const all = [identity, contacts, campaigns, telephony, messaging, privacy];

type Where = 'contacts' | 'privacy';

describe('heed check', () => {
  let databases: Record<Where, TestDatabase>;

  let shown: { manifest: Manifest; bytes: Buffer }[];

  beforeAll(async () => {
    const manifests = await Promise.all(all.map((each) => manifestOfService(each)));
    shown = manifests.map((manifest) => ({ manifest, bytes: manifestBytes(manifest) }));
  });
  beforeEach(async () => {
    const [ofContacts, ofPrivacy] = await Promise.all([
      createTestDatabase('contacts', migrationsOf(contacts)),
      createTestDatabase('privacy', migrationsOf(privacy)),
    ]);
    databases = { contacts: ofContacts, privacy: ofPrivacy };
    await behindTheirBacks('privacy', async (client) => {
      for (const { manifest, bytes } of shown) {
        await client.query(
          `insert into manifest (service, version, content, signature, key_id, seen_at)
           values ($1, $2, $3, '', 'key', clock_timestamp())`,
          [manifest.service, manifest.version, bytes],
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

  it('finds nothing wrong in what the migrations of all six make, nor in what happens as promised', async () => {
    const others = await Promise.all(
      all
        .filter(({ name }) => !(name in databases))
        .map((service) => createTestDatabase(service.name, migrationsOf(service))),
    );
    await behindTheirBacks('contacts', (client) =>
      client.query(`${person}; ${event(`id ${id} and +49 and a@b`)}`),
    );
    await behindTheirBacks('privacy', (client) => client.query(completed));
    expect(await brokenPromises(...Object.values(databases), ...others)).toEqual([]);
    await Promise.all(others.map((database) => database.drop()));
  });

  const planted = [...faults, ...correctionFaults, ...requestFaults, ...processorFaults];
  it.each(planted)('finds %s', async (_, where, sql, says) => {
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
