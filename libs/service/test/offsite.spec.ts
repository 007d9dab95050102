import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { contactsV1 } from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import { checkHealth } from '@heed/rpc';
import { type Cluster, startCluster } from '@heed/testing/cluster';
import { ledgerOfPrivacy } from './notes/ledger.js';
import { notesOfContacts } from './notes/notes.js';

const tenantId = newId();

describe('5.5 what a service copies off site', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-offsite-'));
  const lines: string[] = [];
  let cluster: Cluster;
  let database: pg.Client;
  beforeAll(async () => {
    cluster = await startCluster([notesOfContacts, ledgerOfPrivacy], {
      producers: ['privacy', 'contacts'],
      env: { HEED_OFFSITE: pathToFileURL(folder).href },
      write: (line) => lines.push(line),
    });
    database = new pg.Client({ connectionString: cluster.database('contacts').superuserUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database?.end();
    await cluster?.stop();
    rmSync(folder, { recursive: true });
  });

  async function inContacts<Row extends pg.QueryResultRow>(
    sql: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    return (await database.query<Row>(sql, values)).rows;
  }
  async function optOut(): Promise<string> {
    const contactId = newId();
    const member = await cluster.asMember('contacts', { tenantId, roles: ['agent'] });
    await member.of(contactsV1.ConsentServiceService).recordOptOut(
      contactsV1.RecordOptOutRequest.fromPartial({
        ...{ requestId: newId(), contactId, evidence: 'please stop' },
        source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
      }),
    );
    return contactId;
  }
  const headNow = async () =>
    (
      await inContacts<{ sequence: string; digest: string }>('select sequence, digest from heed.offsite_head')
    )[0];
  async function copied(): Promise<void> {
    const isCopied = `select 1 from heed.offsite_head
      where filled_at is not null and not exists (select 1 from heed.offsite_due)`;
    while ((await inContacts(isCopied)).length === 0) await systemClock.wait(20);
  }
  async function noted(contactId: string): Promise<boolean> {
    return (await inContacts('select 1 from note where contact_id = $1', [contactId])).length > 0;
  }
  async function resync(): Promise<void> {
    await inContacts(
      `insert into heed.quarantine (name, reason, since, resync_asked_at)
       values ('this', 'RESTORED_FROM_BACKUP', now(), now())`,
    );
    await cluster.restart('contacts');
  }

  function chunks(): string[] {
    const notes = join(folder, 'notes');
    return readdirSync(notes)
      .sort()
      .map((file) => join(notes, file));
  }

  it('is there again after a restore, whatever came since the backup', async () => {
    await copied();
    await optOut();
    await copied();
    const backup = (await headNow())!;
    const since = [await optOut(), await optOut()];
    await copied();
    expect(Number((await headNow())!.sequence)).toBeGreaterThan(Number(backup.sequence));

    await cluster.service('contacts').kill();
    await inContacts('delete from note where contact_id = any ($1)', [since]);
    await inContacts('update heed.offsite_head set sequence = $1, digest = $2', [
      backup.sequence,
      backup.digest,
    ]);
    await resync();
    await cluster.service('contacts').opened;
    expect(await Promise.all(since.map(noted))).toEqual([true, true]);
    // It goes on from there.
    await optOut();
    await copied();
  });

  it('is not walked past by a database that was put back and does not know it: it falls silent, and catches up', async () => {
    const backup = (await headNow())!;
    const lost = await optOut();
    await copied();
    await cluster.service('contacts').kill();
    await inContacts('delete from note where contact_id = $1', [lost]);
    await inContacts('update heed.offsite_head set sequence = $1, digest = $2', [
      backup.sequence,
      backup.digest,
    ]);
    expect((await cluster.restart('contacts')).quarantine).toBeUndefined();
    await optOut();
    while ((await inContacts(`select 1 from heed.quarantine where reason = 'OFFSITE_AHEAD'`)).length === 0)
      await systemClock.wait(20);
    expect(await checkHealth(cluster.service('contacts').grpcTarget)).toBe('NOT_SERVING');
    expect(await headNow()).toEqual(backup);

    await inContacts('update heed.quarantine set resync_asked_at = now()');
    await cluster.restart('contacts');
    await cluster.service('contacts').opened;
    expect(await noted(lost)).toBe(true);
    await copied();
  });

  it('holds what was there before copies were made, and what a dead process had written is not written twice', async () => {
    await cluster.service('contacts').kill();
    const before = (await headNow())!;
    await inContacts('delete from heed.offsite_head');
    const contactId = newId();
    await inContacts('insert into heed.subject (tenant_id, subject_id) values ($1, $2)', [
      tenantId,
      contactId,
    ]);
    await inContacts(`insert into note (tenant_id, note_id, contact_id) values ($1, gen_random_uuid(), $2)`, [
      tenantId,
      contactId,
    ]);
    await cluster.restart('contacts');
    await copied();
    expect(Number((await headNow())!.sequence)).toBe(Number(before.sequence) + 1);
  });

  it('keeps a service shut where a chunk is missing, until it is there again', async () => {
    await optOut();
    await copied();
    const [first] = chunks();
    await cluster.service('contacts').kill();
    await inContacts(`update heed.offsite_head set sequence = 0, digest = ''`);
    const away = join(folder, 'away.json');
    renameSync(first!, away);
    lines.length = 0;
    await resync();
    while (!lines.some((line) => line.includes('OFFSITE_HOLE'))) await systemClock.wait(20);
    expect(await checkHealth(cluster.service('contacts').grpcTarget)).toBe('NOT_SERVING');
    renameSync(away, first!);
    await cluster.service('contacts').opened;
  });
});
