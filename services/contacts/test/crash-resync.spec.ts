import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConsentChanged, contactsV1, topics, typesV1 } from '@heed/contracts';
import { MANIFEST, type Manifest } from '@heed/data-map';
import { Outbox } from '@heed/events';
import { newId, systemClock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { checkHealth } from '@heed/rpc';
import { brokenPromisesOf } from '@heed/testing';
import { startCluster, type Cluster } from '@heed/testing/cluster';
import { ledger, ledgerOfPrivacy, orderOf } from '../../../libs/service/test/notes/ledger.js';
import { contacts } from '../src/service.js';
import { KillGate } from './kill-gate.js';

/** What a resync of contacts writes: where it is, what it learns, and whose erasure it carries out. */
const WRITTEN = [
  ...['heed.resync_step', 'heed.quarantine', 'heed.incarnation', 'heed.subject'],
  ...['heed.order_batch', 'heed.receipt', 'consent_entry', 'contact'],
];

describe('contacts that is killed while it catches up after a restore', () => {
  const tenantId = newId();
  let cluster: Cluster;
  let gate: KillGate;
  beforeAll(async () => {
    ledger.reset();
    cluster = await startCluster([contacts, ledgerOfPrivacy]);
  });
  afterAll(async () => {
    await gate?.close();
    await cluster?.stop();
  });

  async function person(email: string): Promise<string> {
    const member = await cluster.asMember('contacts', { tenantId, roles: ['campaign_manager', 'agent'] });
    const { contact } = await member.of(contactsV1.ContactsServiceService).createContact({
      ...{ requestId: newId(), firstName: 'Ada', lastName: '', country: 'GB', phone: '', listIds: [], email },
    });
    const { contactId } = contact!;
    await member.of(contactsV1.ConsentServiceService).recordConsent({
      ...{ requestId: newId(), contactId, channel: typesV1.Channel.CHANNEL_EMAIL, purpose: 'newsletter' },
      ...{ basis: 'consent', saidAt: '', evidence: 'said so', sender: '' },
    });
    return contactId;
  }

  /** As contacts told it in the life that was lost: its own ledger does not have it. */
  async function toldSince(contactIds: readonly string[]): Promise<void> {
    const database = cluster.database('contacts').open();
    const outbox = new Outbox({
      ...{ service: 'contacts', topics, clock: systemClock, committed: () => undefined },
    });
    const data = contactIds.map((contactId) => ({
      data: contactsV1.ConsentChanged.fromPartial({
        ...{ contactId, entryId: newId(), epoch: 9n, purpose: 'newsletter' },
        channel: typesV1.Channel.CHANNEL_EMAIL,
        state: contactsV1.ConsentState.CONSENT_STATE_OPTED_OUT,
        recordedAt: systemClock.now().toISOString(),
      }),
    }));
    await new UnitOfWork(database).run(tenantId, (tx) => outbox.addAll(tx, ConsentChanged, data));
    await database.close();
  }

  /** `permit` or `denial`, for each. */
  async function answers(contactIds: readonly string[]): Promise<(string | undefined)[]> {
    const sender = cluster.asService('messaging').of(contactsV1.PermitsServiceService, 'contacts');
    const asks = contactIds.map((contactId) => ({
      ...{ attemptId: newId(), contactId, channel: typesV1.Channel.CHANNEL_EMAIL, purpose: 'newsletter' },
      ...{ nonce: randomBytes(16), templateFields: ['first_name'], tracking: false },
      sender: 'news@acme.example',
    }));
    const given = await sender.batchIssuePermits({ asks }, { tenantId, timeoutMs: 60_000 });
    return given.answers.map(({ answer }) => answer?.$case);
  }

  it('2.1 at any step of it goes on, opens no sooner than all of it is replayed, and permits nobody who said no', async () => {
    const people: string[] = [];
    for (let n = 0; n < 6; n += 1) people.push(await person(`ada${n}@example.org`));
    const [erased, willing, ...refusing] = people;
    const { version } = cluster.service('contacts').get<Manifest>(MANIFEST);
    ledger.orders = [orderOf(tenantId, erased!, version)];
    await toldSince(refusing);
    const { superuserUrl } = cluster.database('contacts');
    gate = await KillGate.open(superuserUrl, WRITTEN);
    const sql = async (text: string, values: unknown[] = []): Promise<object[]> => gate.sql(text, values);
    await sql(
      `insert into heed.quarantine (name, reason, since, restored_to, resync_asked_at)
       values ('this', 'RESTORED_FROM_BACKUP', now(), now(), now())`,
    );

    let running = await cluster.restart('contacts');
    for (let at = await gate.next(running.opened); at; at = await gate.next(running.opened)) {
      expect([at.point, await checkHealth(running.grpcTarget)]).toEqual([at.point, 'NOT_SERVING']);
      // It is about to open: all of it is there.
      if (at.point === 'quarantine delete') {
        const said = `select 1 from consent_state where state = 'opted_out' and contact_id = any ($1)`;
        expect(await sql(said, [refusing])).toHaveLength(refusing.length);
        expect(await sql('select 1 from contact where contact_id = $1', [erased])).toEqual([]);
      }
      const dying = running.kill();
      await gate.bury(at);
      await dying;
      // What the dead had claimed is taken over once its time is over, which a spec need not wait for.
      await sql('update heed.due_work set claimed_until = now() where claimed_until is not null');
      running = await cluster.restart('contacts');
    }
    await running.opened;
    expect(await checkHealth(running.grpcTarget)).toBe('SERVING');
    expect(await answers(people)).toEqual(['denial', 'permit', ...refusing.map(() => 'denial')]);
    expect(await answers([willing!])).toEqual(['permit']);
    expect(await sql('select 1 from consent_entry where epoch = 9')).toHaveLength(refusing.length);
    expect(gate.passed).toEqual(
      expect.arrayContaining([
        ...['finish ends', 'finish consents', 'progress events', 'consent_entry insert', 'finish events'],
        ...['finish erasures', 'order_batch insert', 'subject update', 'finish orders', 'finish stops'],
        ...['finish incarnation', 'quarantine delete'],
      ]),
    );
    expect(await brokenPromisesOf(['I3', 'I5', 'I6', 'I8'], cluster.database('contacts'))).toEqual([]);
  }, 300_000);
});
