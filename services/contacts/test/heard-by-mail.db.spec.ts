import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { contactsV1, messagingV1, typesV1 } from '@heed/contracts';
import { newId, type Caller } from '@heed/kernel';
import { TestClock } from '@heed/testing';
import { hearReports } from '../src/deliverability/delivery-reported.consumer.js';
import { MOST_FAILURES } from '../src/deliverability/endpoint-state.js';
import { CONFIRMED_WITHIN_MS } from '../src/sign-ups/sign-up.js';
import { ContactsFixture, reasonOf } from './contacts-fixture.js';
import { SignUpDesk } from './sign-up-desk.js';

const { OptOutEffect, ConsentSource } = contactsV1;
const { Delivery } = messagingV1;
const EMAIL = typesV1.Channel.CHANNEL_EMAIL;

describe('what messaging hears by mail', () => {
  let fixture: ContactsFixture;
  const clock = new TestClock();
  let tenantId: string;
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock });
  });
  beforeEach(async () => {
    tenantId = newId();
    await clock.advance(1_000);
  });
  afterAll(() => fixture.drop());

  const messaging = (): Caller => fixture.caller(tenantId, { kind: 'service', actorId: 'messaging' });
  const said = (more: Partial<contactsV1.RecordOptOutRequest>) =>
    fixture.recordOptOut.record(messaging(), {
      ...{ requestId: newId(), contactId: '', channel: EMAIL, purpose: 'newsletter', evidence: '' },
      ...{ source: ConsentSource.CONSENT_SOURCE_REPLY, heardFrom: undefined, sender: '' },
      ...more,
    });
  const from = (more: Partial<contactsV1.HeardFrom>): contactsV1.HeardFrom => ({
    ...{ endpointId: '', optOutToken: '', address: '', endpointHash: Buffer.alloc(0) },
    ...more,
  });
  /** What the message of a permit bears. */
  const permitted = async (contactId: string) => {
    const { answers } = await fixture.issue(tenantId, fixture.ask(contactId));
    const { answer } = answers[0]!;
    if (answer?.$case !== 'permit') throw new Error('no permit');
    const { endpointId, endpointHash, optOutUrl } = answer.value;
    return { endpointId, endpointHash, token: optOutUrl.slice(optOutUrl.lastIndexOf('/') + 1) };
  };
  const may = (contactId: string): Promise<string> => fixture.outcome(tenantId, fixture.ask(contactId));

  describe('a no', () => {
    it('2.5 10.3 from an endpoint binds all who share its address, now or later', async () => {
      const { contactId } = await fixture.person(tenantId);
      const sharing = async (): Promise<string> => {
        const { contactId: other } = await fixture.person(tenantId);
        await fixture.rows(
          tenantId,
          `insert into endpoint (tenant_id, endpoint_id, contact_id, channel, address, endpoint_hash, normaliser,
             created_at)
           select tenant_id, $2, $3, channel, address, endpoint_hash, normaliser, created_at from endpoint
           where tenant_id = $1 and contact_id = $4`,
          [newId(), other, contactId],
        );
        return other;
      };
      const already = await sharing();
      expect(await may(already)).toBe('permit');
      const { endpointId } = await permitted(contactId);
      fixture.signals.heard.length = 0;
      const answer = await said({ contactId, heardFrom: from({ endpointId }) });
      expect(answer.effect).toBe(OptOutEffect.OPT_OUT_EFFECT_RECORDED);
      const endpointHash = expect.stringMatching(/^[0-9a-f]{64}$/);
      expect(fixture.signals.heard).toEqual([
        { subject: 'heed.revoked', data: { tenantId, contactId, endpointHash } },
      ]);
      const later = await sharing();
      expect([await may(contactId), await may(already), await may(later)]).toEqual([
        ...['opted_out', 'suppressed', 'suppressed'],
      ]);
    });

    it('2.4 by the hash that a permit named holds when the person is erased before it is told', async () => {
      const { contactId, email } = await fixture.person(tenantId);
      const { endpointId, endpointHash } = await permitted(contactId);
      await fixture.erase(tenantId, contactId);
      const answer = await said({ contactId, heardFrom: from({ endpointId, endpointHash }) });
      expect(answer.effect).toBe(OptOutEffect.OPT_OUT_EFFECT_SUPPRESSED);
      const { contactId: next } = await fixture.person(tenantId, { email });
      expect(await may(next)).toBe('suppressed');
    });

    it('5.6 by that hash holds too where rules for addresses have come since', async () => {
      const spelled = () => ({ email: `a+b@${newId()}.example.org` });
      const { contactId, email } = await fixture.person(tenantId, spelled());
      const { endpointId, endpointHash } = await permitted(contactId);
      const living = await fixture.person(tenantId, spelled());
      const theirs = await permitted(living.contactId);
      await fixture.erase(tenantId, contactId);
      const before = fixture.hashes.normalisers;
      fixture.hashes.normalisers = [
        ...before,
        { version: 2, canonicalOf: ({ canonical }) => canonical.replace(/\+[^@]*@/, '@') },
      ];
      try {
        await said({ contactId, heardFrom: from({ endpointId, endpointHash }) });
        await said({ heardFrom: from({ endpointHash: theirs.endpointHash }) });
        const { contactId: next } = await fixture.person(tenantId, { email });
        expect([await may(next), await may(living.contactId)]).toEqual(['suppressed', 'suppressed']);
      } finally {
        fixture.hashes.normalisers = before;
      }
    });

    describe('in answer to a mail that asks whether a sign-up was theirs', () => {
      /** What messaging knows of the attempt, and somebody who has the address. */
      const askedAt = async (address: string) => {
        const desk = new SignUpDesk(fixture, tenantId);
        await desk.send(await desk.form(), address);
        const asked = (await desk.mails()).at(-1)!;
        const { answer } = await desk.permit(asked);
        if (answer?.$case !== 'permit') throw new Error('no permit');
        const { endpointId, endpointHash, fields } = answer.value;
        const token = fields['link']!.split('/').at(-1)!;
        return {
          desk,
          token,
          no: { contactId: asked.contactId, heardFrom: from({ endpointId, endpointHash }) },
        };
      };
      const optedOut = async () =>
        (
          await fixture.rows<{ contact_id: string }>(
            tenantId,
            `select contact_id from consent_entry where tenant_id = $1 and state = 'opted_out'`,
          )
        ).map(({ contact_id }) => contact_id);

      it('2.5 is that of whoever has the address', async () => {
        const { contactId, email } = await fixture.person(tenantId);
        const { no } = await askedAt(email);
        expect((await said(no)).effect).toBe(OptOutEffect.OPT_OUT_EFFECT_RECORDED);
        expect([await may(contactId), await optedOut()]).toEqual(['opted_out', [contactId]]);
      });

      it('2.4 binds the address where nobody has it yet, and of who was asked nothing is kept', async () => {
        const email = `${newId()}@example.org`;
        const { no } = await askedAt(email);
        expect((await said(no)).effect).toBe(OptOutEffect.OPT_OUT_EFFECT_SUPPRESSED);
        const { contactId } = await fixture.person(tenantId, { email });
        expect([await may(contactId), await optedOut()]).toEqual(['suppressed', []]);
      });

      it('is that of who they became, after they confirmed', async () => {
        const { desk, token, no } = await askedAt(`${newId()}@example.org`);
        await desk.confirm(token);
        await clock.advance(1);
        expect(await may(no.contactId)).toBe('permit');
        await said(no);
        expect([await may(no.contactId), await optedOut()]).toEqual(['opted_out', [no.contactId]]);
      });

      it('holds after the sign-up was forgotten, by the address that it is said from', async () => {
        const { contactId, email } = await fixture.person(tenantId);
        const { no } = await askedAt(email);
        await clock.advance(CONFIRMED_WITHIN_MS + 1_000);
        await fixture.due.runDue();
        expect(await fixture.rows(tenantId, 'select 1 from sign_up where tenant_id = $1')).toEqual([]);
        await said({ ...no, heardFrom: { ...no.heardFrom, address: email } });
        await fixture.tendDays();
        expect([await may(contactId), await optedOut()]).toEqual(['opted_out', [contactId]]);
      });
    });

    it('is bound to a hash by services alone', async () => {
      const { contactId } = await fixture.person(tenantId);
      const { endpointHash } = await permitted(contactId);
      const stated = fixture.optOut(tenantId, contactId, { heardFrom: from({ endpointHash }) });
      expect(await reasonOf(stated)).toBe('INVALID_ARGUMENT');
    });

    it('2.4 by the token of a message holds when the person who got it is erased', async () => {
      const { contactId, email } = await fixture.person(tenantId);
      const { token } = await permitted(contactId);
      await fixture.erase(tenantId, contactId);
      const answer = await said({ heardFrom: from({ optOutToken: token }) });
      expect(answer).toMatchObject({ effect: OptOutEffect.OPT_OUT_EFFECT_SUPPRESSED, entry: undefined });
      const anew = await fixture.person(tenantId, { email });
      expect(await may(anew.contactId)).toBe('suppressed');
    });

    it('2.4 of which only the address is known binds that address', async () => {
      const { contactId, email } = await fixture.person(tenantId);
      const answer = await said({ heardFrom: from({ address: email.toUpperCase() }) });
      expect(answer.effect).toBe(OptOutEffect.OPT_OUT_EFFECT_SUPPRESSED);
      expect(await may(contactId)).toBe('suppressed');
    });

    it('is heard of whom it names, though the token is none of ours', async () => {
      const { contactId } = await fixture.person(tenantId);
      const stranger = newId();
      const { contactId: theirs } = await fixture.person(stranger);
      const { answers } = await fixture.issue(stranger, fixture.ask(theirs));
      const url = answers[0]?.answer?.$case === 'permit' ? answers[0].answer.value.optOutUrl : '';
      for (const optOutToken of ['made-up', url.slice(url.lastIndexOf('/') + 1)]) {
        expect(await reasonOf(said({ heardFrom: from({ optOutToken }) }))).toBe('LINK_INVALID');
        const heard = await said({ contactId, heardFrom: from({ optOutToken }) });
        expect(heard.entry).toMatchObject({ contactId, source: ConsentSource.CONSENT_SOURCE_REPLY });
      }
      expect(await fixture.outcome(stranger, fixture.ask(theirs))).toBe('permit');
    });

    it('of nobody at all is refused', async () => {
      expect(await reasonOf(said({}))).toBe('INVALID_ARGUMENT');
      expect(await reasonOf(said({ heardFrom: from({ address: 'no address' }) }))).toBe('INVALID_ARGUMENT');
    });
  });

  describe('a report', () => {
    const hear = (contactId: string, endpointId: string, ...deliveries: messagingV1.Delivery[]) =>
      fixture.as(tenantId, (tx) =>
        hearReports(
          tx,
          deliveries.map((delivery) => ({
            ...{
              attemptId: newId(),
              intentId: newId(),
              campaignId: newId(),
              contactId,
              endpointId,
              delivery,
            },
            ...{ code: '5_1_1', reportedAt: clock.now().toISOString() },
          })),
        ),
      );

    it('that an address does not exist denies it permits, until mail to it arrives', async () => {
      const { contactId } = await fixture.person(tenantId);
      const { endpointId } = await permitted(contactId);
      await hear(contactId, endpointId, Delivery.DELIVERY_HARD_BOUNCE);
      expect(await may(contactId)).toBe('undeliverable');
      await hear(contactId, endpointId, Delivery.DELIVERY_DELIVERED);
      expect(await may(contactId)).toBe('permit');
    });

    it('of a passing failure denies nothing until there are too many in a row, in one batch or several', async () => {
      const { contactId } = await fixture.person(tenantId);
      const { endpointId } = await permitted(contactId);
      const soft = Delivery.DELIVERY_SOFT_BOUNCE;
      await hear(contactId, endpointId, ...Array<messagingV1.Delivery>(MOST_FAILURES - 1).fill(soft));
      expect(await may(contactId)).toBe('permit');
      await hear(contactId, endpointId, soft);
      expect(await may(contactId)).toBe('undeliverable');
    });

    it('of a refusal by policy or a complaint says nothing of the address', async () => {
      const { contactId } = await fixture.person(tenantId);
      const { endpointId } = await permitted(contactId);
      await hear(contactId, endpointId, Delivery.DELIVERY_BLOCKED, Delivery.DELIVERY_COMPLAINED);
      expect(await may(contactId)).toBe('permit');
    });

    it('about somebody erased leaves nothing behind', async () => {
      const { contactId } = await fixture.person(tenantId);
      const { endpointId } = await permitted(contactId);
      await fixture.erase(tenantId, contactId);
      await hear(contactId, endpointId, Delivery.DELIVERY_HARD_BOUNCE);
      expect(
        await fixture.rows(
          tenantId,
          'select 1 from endpoint_state where tenant_id = $1 and contact_id = $2',
          [contactId],
        ),
      ).toEqual([]);
    });
  });
});
