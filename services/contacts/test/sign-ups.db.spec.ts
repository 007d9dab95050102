import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { newId } from '@heed/kernel';
import { brokenPromises, TestClock } from '@heed/testing';
import { endpointsOf, insertEndpoints } from '../src/contacts/endpoint.store.js';
import { CONFIRMED_WITHIN_MS, MOST_MAILS_BY_FORM, ONE_MAIL_WITHIN_MS } from '../src/sign-ups/sign-up.js';
import { ContactsFixture, outcomeOf, reasonOf } from './contacts-fixture.js';
import { SignUpDesk } from './sign-up-desk.js';

describe('signing up', () => {
  let fixture: ContactsFixture;
  const clock = new TestClock();
  let tenantId: string;
  let desk: SignUpDesk;
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock });
  });
  beforeEach(async () => {
    tenantId = newId();
    desk = new SignUpDesk(fixture, tenantId);
    await fixture.tendDays();
  });
  afterAll(() => fixture.drop());

  const address = () => `${newId()}@example.org`;
  const count = async (table: string): Promise<number> => {
    const sql = `select count(*)::int as n from ${table} where tenant_id = $1`;
    return (await fixture.rows<{ n: number }>(tenantId, sql))[0]!.n;
  };
  const permitted = (contactId: string, more = {}) => fixture.outcome(tenantId, fixture.ask(contactId, more));
  /** Said from the address itself, by the link of a mail. */
  async function leavesByLink(contactId: string, scope: 'this' | 'everything' = 'this'): Promise<void> {
    const { answers } = await fixture.issue(tenantId, fixture.ask(contactId));
    if (answers[0]!.answer?.$case !== 'permit') throw new Error(outcomeOf(answers[0]!));
    const token = answers[0]!.answer.value.optOutUrl.split('/').at(-1)!;
    await fixture.followLink.follow(token, { source: 'page', scope });
  }

  it('makes nobody a contact until the owner of the address confirms, and then one who agreed', async () => {
    const form = await desk.form();
    const email = address();
    await desk.send(form, email, { last_name: 'Okafor' });
    expect([await count('contact'), await count('consent_entry'), await count('sign_up')]).toEqual([0, 0, 1]);
    const [mail] = await desk.mails();
    expect(mail).toMatchObject({ templateId: form.templateId, language: 'en' });
    // Nothing else is mailed to them, and nothing by another attempt.
    expect(await permitted(mail!.contactId)).toBe('unknown_contact');
    const other = { ...mail!, attemptId: newId() };
    expect(outcomeOf(await desk.permit(other))).toBe('not_asked');

    await desk.confirm(await desk.token(mail!));
    expect([await count('contact'), await count('consent_entry'), await count('sign_up')]).toEqual([1, 1, 0]);
    expect(await permitted(mail!.contactId)).toBe('permit');
    const [contact] = await fixture.rows(tenantId, 'select * from contact where tenant_id = $1');
    expect(contact).toMatchObject({ first_name: 'Ada', last_name: 'Okafor', source: 'sign_up' });
    const members = await fixture.rows(tenantId, 'select * from list_member where tenant_id = $1');
    expect(members).toMatchObject([{ list_id: form.listId, contact_id: mail!.contactId }]);
  });

  it('keeps what was shown, typed and pressed with the consent, sealed', async () => {
    const form = await desk.form({ language: 'de', sender: 'News@Acme.example' });
    const { contactId } = await desk.signedUp(form, address());
    const [entry] = await fixture.rows<{ entry_id: string; sealed: Buffer }>(
      tenantId,
      `select e.*, v.sealed from consent_entry e join consent_evidence v using (tenant_id, entry_id)
       where e.tenant_id = $1`,
    );
    expect(entry).toMatchObject({ source: 'sign_up', basis: 'consent', sender: 'news@acme.example' });
    const place = { table: 'consent_evidence', row: entry!.entry_id, column: 'sealed' };
    const evidence = await fixture.sealing.open(tenantId, contactId, place, entry!.sealed);
    expect(JSON.parse(evidence.toString())).toMatchObject({
      form: { id: form.signUpFormId, wordingVersion: 1 },
      wording: form.wording,
      signedUp: { network: '192.0.2.0/24', userAgent: 'Browser/1.0' },
      confirmed: { network: '198.51.100.0/24', userAgent: 'Mail/2.0' },
    });
    expect(await brokenPromises(fixture.main)).toEqual([]);
  });

  it('is confirmed once: pressed twice it is the same, and it takes back no opt-out that came after it', async () => {
    const form = await desk.form();
    const { contactId, token } = await desk.signedUp(form, address());
    await desk.confirm(token);
    expect(await count('consent_entry')).toBe(1);
    await leavesByLink(contactId);
    await desk.confirm(token);
    expect(await permitted(contactId)).toBe('opted_out');
  });

  it('is over after 48 hours, and what nobody confirmed is forgotten with its key', async () => {
    const form = await desk.form();
    await desk.send(form, address());
    const [mail] = await desk.mails();
    const token = await desk.token(mail!);
    await clock.advance(CONFIRMED_WITHIN_MS + 1_000);
    await fixture.tendDays();
    expect(await reasonOf(desk.confirm(token))).toBe('SIGN_UP_OVER');
    expect(outcomeOf(await desk.permit(mail!))).toBe('not_asked');
    await fixture.due.runDue(['sign-ups']);
    expect(await count('sign_up')).toBe(0);
    expect(await fixture.sealing.subjectsWithKeys(tenantId, [mail!.contactId])).toEqual([]);
  });

  it('is kept beyond that with its key where a hold keeps it, and goes after the release', async () => {
    await desk.send(await desk.form(), address());
    const { contactId } = (await desk.mails())[0]!;
    const told = (released: boolean) =>
      fixture.as(tenantId, (tx) =>
        tx.execute(
          `insert into heed.hold values ($1, $2, $2, $3)
           on conflict (tenant_id, hold_id) do update set released = excluded.released`,
          [tenantId, contactId, released],
        ),
      );
    await told(false);
    await clock.advance(CONFIRMED_WITHIN_MS + 1_000);
    await fixture.due.runDue(['sign-ups']);
    expect(await count('sign_up')).toBe(1);
    expect(await fixture.sealing.subjectsWithKeys(tenantId, [contactId])).toEqual([contactId]);
    await told(true);
    await clock.advance(24 * 3_600_000 + 1_000);
    await fixture.due.runDue(['sign-ups']);
    expect(await count('sign_up')).toBe(0);
    expect(await fixture.sealing.subjectsWithKeys(tenantId, [contactId])).toEqual([]);
  });

  it('keeps the key of whoever confirmed', async () => {
    const { contactId } = await desk.signedUp(await desk.form(), address());
    await clock.advance(CONFIRMED_WITHIN_MS + 1_000);
    await fixture.due.runDue(['sign-ups']);
    expect(await fixture.sealing.subjectsWithKeys(tenantId, [contactId])).toEqual([contactId]);
  });

  it('believes no token of another tenant, none that was altered, and none of a sign-up that is not there', async () => {
    await desk.send(await desk.form(), address());
    const token = await desk.token((await desk.mails())[0]!);
    const bytes = Buffer.from(token, 'base64url');
    const other = newId();
    await new SignUpDesk(fixture, other).signedUp(await new SignUpDesk(fixture, other).form(), address());
    const ofOther = Buffer.from(bytes);
    Buffer.from(other.replaceAll('-', ''), 'hex').copy(ofOther, 1);
    expect(await reasonOf(desk.confirm(ofOther.toString('base64url')))).toBe('LINK_INVALID');
    const longer = Buffer.from(bytes);
    longer.writeUInt8(longer[40]! ^ 1, 40);
    expect(await reasonOf(desk.confirm(longer.toString('base64url')))).toBe('LINK_INVALID');
    const [madeUp] = await fixture.signUpLinks.mint([
      { tenantId, signUpId: newId(), expiresAt: new Date(clock.now().getTime() + 60_000) },
    ]);
    expect(await reasonOf(desk.confirm(madeUp!.split('/').at(-1)!))).toBe('SIGN_UP_OVER');
    expect(await count('contact')).toBe(0);
  });

  it('asks an address once, however often a form is sent for it at once', async () => {
    const form = await desk.form();
    const email = address();
    const sealing = jest.spyOn(fixture.sealing, 'sealMany');
    for (let sent = 0; sent < 1_000; sent += 100)
      await Promise.all(Array.from({ length: 100 }, () => desk.send(form, email)));
    expect(await desk.mails()).toHaveLength(1);
    expect(await count('sign_up')).toBe(1);
    // Those who came too late leave no key behind, and nothing to do.
    const [mail] = await desk.mails();
    const ids = sealing.mock.calls.flatMap(([, items]) => items.map(({ subjectId }) => subjectId));
    sealing.mockRestore();
    expect(await fixture.sealing.subjectsWithKeys(tenantId, ids)).toEqual([mail!.contactId]);
  });

  it('asks it again later, by the same form and by others, but not for ever', async () => {
    const [form, other] = [await desk.form(), await desk.form()];
    const email = address();
    await desk.send(form, email);
    await desk.send(other, email);
    expect(await desk.mails()).toHaveLength(1);
    for (let again = 1; again <= MOST_MAILS_BY_FORM; again += 1) {
      await clock.advance(ONE_MAIL_WITHIN_MS + 1_000);
      await desk.send(form, email);
    }
    expect(await desk.mails()).toHaveLength(MOST_MAILS_BY_FORM);
    // Only the last mail's attempt may still be made.
    const [first, , last] = await desk.mails();
    expect(outcomeOf(await desk.permit(first!))).toBe('not_asked');
    await desk.confirm(await desk.token(last!));
    expect(await count('contact')).toBe(1);
  });

  it('confirms by a link what its own mail was about: typed again, the one before is void', async () => {
    const form = await desk.form();
    const email = address();
    await desk.send(form, email, { first_name: 'Ada' });
    const earlier = await desk.token((await desk.mails())[0]!);
    await clock.advance(ONE_MAIL_WITHIN_MS + 1_000);
    await desk.send(form, email, { first_name: 'Eve' });
    expect(await reasonOf(desk.confirm(earlier))).toBe('SIGN_UP_OVER');
    expect(await count('contact')).toBe(0);
    await desk.confirm(await desk.token((await desk.mails())[1]!));
    const [kept] = await fixture.rows<{ first_name: string; signed_up_at: Date }>(
      tenantId,
      'select first_name, signed_up_at from contact join sign_up_confirmation using (tenant_id, contact_id) where tenant_id = $1',
    );
    expect(kept).toEqual({ first_name: 'Eve', signed_up_at: clock.now() });
  });

  it('adds the consent to the one contact who has the address, whose name stays as it is', async () => {
    const { contactId, email } = await fixture.person(tenantId, { agrees: false });
    const { contactId: confirmed } = await desk.signedUp(await desk.form(), email.toUpperCase());
    expect(confirmed).toBe(contactId);
    expect(await count('contact')).toBe(1);
    expect(await permitted(contactId)).toBe('permit');
  });

  it('makes somebody new where several have the address: nobody can tell which of them it was', async () => {
    const { contactId, email } = await fixture.person(tenantId, { agrees: false });
    const { contactId: other } = await fixture.person(tenantId, { agrees: false });
    await fixture.as(tenantId, async (tx) => {
      const [endpoint] = await endpointsOf(tx, [contactId]);
      const forms = { hashes: [endpoint!.endpointHash], formed: 1_001 };
      await insertEndpoints(
        tx,
        [{ ...endpoint!, endpointId: newId(), contactId: other, forms }],
        clock.now(),
      );
    });
    const { contactId: confirmed } = await desk.signedUp(await desk.form(), email);
    expect([contactId, other]).not.toContain(confirmed);
    expect(await Promise.all([contactId, other, confirmed].map((id) => permitted(id)))).toEqual([
      ...['no_consent', 'no_consent', 'permit'],
    ]);
  });
});
