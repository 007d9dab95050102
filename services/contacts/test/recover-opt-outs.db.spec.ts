import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contactsV1, typesV1 } from '@heed/contracts';
import { beginOffsite, offsiteDue } from '@heed/events';
import { newId } from '@heed/kernel';
import pg from 'pg';
import { takeOptOuts } from '../src/consent/recover-opt-outs.js';
import { OFFSITE_KEYS, takeKeysBack } from '../src/suppression/offsite-keys.js';
import { OFFSITE_LOG, takeBack } from '../src/suppression/suppression.store.js';
import { ContactsFixture } from './contacts-fixture.js';

const PEOPLE = 50;

describe('opt-outs that came after the backup', () => {
  const tenantId = newId();
  let fixture: ContactsFixture;
  /** As they were when the backup was taken: all agreed. */
  let people: string[];

  beforeAll(async () => {
    fixture = await ContactsFixture.create();
    people = [];
    for (let n = 0; n < PEOPLE; n++) people.push((await fixture.person(tenantId)).contactId);
  });
  afterAll(() => fixture?.drop());

  const told = (contactId: string, epoch: bigint, more: Partial<contactsV1.ConsentChanged> = {}) => ({
    data: contactsV1.ConsentChanged.fromPartial({
      ...{ contactId, epoch, entryId: newId(), recordedAt: '2026-03-01T10:00:00.000Z' },
      state: contactsV1.ConsentState.CONSENT_STATE_OPTED_OUT,
      ...more,
    }),
  });
  const take = (...events: ReturnType<typeof told>[]) =>
    fixture.as(tenantId, (tx) => takeOptOuts(tx, events));
  const outcomes = async (): Promise<Set<string>> => {
    const all = new Set<string>();
    for (const contactId of people) all.add(await fixture.outcome(tenantId, fixture.ask(contactId)));
    return all;
  };

  it('2.1 hold again once they were read: of fifty people nobody is reached', async () => {
    expect(await outcomes()).toEqual(new Set(['permit']));
    const events = people.map((contactId) => told(contactId, 9n));
    await take(...events);
    expect(await outcomes()).toEqual(new Set(['opted_out']));
    // Begun again after a kill: nothing twice.
    await take(...events);
    const [row] = await fixture.rows<{ entries: number }>(
      tenantId,
      'select count(*)::int as entries from consent_entry where tenant_id = $1 and epoch = 9',
    );
    expect(row).toEqual({ entries: PEOPLE });
  });

  it('2.2 are followed by later numbers than others have seen', async () => {
    const { contactId } = await fixture.person(tenantId);
    await take(
      told(contactId, 40n),
      told(contactId, 41n, { state: contactsV1.ConsentState.CONSENT_STATE_GRANTED }),
    );
    await fixture.consent(tenantId, contactId);
    const [row] = await fixture.rows<{ epoch: string }>(
      tenantId,
      'select max(epoch) as epoch from consent_entry where tenant_id = $1 and contact_id = $2',
      [contactId],
    );
    expect(Number(row!.epoch)).toBeGreaterThan(41);
  });

  it('bind all senders where one was meant, and a yes that came after them does not lift them', async () => {
    const { contactId } = await fixture.person(tenantId);
    const scope = { channel: typesV1.Channel.CHANNEL_EMAIL, purpose: 'newsletter' };
    await take(
      told(contactId, 30n, { ...scope, senderId: newId() }),
      told(contactId, 31n, { ...scope, senderId: newId() }),
      told(contactId, 32n, { ...scope, state: contactsV1.ConsentState.CONSENT_STATE_GRANTED }),
    );
    expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe('opted_out');
  });

  it('of people who came after the backup leave no trace: nobody has leave to reach them', async () => {
    const stranger = newId();
    await take(told(stranger, 3n));
    const rows = await fixture.rows(
      tenantId,
      'select 1 from heed.subject where tenant_id = $1 and subject_id = $2',
      [stranger],
    );
    expect(rows).toEqual([]);
  });

  it('5.5 of somebody who was made and erased since, hold by the copy off site', async () => {
    await fixture.uow.runAcross('service', (tx) => beginOffsite(tx, OFFSITE_LOG));
    const { contactId, email } = await fixture.person(tenantId);
    await fixture.erase(tenantId, contactId, { objects: true });
    const due = await fixture.uow.runAcross('service', (tx) => offsiteDue(tx, OFFSITE_LOG, 100));
    const payloads = due.map(({ payload }) => payload);
    expect(payloads.length).toBeGreaterThan(0);
    expect(payloads.join()).not.toContain(email);

    // The backup knows nothing of them.
    const client = new pg.Client({ connectionString: fixture.main.superuserUrl });
    await client.connect();
    await client.query('delete from suppression where tenant_id = $1', [tenantId]);
    await client.end();
    await fixture.as(tenantId, (tx) => takeBack(tx, payloads));
    await fixture.as(tenantId, (tx) => takeBack(tx, payloads));
    await expect(fixture.person(tenantId, { email })).rejects.toMatchObject({ reason: 'SUPPRESSED' });
    await fixture.person(tenantId);
  });

  it('5.5 are found there by keys that are copied too, as they were made and wrapped last', async () => {
    await fixture.uow.runAcross('service', (tx) => beginOffsite(tx, OFFSITE_KEYS));
    const founded = newId();
    await fixture.person(founded);
    const keys = () =>
      fixture.rows(
        founded,
        'select version, wrapped, kms_key_id, usable_from from heed.hash_key where tenant_id = $1',
      );
    const made = await keys();
    expect(made).toHaveLength(1);
    const copied = await fixture.uow.runAcross('service', (tx) => offsiteDue(tx, OFFSITE_KEYS, 100));
    const payloads = copied.filter((one) => one.tenantId === founded).map(({ payload }) => payload);
    const client = new pg.Client({ connectionString: fixture.main.superuserUrl });
    await client.connect();
    await client.query('delete from heed.hash_key where tenant_id = $1', [founded]);
    await client.end();
    await fixture.as(founded, (tx) => takeKeysBack(tx, payloads));
    await fixture.as(founded, (tx) => takeKeysBack(tx, payloads));
    expect(await keys()).toEqual(made);
  });
});
