import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { datarightsV1, SubjectCorrected, topics } from '@heed/contracts';
import { SpecialCases, correctionFromWire, type Correction, type Order } from '@heed/data-rights';
import { Outbox } from '@heed/events';
import { newId } from '@heed/kernel';
import { lockSubjects, lockSubjectsForCorrection, restrictSubjects } from '@heed/postgres';
import { TestClock } from '@heed/testing';
import pg from 'pg';
import { CheckCorrections } from '../src/contacts/check-corrections.js';
import { endpointsOf, lockForNewAddresses } from '../src/contacts/endpoint.store.js';
import { CorrectEndpoints } from '../src/correction/correct-endpoints.js';
import { Revocations } from '../src/suppression/revocations.js';
import { ContactsFixture } from './contacts-fixture.js';
import { SignUpDesk } from './sign-up-desk.js';

const { PersonField } = datarightsV1;
const {
  PERSON_FIELD_EMAIL: EMAIL,
  PERSON_FIELD_PHONE: PHONE,
  PERSON_FIELD_LAST_NAME: LAST_NAME,
} = PersonField;

describe('somebody who wants something corrected', () => {
  const clock = new TestClock();
  let fixture: ContactsFixture;
  let checking: CheckCorrections;
  let correcting: CorrectEndpoints;
  let tenantId: string;
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock });
    checking = new CheckCorrections(fixture.uow, fixture.hashes);
    const outbox = new Outbox({ service: 'contacts', topics, clock, committed: () => undefined });
    const revocations = new Revocations(fixture.signals);
    correcting = new CorrectEndpoints(new SpecialCases(), fixture.hashes, revocations, outbox, clock);
  });
  beforeEach(() => {
    tenantId = newId();
  });
  afterAll(() => fixture.drop());

  const field = (which: datarightsV1.PersonField, value: string, endpointId = '') => ({
    ...{ field: which, value, endpointId, previous: '' },
  });
  const check = async (contactId: string, ...corrections: datarightsV1.Correction[]): Promise<Correction[]> =>
    (await checking.check(fixture.caller(tenantId), { contactId, corrections })).corrections.map(
      correctionFromWire,
    );

  /** What an order does to the rows here; libs/data-rights carries it out, and privacy's specs the whole way. */
  async function carriedOut(contactId: string, corrections: readonly Correction[]): Promise<void> {
    const order: Order = {
      ...{ orderId: newId(), requestId: newId(), orderNumber: 1, subjectId: contactId, kind: 'contact' },
      ...{ subjectIds: [contactId], handle: newId(), objects: false, corrects: true },
    };
    await fixture.uow.run(
      tenantId,
      async (tx) => {
        await correcting.before(tx, corrections);
        await lockSubjectsForCorrection(tx, [contactId]);
        const lastName = corrections.find((each) => each.field === 'last_name');
        if (lastName)
          await tx.execute('update contact set last_name = $3 where tenant_id = $1 and contact_id = $2', [
            ...[tx.tenantId, contactId, lastName.value],
          ]);
        await correcting.correct(tx, order, corrections);
        await correcting.after(tx, order, corrections);
      },
      { role: 'eraser' },
    );
  }
  const corrected = async (contactId: string, ...asked: datarightsV1.Correction[]): Promise<void> =>
    carriedOut(contactId, await check(contactId, ...asked));
  /** As its consumers will read it. */
  const published = async () => {
    const client = new pg.Client({ connectionString: fixture.main.superuserUrl });
    await client.connect();
    const { rows } = await client.query<{ payload: Buffer }>(
      'select payload from heed.outbox where tenant_id = $1 and type = $2 order by seq',
      [tenantId, SubjectCorrected.name],
    );
    await client.end();
    return rows.map(({ payload }) => SubjectCorrected.codec.decode(payload));
  };
  const addresses = async (contactId: string) =>
    (await fixture.as(tenantId, (tx) => endpointsOf(tx, [contactId]))).map(({ address }) => address).sort();
  const endpointOf = async (contactId: string, channel: 'email' | 'voice') =>
    (await fixture.as(tenantId, (tx) => endpointsOf(tx, [contactId]))).find(
      (each) => each.channel === channel,
    )!;
  const outcome = (contactId: string) => fixture.outcome(tenantId, fixture.ask(contactId));
  const refusedAs = (asked: Promise<unknown>) =>
    asked.then(
      () => 'accepted',
      (error: { reason: string }) => error.reason,
    );

  it('is answered in the form in which it is kept, with the address that goes', async () => {
    const { contactId, email } = await fixture.person(tenantId);
    const { endpointId } = await endpointOf(contactId, 'email');
    const New = `New.${newId()}@EXAMPLE.org`;
    expect(await check(contactId, field(EMAIL, ` ${New} `), field(LAST_NAME, ' Byron '))).toEqual([
      { field: 'email', value: New.replace('EXAMPLE', 'example'), endpointId, previous: email },
      { field: 'last_name', value: 'Byron', endpointId: '', previous: '' },
    ]);
  });

  it('is refused by the rules of new contacts, before anything is kept', async () => {
    const [ada, bo] = [await fixture.person(tenantId), await fixture.person(tenantId)];
    const refusals = [
      [field(EMAIL, 'no address'), 'INVALID_ARGUMENT'],
      [field(PersonField.PERSON_FIELD_COUNTRY, 'Atlantis'), 'INVALID_ARGUMENT'],
      [field(PersonField.PERSON_FIELD_NAME, 'Ada'), 'INVALID_ARGUMENT'],
      [field(LAST_NAME, 'a\u0000b'), 'INVALID_ARGUMENT'],
      [field(EMAIL, bo.email), 'ENDPOINT_TAKEN'],
      [field(EMAIL, 'ada@example.org', newId()), 'ENDPOINT_NOT_FOUND'],
      [field(EMAIL, ''), 'LAST_ENDPOINT'],
      [field(PHONE, ''), 'INVALID_ARGUMENT'],
    ] as const;
    for (const [asked, reason] of refusals)
      expect([asked.value, await refusedAs(check(ada.contactId, asked))]).toEqual([asked.value, reason]);
    const twice = [field(LAST_NAME, 'One'), field(LAST_NAME, 'Two')];
    expect(await refusedAs(check(ada.contactId, ...twice))).toBe('INVALID_ARGUMENT');
    expect(await refusedAs(check(newId(), field(LAST_NAME, 'X')))).toBe('CONTACT_NOT_FOUND');
    await fixture.erase(tenantId, bo.contactId, { objects: true });
    expect(await refusedAs(check(ada.contactId, field(EMAIL, bo.email)))).toBe('SUPPRESSED');
  });

  it('has a new endpoint in the place of the old, of which nothing is left, and is revoked what senders hold', async () => {
    const { contactId, email } = await fixture.person(tenantId);
    const old = await endpointOf(contactId, 'email');
    const right = `right-${newId()}@example.org`;
    await corrected(contactId, field(EMAIL, right));
    expect(await addresses(contactId)).toEqual([right]);
    expect((await endpointOf(contactId, 'email')).endpointId).not.toBe(old.endpointId);
    const heard = JSON.stringify(fixture.signals.heard.map(({ data }) => data));
    expect(heard).toContain(contactId);
    const { contactIds } = await fixture.reading.find(fixture.caller(tenantId), {
      emails: [email],
      phones: [],
    });
    expect(contactIds).toEqual([]);
    expect(await outcome(contactId)).toBe('permit');
    const told = await published();
    expect(told).toMatchObject([{ contactId, fields: ['email'] }]);
    expect(JSON.stringify(told)).not.toContain('example.org');
  });

  it('has another spelling of the same address as it should be, under the same hash', async () => {
    const { contactId, email } = await fixture.person(tenantId);
    const before = await endpointOf(contactId, 'email');
    await corrected(
      contactId,
      field(
        EMAIL,
        email.replace(/[a-f](?=.*@)/, (letter) => letter.toUpperCase()),
      ),
    );
    const after = await endpointOf(contactId, 'email');
    expect(after.address).not.toBe(email);
    expect(after.endpointHash.equals(before.endpointHash)).toBe(true);
  });

  it('2.4 keeps what they said themselves: an opt-out stays with them at the new address', async () => {
    const { contactId } = await fixture.person(tenantId);
    await fixture.optOut(tenantId, contactId);
    await corrected(contactId, field(EMAIL, `right-${newId()}@example.org`));
    expect(await outcome(contactId)).toBe('opted_out');
  });

  it('2.4 is not written to at the new address where a no was heard from the old one, of nobody in particular', async () => {
    const { contactId, email } = await fixture.person(tenantId);
    await fixture.optOut(tenantId, '', {
      heardFrom: { endpointId: '', optOutToken: '', address: email, endpointHash: Buffer.alloc(0) },
    });
    await corrected(contactId, field(EMAIL, `right-${newId()}@example.org`));
    expect(await outcome(contactId)).toBe('opted_out');
  });

  it('5.12 is written to at the new address still where they had answered that no by a form', async () => {
    const { contactId, email } = await fixture.person(tenantId);
    const heardFrom = { endpointId: '', optOutToken: '', address: email, endpointHash: Buffer.alloc(0) };
    await fixture.optOut(tenantId, '', { heardFrom });
    const desk = new SignUpDesk(fixture, tenantId);
    await desk.signedUp(await desk.form(), email);
    expect(await outcome(contactId)).toBe('permit');
    await corrected(contactId, field(EMAIL, `right-${newId()}@example.org`));
    expect(await outcome(contactId)).toBe('permit');
  });

  it('2.4 leaves their no with the address that goes, which no file brings back, but not where only its spelling changes', async () => {
    const { contactId, email } = await fixture.person(tenantId, { phone: '+447400123456' });
    await fixture.optOut(tenantId, contactId);
    const respelt = email.replace(/[a-f](?=.*@)/, (letter) => letter.toUpperCase());
    await corrected(contactId, field(EMAIL, respelt));
    await clock.advance(1_000);
    await fixture.consent(tenantId, contactId);
    expect(await outcome(contactId)).toBe('permit');
    await corrected(contactId, field(EMAIL, `right-${newId()}@example.org`));
    expect(await outcome(contactId)).toBe('permit');
    const listId = await fixture.list(tenantId);
    const consent = 'consent_purpose,consent_channel,consent_basis,consent_at,consent_source';
    const csv = `email,${consent}\n${email},newsletter,email,consent,2025-06-01,web form\n`;
    expect(await fixture.import(tenantId, listId, csv)).toMatchObject({ created: 1, consents: 1 });
    const { contactIds } = await fixture.reading.find(fixture.caller(tenantId), {
      emails: [email],
      phones: [],
    });
    expect(await outcome(contactIds[0]!)).toBe('suppressed');
  });

  it('waits for an import with nobody locked that the import may be about to lock', async () => {
    const { contactId } = await fixture.person(tenantId);
    const right = `right-${newId()}@example.org`;
    let correction = Promise.resolve();
    await fixture.as(tenantId, async (tx) => {
      await lockForNewAddresses(tx);
      const [{ pid } = {}] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      correction = corrected(contactId, field(EMAIL, right));
      await fixture.somebodyWaitsFor(pid!);
      expect([...(await lockSubjects(tx, [contactId]))]).toEqual([contactId]);
    });
    await correction;
    expect(await addresses(contactId)).toEqual([right]);
  });

  it('keeps the old address where the new one was taken since, or is that of somebody erased, and has the rest corrected', async () => {
    for (const change of ['taken', 'erased'] as const) {
      tenantId = newId();
      const { contactId, email } = await fixture.person(tenantId);
      const right = `right-${newId()}@example.org`;
      const corrections = await check(contactId, field(EMAIL, right), field(LAST_NAME, 'Byron'));
      const other = await fixture.person(tenantId, { email: right });
      if (change === 'erased') await fixture.erase(tenantId, other.contactId, { objects: true });
      await carriedOut(contactId, corrections);
      expect(await addresses(contactId)).toEqual([email]);
      const { lastName } = await fixture.reading.get(fixture.caller(tenantId), contactId);
      expect(lastName).toBe('Byron');
      expect(await published()).toMatchObject([{ contactId, fields: ['last_name'] }]);
    }
  });

  it('is corrected although restricted, and stays so', async () => {
    const { contactId } = await fixture.person(tenantId);
    await fixture.uow.run(tenantId, (tx) => restrictSubjects(tx, [contactId], 'contact', newId()), {
      role: 'eraser',
    });
    const right = `right-${newId()}@example.org`;
    await corrected(contactId, field(EMAIL, right), field(LAST_NAME, 'Byron'));
    expect(await addresses(contactId)).toEqual([right]);
    const [subject] = await fixture.as(tenantId, (tx) =>
      tx.query<{ restricted_by: string | null }>(
        'select restricted_by from heed.subject where tenant_id = $1 and subject_id = $2',
        [tenantId, contactId],
      ),
    );
    expect(subject?.restricted_by).not.toBeNull();
  });

  it('is not undone by the next file, which may still say what nobody corrected', async () => {
    const { contactId } = await fixture.person(tenantId);
    const right = `right-${newId()}@example.org`;
    await corrected(contactId, field(EMAIL, right), field(LAST_NAME, 'Byron'));
    const listId = await fixture.list(tenantId);
    const csv = `email,phone,first_name,last_name\n${right},+447400123456,Augusta,Okafor\n`;
    expect(await fixture.import(tenantId, listId, csv)).toMatchObject({ accepted: 1, updated: 1 });
    const known = await fixture.reading.get(fixture.caller(tenantId), contactId);
    expect([known.firstName, known.lastName]).toEqual(['Augusta', 'Byron']);
    expect(await addresses(contactId)).toEqual(['+447400123456', right]);
  });
});
