import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { contactsV1 } from '@heed/contracts';
import { MANIFEST, type Manifest } from '@heed/data-map';
import { SpecialCases } from '@heed/data-rights';
import { beginAfter, liftQuarantine, readLifts } from '@heed/events';
import { newId, systemClock } from '@heed/kernel';
import { checkHealth } from '@heed/rpc';
import { gate } from '@heed/testing';
import { type Cluster, startCluster } from '@heed/testing/cluster';
import { ledger, ledgerOfPrivacy, orderOf } from './notes/ledger.js';
import { notesOfContacts } from './notes/notes.js';

const tenantId = newId();

describe('a service whose database was put back', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster([notesOfContacts, ledgerOfPrivacy], { producers: ['privacy', 'contacts'] });
  });
  afterAll(() => cluster?.stop());
  beforeEach(() => ledger.reset());

  const health = () => checkHealth(cluster.service('contacts').grpcTarget);

  async function inContacts<T extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> {
    const client = new pg.Client({ connectionString: cluster.database('contacts').superuserUrl });
    await client.connect();
    try {
      return (await client.query<T>(sql, values)).rows;
    } finally {
      await client.end();
    }
  }

  async function optOut(contactId = newId()): Promise<void> {
    const member = await cluster.asMember('contacts', { tenantId, roles: ['agent'] });
    await member.of(contactsV1.ConsentServiceService).recordOptOut(
      contactsV1.RecordOptOutRequest.fromPartial({
        ...{ requestId: newId(), contactId, evidence: 'please stop' },
        source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
      }),
    );
  }

  const putBack = () =>
    inContacts(
      `insert into heed.quarantine (name, reason, since) values ('this', 'RESTORED_FROM_BACKUP', now())`,
    );
  const askForResync = () => inContacts('update heed.quarantine set resync_asked_at = now()');

  it('2.1 answers health alone when it starts, and catches up and opens when it is asked to', async () => {
    await putBack();
    const contacts = await cluster.restart('contacts');
    expect(contacts.quarantine).toBe('RESTORED_FROM_BACKUP');
    expect(contacts.httpUrl).toBeUndefined();
    expect(await health()).toBe('NOT_SERVING');
    await expect(optOut()).rejects.toMatchObject({ reason: 'IN_QUARANTINE' });

    await askForResync();
    await contacts.opened;
    expect(await health()).toBe('SERVING');
    await optOut();
    expect(
      await inContacts('select 1 from heed.quarantine union all select 1 from heed.resync_step'),
    ).toEqual([]);
  });

  it('learns it from its witness where nobody has written it down', async () => {
    ledger.witnessed = 1_000_000n;
    const contacts = await cluster.restart('contacts');
    expect(contacts.quarantine).toBe('INCARNATION_LEFT_BEHIND');
    expect(await health()).toBe('NOT_SERVING');

    await askForResync();
    await contacts.opened;
    // It counts on from there: the next start is no restore.
    expect((await cluster.restart('contacts')).quarantine).toBeUndefined();
  });

  it('begins the step anew in which it was killed, and opens no sooner than it has erased whom the ledger names', async () => {
    const [erased, living] = [newId(), newId()];
    await optOut(erased);
    await optOut(living);
    const { version } = cluster.service('contacts').get<Manifest>(MANIFEST);
    ledger.orders = [orderOf(tenantId, erased, version)];
    ledger.holds = [{ holdId: newId(), subjectId: living, released: false }];
    const door = gate();
    ledger.beforeAnswer = () => door();
    await putBack();
    await cluster.restart('contacts');
    await askForResync();
    await door.reached;
    const killed = cluster.service('contacts');
    const again = await cluster.restart('contacts');
    await killed.opened;
    expect(again.quarantine).toBe('RESTORED_FROM_BACKUP');
    expect(await health()).toBe('NOT_SERVING');

    door.open();
    await again.opened;
    const notes = await inContacts<{ contact: string }>(
      'select contact_id::text as contact from note where contact_id = any ($1)',
      [[erased, living]],
    );
    expect(notes).toEqual([{ contact: living }]);
    await expect(optOut(erased)).rejects.toMatchObject({ reason: 'SUBJECT_ERASED' });
    // Whom privacy holds, it knows before anything can be purged by age.
    expect(await inContacts('select subject_id from heed.hold where not released')).toEqual([
      { subject_id: living },
    ]);
  });

  it('opens no sooner than it has erased somebody whose erasure waits for something first', async () => {
    const erased = newId();
    await optOut(erased);
    await putBack();
    const contacts = await cluster.restart('contacts');
    const { version } = contacts.get<Manifest>(MANIFEST);
    ledger.orders = [orderOf(tenantId, erased, version)];
    const door = gate();
    let isReady = false;
    contacts.get(SpecialCases).addErasure({
      ready: async () => isReady,
      hasten: async () => {
        await door();
        isReady = true;
      },
    });
    await askForResync();
    await door.reached;
    const notes = () => inContacts('select 1 from note where contact_id = $1', [erased]);
    expect([await health(), (await notes()).length]).toEqual(['NOT_SERVING', 1]);

    door.open();
    await contacts.opened;
    expect([await health(), (await notes()).length]).toEqual(['SERVING', 0]);
  });

  it('opens as it is when an operator lifts it, who leaves a trace, and whatever was witnessed of it', async () => {
    ledger.witnessed = 2_000_000n;
    const contacts = await cluster.restart('contacts');
    expect(contacts.quarantine).toBe('INCARNATION_LEFT_BEHIND');
    const client = new pg.Client({ connectionString: cluster.database('contacts').superuserUrl });
    await client.connect();
    const statements = {
      query: async <Row>(sql: string, values: unknown[] = []) =>
        (await client.query(sql, values)).rows as Row[],
      execute: async (sql: string, values: unknown[] = []) => (await client.query(sql, values)).rowCount ?? 0,
    };
    await client.query('begin');
    const lifted = { because: 'INC-4711', resynced: false, liftedBy: 'ops' };
    expect(await liftQuarantine(statements, lifted, new Date())).toBe(true);
    await beginAfter(statements, 0n, new Date());
    await client.query('commit');
    await contacts.opened;
    expect(await health()).toBe('SERVING');
    expect((await readLifts(statements)).at(-1)).toMatchObject({
      ...lifted,
      reason: 'INCARNATION_LEFT_BEHIND',
    });
    while (ledger.audited.length === 0) await systemClock.wait(20);
    expect(ledger.audited[0]).toMatchObject({
      ...{ actorId: 'ops', action: 'heed quarantine lift: INC-4711', service: 'contacts' },
    });
    expect(await liftQuarantine(statements, lifted, new Date())).toBe(false);
    await client.end();
    expect((await cluster.restart('contacts')).quarantine).toBeUndefined();
  });
});
