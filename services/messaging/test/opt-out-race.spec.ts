import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contacts } from '@heed/contacts-service';
import { contactsV1, typesV1 } from '@heed/contracts';
import { chunked, newId } from '@heed/kernel';
import { type MemberClient } from '@heed/rpc';
import { testParts } from '@heed/testing';
import { MessagingService } from './messaging-service.js';

const PEOPLE = 240;
const OPTING_OUT = 80;
const LIFETIME_MS = 1_000;

const { nats } = await testParts('nats');
const wires: [string, string | undefined][] = [['without signals', undefined]];
if (nats) wires.push(['with signals', nats.url]);

/** The promise of I2 against real contacts: 32 connections send while people say no. */
describe.each(wires)('opt-outs against 32 senders, %s', (_, natsUrl) => {
  const service = new MessagingService();
  let member: MemberClient;
  const people: { contactId: string; email: string }[] = [];

  beforeAll(async () => {
    await service.start({ natsUrl, env: { HEED_SMTP_SLOTS: '32' } }, [contacts]);
    member = await service.cluster.asMember('contacts', { tenantId: service.tenantId });
    const indices = Array.from({ length: PEOPLE }, (_entry, index) => index);
    // People are made one after the other, whoever asks: many at once would only wait for each other.
    for (const batch of chunked(indices, 4)) await Promise.all(batch.map(addPerson));
  });
  afterAll(() => service.stop());

  async function addPerson(index: number): Promise<void> {
    const email = `person${index}@people.test`;
    const { contact } = await member
      .of(contactsV1.ContactsServiceService)
      .createContact(
        contactsV1.CreateContactRequest.fromPartial({ requestId: newId(), firstName: 'Ada', email }),
      );
    const contactId = contact!.contactId;
    await member.of(contactsV1.ConsentServiceService).recordConsent(
      contactsV1.RecordConsentRequest.fromPartial({
        requestId: newId(),
        contactId,
        channel: typesV1.Channel.CHANNEL_EMAIL,
        purpose: 'news',
        basis: 'consent',
      }),
    );
    people.push({ contactId, email });
  }

  async function optOut(contactId: string): Promise<void> {
    await member.of(contactsV1.ConsentServiceService).recordOptOut(
      contactsV1.RecordOptOutRequest.fromPartial({
        requestId: newId(),
        contactId,
        source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
      }),
    );
  }

  /** When each opt-out committed, as PostgreSQL itself says. */
  async function commits(contactIds: readonly string[]): Promise<Map<string, number>> {
    const database = service.cluster.database('contacts').open();
    const { rows } = await database.pool('probe').query<{ contact_id: string; at: Date }>(
      `select contact_id, max(pg_xact_commit_timestamp(xmin)) as at from consent_entry
       where contact_id = any ($1) and state = 'opted_out' group by contact_id`,
      [contactIds],
    );
    await database.close();
    return new Map(rows.map((row) => [row.contact_id, row.at.getTime()]));
  }

  it('nothing begins or ends later than one permit lifetime after the commit', async () => {
    // A server that takes its time: hand-overs are under way whenever somebody says no.
    const slow = () => new Promise<null>((resolve) => setTimeout(() => resolve(null), Math.random() * 40));
    service.peer.onRecipient = slow;
    service.peer.onMessage = slow;
    const ended = service.nextEnd(PEOPLE);
    await service.dispatch(people.map(({ contactId }) => contactId));
    await service.nextStep('concluded');
    const opting = people.toReversed().slice(0, OPTING_OUT);
    for (const batch of chunked(opting, 8))
      await Promise.all(batch.map(({ contactId }) => optOut(contactId)));
    await ended;

    const committed = await commits(opting.map(({ contactId }) => contactId));
    expect(committed.size).toBe(OPTING_OUT);
    const after = (seen: ReadonlyMap<string, number>) =>
      opting.flatMap(({ contactId, email }) => {
        const at = seen.get(email);
        return at === undefined ? [] : [at - committed.get(contactId)!];
      });
    const silence = [...after(service.peer.begun), ...after(service.peer.ended)];
    expect(silence.filter((ms) => ms > LIFETIME_MS)).toEqual([]);

    const attempts = await service.attempts();
    expect(attempts.filter(({ lateMs }) => lateMs > 0)).toEqual([]);
    expect(attempts.every(({ state }) => state === 'concluded')).toBe(true);
    expect(new Set(attempts.map(({ outcome, reason }) => `${outcome} ${reason}`))).toEqual(
      new Set(['sent ', 'skipped opted_out']),
    );
    // Whoever was skipped got nothing, whoever was not got one.
    const addressees = service.peer.kept.map(({ to }) => to[0]!);
    expect(new Set(addressees).size).toBe(addressees.length);
    const sent = attempts.filter(({ outcome }) => outcome === 'sent').length;
    expect(addressees).toHaveLength(sent);
  });
});
