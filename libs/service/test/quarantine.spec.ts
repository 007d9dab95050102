import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { contactsV1 } from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import { checkHealth } from '@heed/rpc';
import { type Cluster, startCluster } from '@heed/testing/cluster';
import { hooksOfMessaging, notesOfContacts } from './notes/notes.js';

const tenantId = newId();

describe('2.1 a service whose database was put back', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster([notesOfContacts, hooksOfMessaging], { write: () => undefined });
  });
  afterAll(() => cluster?.stop());

  const health = () => checkHealth(cluster.service('contacts').grpcTarget);

  async function inContacts(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: cluster.database('contacts').superuserUrl });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  async function optOut(): Promise<unknown> {
    const member = await cluster.asMember('contacts', { tenantId, roles: ['agent'] });
    return member.of(contactsV1.ConsentServiceService).recordOptOut(
      contactsV1.RecordOptOutRequest.fromPartial({
        ...{ requestId: newId(), contactId: newId(), evidence: 'please stop' },
        source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
      }),
    );
  }

  it('answers health alone when it starts, and catches up and opens when it is asked to', async () => {
    await inContacts(
      `insert into heed.quarantine (name, reason, since) values ('this', 'RESTORED_FROM_BACKUP', now())`,
    );
    await cluster.restart('contacts');
    expect(await health()).toBe('NOT_SERVING');
    await expect(optOut()).rejects.toMatchObject({ reason: 'IN_QUARANTINE' });

    // Nobody is in it, so nobody's erasures are asked for.
    await inContacts('update heed.quarantine set resync_asked_at = now()');
    while ((await health()) !== 'SERVING') await systemClock.wait(50);
    await optOut();
  });
});
