import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contacts } from '@heed/contacts-service';
import {
  ALL_OUTREACH,
  AttemptConcluded,
  campaignsV1,
  contactsV1,
  messagingV1,
  typesV1,
} from '@heed/contracts';
import { newId } from '@heed/kernel';
import { admitSubjects, UnitOfWork } from '@heed/postgres';
import { type MemberClient } from '@heed/rpc';
import { brokenPromises } from '@heed/testing';
import PostalMime from 'postal-mime';
import { DenyStore } from '../src/inbound/deny.store.js';
import { MessagingService } from './messaging-service.js';

const { TEMPLATE_KIND_TRANSACTIONAL } = campaignsV1.TemplateKind;
const { VARIABLE_KIND_CODE, VARIABLE_KIND_LINK } = campaignsV1.VariableKind;
const PER_MINUTE = 12;

/** Single messages against real contacts and a real mail server. */
describe('a single message', () => {
  const service = new MessagingService();
  let member: MemberClient;
  let staff: MemberClient;
  let templateId: string;
  let stranger: MemberClient;

  beforeAll(async () => {
    await service.start({ env: { HEED_MESSAGES_PER_MINUTE: String(PER_MINUTE) } }, [contacts]);
    const { tenantId } = service;
    member = await service.cluster.asMember('messaging', { tenantId, roles: ['agent'] });
    staff = await service.cluster.asMember('contacts', { tenantId });
    stranger = await service.cluster.asMember('contacts', { tenantId: newId() });
    templateId = service.outside.template({
      ...{ kind: TEMPLATE_KIND_TRANSACTIONAL, subject: 'Order {{ values.order }}' },
      textBody: 'Thank you, {{ first_name }}. Your order {{ values.order }}: {{ values.link }}',
      htmlBody: '<p>Order <a href="{{ values.link }}">{{ values.order }}</a></p>',
      variables: [
        { name: 'order', kind: VARIABLE_KIND_CODE, maxLength: 20 },
        { name: 'link', kind: VARIABLE_KIND_LINK, maxLength: 200 },
      ],
    });
  });
  afterAll(() => service.stop());

  const values = { order: 'A-1001', link: 'https://acme.test/o?a=1&b=2' };

  async function person(as = staff): Promise<{ contactId: string; email: string }> {
    const email = `${newId()}@people.test`;
    const { contact } = await as
      .of(contactsV1.ContactsServiceService)
      .createContact(
        contactsV1.CreateContactRequest.fromPartial({ requestId: newId(), firstName: 'Ada', email }),
      );
    return { contactId: contact!.contactId, email };
  }

  const optOut = (contactId: string, purpose: string) =>
    staff.of(contactsV1.ConsentServiceService).recordOptOut(
      contactsV1.RecordOptOutRequest.fromPartial({
        ...{ requestId: newId(), contactId, purpose },
        source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
      }),
    );

  function send(
    contactId: string,
    change: Partial<messagingV1.SendMessageRequest> = {},
    as = member,
  ): Promise<messagingV1.SendMessageResponse> {
    return as.of(messagingV1.MessagesServiceService).sendMessage({
      ...{ requestId: newId(), contactId, purpose: 'receipt', templateId, values, ...change },
    });
  }

  /** Asks for one and answers what became of it. */
  async function outcomeOf(contactId: string, change = {}): Promise<[string, string]> {
    const { attempt } = await send(contactId, change);
    return concluded(attempt!.attemptId);
  }

  async function concluded(attemptId: string): Promise<[string, string]> {
    for (;;) {
      const { attempt } = await member.of(messagingV1.MessagesServiceService).getAttempt({ attemptId });
      if (attempt!.state === messagingV1.AttemptState.ATTEMPT_STATE_CONCLUDED) {
        return [typesV1.outcomeToJSON(attempt!.outcome), attempt!.reason];
      }
    }
  }

  const refusalOf = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      ({ reason, violations, metadata: { trace_id: _, ...metadata } }) => ({ reason, violations, metadata }),
    );
  const keptFor = (email: string) => service.peer.kept.filter(({ to }) => to[0] === email);

  it('10.6 waits for what was heard here and is not recorded yet, since contacts says what that stops', async () => {
    const [demanded, wanted] = [await person(), await person()];
    const uow = service.cluster.service('messaging').get(UnitOfWork);
    const denies = new DenyStore();
    const heardOf = new Map([demanded, wanted].map(({ contactId }) => [contactId, newId()]));
    await uow.run(service.tenantId, async (tx) => {
      await admitSubjects(tx, [...heardOf.keys()]);
      for (const [contactId, mailId] of heardOf) {
        await denies.stand(tx, { mailId, contactId, endpointHash: undefined, reason: 'opt_out' }, new Date());
      }
    });
    const { attempt } = await send(demanded.contactId, { purpose: 'breach_notice' });
    const { attempt: receipt } = await send(wanted.contactId);
    const waiting = new Map([
      [attempt!.attemptId, heardOf.get(demanded.contactId)!],
      [receipt!.attemptId, heardOf.get(wanted.contactId)!],
    ]);
    const asked = new Map<string, number>();
    service.onStep = async (step, ids) => {
      for (const [attemptId, mailId] of waiting) {
        if (step !== 'permitted' || !ids.includes(attemptId)) continue;
        asked.set(attemptId, (asked.get(attemptId) ?? 0) + 1);
        if (asked.get(attemptId) === 2) {
          await uow.run(service.tenantId, (tx) => denies.end(tx, mailId, new Date(0)));
        }
      }
    };
    for (const attemptId of waiting.keys()) {
      expect(await concluded(attemptId)).toEqual(['OUTCOME_SENT', '']);
      expect(asked.get(attemptId)).toBeGreaterThan(1);
    }
    service.onStep = () => undefined;
    for (const { email } of [demanded, wanted]) expect(keptFor(email)).toHaveLength(1);
  });

  it('goes to the contact under a permit that rests on no consent, and tells its end', async () => {
    const { contactId, email } = await person();
    const { attempt } = await send(contactId);
    expect(attempt).toMatchObject({
      contactId,
      purpose: 'receipt',
      templateId,
      campaignId: '',
      intentId: '',
    });
    const { attemptId } = attempt!;
    expect(await concluded(attemptId)).toEqual(['OUTCOME_SENT', '']);
    const [kept, ...others] = keptFor(email);
    expect(others).toEqual([]);
    const mail = await PostalMime.parse(kept!.raw);
    expect(mail.subject).toBe('Order A-1001');
    expect(mail.text).toContain('Thank you, Ada. Your order A-1001: https://acme.test/o?a=1&b=2');
    expect(mail.html).toContain('<a href="https://acme.test/o?a=1&amp;b=2">A-1001</a>');
    // Says who writes, and promises no unsubscribe.
    expect(mail.text).toContain('Acme\n1 Main Street');
    expect(kept!.raw).not.toMatch(/unsubscribe/i);
    const told = (await service.cluster.published(AttemptConcluded)).filter(
      (event) => event.attemptId === attemptId,
    );
    expect(told).toMatchObject([
      { contactId, campaignId: '', intentId: '', outcome: typesV1.Outcome.OUTCOME_SENT },
    ]);
    const proof = await (
      await service.cluster.asMember('messaging', { tenantId: service.tenantId })
    )
      .of(messagingV1.MessagesServiceService)
      .getPermitProof({ attemptId });
    expect(proof.leaf.toString()).toContain('"purpose":"receipt"');
  });

  it('keeps what it brought along sealed, and only until it has ended', async () => {
    const { contactId } = await person();
    const rows = async () =>
      (
        await service.database
          .pool('probe')
          .query<{ sealed_values: Buffer }>(
            'select sealed_values from message_values where contact_id = $1',
            [contactId],
          )
      ).rows;
    let seen: Buffer[] = [];
    service.onStep = async (step) => {
      if (step === 'claimed') seen = (await rows()).map((row) => row.sealed_values);
    };
    await outcomeOf(contactId);
    service.onStep = () => undefined;
    expect(seen).toHaveLength(1);
    expect(seen[0]!.includes('A-1001')).toBe(false);
    expect(await rows()).toEqual([]);
  });

  it('is one, however often it is asked for under one id, and whatever the order of its values', async () => {
    const { contactId, email } = await person();
    const requestId = newId();
    const reversed = { link: values.link, order: values.order };
    const answers = await Promise.all([
      send(contactId, { requestId }),
      send(contactId, { requestId, values: reversed }),
    ]);
    const again = await send(contactId, { requestId });
    const ids = [...answers, again].map(({ attempt }) => attempt!.attemptId);
    expect(new Set(ids).size).toBe(1);
    await concluded(ids[0]!);
    expect(keptFor(email)).toHaveLength(1);
    const other = await refusalOf(send(contactId, { requestId, values: { ...values, order: 'B-2' } }));
    expect(other).toMatchObject({ reason: 'REQUEST_ID_REUSED' });
  });

  it('reaches who left the marketing, not who wants nothing at all; but what a law demands reaches them', async () => {
    const { contactId, email } = await person();
    await optOut(contactId, 'newsletter');
    expect(await outcomeOf(contactId)).toEqual(['OUTCOME_SENT', '']);
    await optOut(contactId, ALL_OUTREACH);
    expect(await outcomeOf(contactId)).toEqual(['OUTCOME_SENT', '']);
    await optOut(contactId, '');
    expect(await outcomeOf(contactId)).toEqual(['OUTCOME_SKIPPED', 'opted_out']);
    expect(await outcomeOf(contactId, { purpose: 'breach_notice' })).toEqual(['OUTCOME_SENT', '']);
    expect(keptFor(email)).toHaveLength(3);
  });

  it('10.2 confirms an opt-out once, in our words and from the sender whom the person knows, although they are out', async () => {
    await staff.of(contactsV1.ContactRulesServiceService).updateContactRules(
      contactsV1.UpdateContactRulesRequest.fromPartial({
        contactRules: { optOutConfirmation: { sources: [contactsV1.ConsentSource.CONSENT_SOURCE_AGENT] } },
        updateMask: ['opt_out_confirmation'],
      }),
    );
    const { contactId, email } = await person();
    // Nobody knows who would write: nobody does.
    await optOut((await person()).contactId, 'offers');
    await outcomeOf(contactId);
    // As if it had been heard by mail: here it stands for a while longer, and what confirms it waits.
    const uow = service.cluster.service('messaging').get(UnitOfWork);
    const denies = new DenyStore();
    const mailId = newId();
    let asked = 0;
    service.onStep = async (step) => {
      if (step !== 'permitted' || (asked += 1) !== 2) return;
      await uow.run(service.tenantId, (tx) => denies.end(tx, mailId, new Date(0)));
    };
    await uow.run(service.tenantId, (tx) =>
      denies.stand(tx, { mailId, contactId, endpointHash: undefined, reason: 'opt_out' }, new Date()),
    );
    await optOut(contactId, '');
    const confirmation = async () =>
      (
        await member
          .of(messagingV1.MessagesServiceService)
          .listAttempts(messagingV1.ListAttemptsRequest.fromPartial({ contactId }))
      ).attempts.find(({ purpose }) => purpose === 'opt_out_confirmation');
    let attempt = await confirmation();
    while (!attempt) attempt = await confirmation();
    expect(await concluded(attempt.attemptId)).toEqual(['OUTCOME_SENT', '']);
    service.onStep = () => undefined;
    expect(asked).toBeGreaterThan(1);
    const mail = await PostalMime.parse(keptFor(email).at(-1)!.raw);
    expect(mail.subject).toBe('You will get no more messages');
    expect(mail.from).toMatchObject({ name: 'Acme', address: 'news@sender.test' });
    expect(mail.text).toContain('Acme\n1 Main Street');
    expect(mail.text).not.toContain('Your order');
    // Who is out already is not written to because they say it again.
    await optOut(contactId, 'offers');
    expect(await outcomeOf(contactId, { purpose: 'breach_notice' })).toEqual(['OUTCOME_SENT', '']);
    expect(keptFor(email)).toHaveLength(3);
    await staff.of(contactsV1.ContactRulesServiceService).updateContactRules(
      contactsV1.UpdateContactRulesRequest.fromPartial({
        contactRules: {},
        updateMask: ['opt_out_confirmation'],
      }),
    );
    expect(
      await brokenPromises(service.cluster.database('messaging'), service.cluster.database('contacts')),
    ).toEqual([]);
  });

  it.each(['newsletter', 'marketing', 'opt_out_confirmation'])(
    'is none for the purpose %s',
    async (purpose) => {
      const { contactId } = await person();
      expect(await refusalOf(send(contactId, { purpose }))).toMatchObject({
        violations: [{ field: 'purpose', reason: 'PURPOSE_NOT_TRANSACTIONAL' }],
      });
    },
  );

  it('is made from no template of campaigns, nor from one that is not there', async () => {
    const { contactId } = await person();
    const marketing = service.outside.template();
    expect(await refusalOf(send(contactId, { templateId: marketing, values: {} }))).toMatchObject({
      reason: 'TEMPLATE_NOT_TRANSACTIONAL',
    });
    expect(await refusalOf(send(contactId, { templateId: newId() }))).toMatchObject({
      reason: 'TEMPLATE_NOT_FOUND',
    });
  });

  it('8.1 answers alike for whom nobody knows and who is another tenant’s', async () => {
    const [unknown, theirs] = [newId(), (await person(stranger)).contactId];
    const refusals = await Promise.all([unknown, theirs].map((id) => refusalOf(send(id))));
    expect(refusals[0]).toMatchObject({ reason: 'CONTACT_NOT_FOUND' });
    expect(refusals[1]).toEqual(refusals[0]);
  });

  it.each([
    ['without a value', { order: 'A-1' }, 'values.link', 'REQUIRED'],
    ['with a value that does not fit', { ...values, order: 'A-1\r\nBcc: x' }, 'values.order', 'PATTERN'],
    ['with a value that is too long', { ...values, order: 'A'.repeat(21) }, 'values.order', 'TOO_LONG'],
    ['with a script for a link', { ...values, link: 'javascript:alert(1)' }, 'values.link', 'PATTERN'],
    ['with a value that nobody declared', { ...values, ada: 'x' }, 'values', 'NOT_DECLARED'],
  ])('is refused %s', async (_, given, field, reason) => {
    const { contactId } = await person();
    expect(await refusalOf(send(contactId, { values: given }))).toMatchObject({
      violations: [{ field, reason }],
    });
  });

  it('is not sent by a role that may not', async () => {
    const { contactId } = await person();
    const manager = await service.cluster.asMember('messaging', {
      ...{ tenantId: service.tenantId, roles: ['campaign_manager'] },
    });
    expect(await refusalOf(send(contactId, {}, manager))).toMatchObject({ reason: 'PERMISSION_MISSING' });
  });

  it('is refused beyond what a minute has room for, with the time of the next, and queues nothing', async () => {
    const tenantId = newId();
    const [theirs, caller] = await Promise.all([
      service.cluster.asMember('contacts', { tenantId }),
      service.cluster.asMember('messaging', { tenantId }),
    ]);
    const { contactId } = await person(theirs);
    const requests = Array.from({ length: 2 * PER_MINUTE + 1 }, () => send(contactId, {}, caller));
    const refusals = (await Promise.all(requests.map(refusalOf))).filter((refused) => refused !== undefined);
    // They may fall into two minutes, not into three.
    expect(refusals.length).toBeGreaterThan(0);
    for (const { reason, metadata } of refusals) {
      expect(reason).toBe('MESSAGE_RATE_EXCEEDED');
      expect(Date.parse(metadata.retry_after) % 60_000).toBe(0);
    }
    const { rows } = await service.database
      .pool('probe')
      .query('select 1 from attempt where tenant_id = $1', [tenantId]);
    expect(rows).toHaveLength(requests.length - refusals.length);
  });
});
