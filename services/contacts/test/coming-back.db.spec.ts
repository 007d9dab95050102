import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { contactsV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { brokenPromises, TestClock } from '@heed/testing';
import { ONE_MAIL_WITHIN_MS } from '../src/sign-ups/sign-up.js';
import { ContactsFixture, outcomeOf, reasonOf } from './contacts-fixture.js';
import { SignUpDesk } from './sign-up-desk.js';

describe('somebody who said no and comes back by themselves', () => {
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

  const email = () => `${newId()}@example.org`;
  const permitted = (contactId: string, more = {}) => fixture.outcome(tenantId, fixture.ask(contactId, more));
  async function linkOf(contactId: string): Promise<string> {
    const { answers } = await fixture.issue(tenantId, fixture.ask(contactId));
    if (answers[0]!.answer?.$case !== 'permit') throw new Error(outcomeOf(answers[0]!));
    return answers[0]!.answer.value.optOutUrl.split('/').at(-1)!;
  }
  const leave = async (link: string, scope: 'this' | 'sender' | 'everything' = 'this') =>
    fixture.followLink.follow(link, { source: 'page', scope });
  /** Said no from their address, and were erased and objected. */
  async function erased(): Promise<{ contactId: string; address: string }> {
    const { contactId, email: address } = await fixture.person(tenantId, { email: email() });
    await leave(await linkOf(contactId), 'everything');
    await fixture.erase(tenantId, contactId, { objects: true });
    return { contactId, address };
  }

  it('5.12 is a new contact, whom the suppression of what they agreed to does not silence', async () => {
    const { contactId: before, address } = await erased();
    const created = fixture.person(tenantId, { email: address });
    expect(await reasonOf(created)).toBe('SUPPRESSED');

    const { contactId } = await desk.signedUp(await desk.form(), address);
    expect(contactId).not.toBe(before);
    expect(await permitted(contactId)).toBe('permit');
    // And nothing else is lifted: not what they did not agree to, not the fence around who they were.
    expect(await permitted(contactId, { purpose: 'offers' })).toBe('suppressed');
    expect(await permitted(before)).toBe('unknown_contact');
    const listed = await fixture.rows(tenantId, 'select * from suppression where tenant_id = $1');
    expect(listed).toHaveLength(2);
    expect(await brokenPromises(fixture.main)).toEqual([]);
  });

  it('5.12 says no once more from there, and is silent once more; and may come back again', async () => {
    const { address } = await erased();
    const form = await desk.form();
    const { contactId } = await desk.signedUp(form, address);
    const link = await linkOf(contactId);
    await leave(link);
    expect(await permitted(contactId)).toBe('opted_out');
    await fixture.erase(tenantId, contactId);
    // Whoever has the address by a file is bound by it.
    const [ended] = await fixture.rows(
      tenantId,
      'select * from suppression where tenant_id = $1 and purpose = $2',
      ['newsletter'],
    );
    expect(ended).toMatchObject({ reason: 'opt_out', channel: 'email' });
    await clock.advance(ONE_MAIL_WITHIN_MS + 1_000);
    expect(await permitted((await desk.signedUp(form, address)).contactId)).toBe('permit');
    expect(await brokenPromises(fixture.main)).toEqual([]);
  });

  it('5.12 silences, by a no from the address, everybody who has it, whoever confirmed from there', async () => {
    const { contactId, email: address } = await fixture.person(tenantId);
    const link = await linkOf(contactId);
    await leave(link);
    await desk.signedUp(await desk.form(), address);
    expect(await permitted(contactId)).toBe('permit');
    // By the old link, which is theirs still.
    await leave(link);
    const open = await fixture.rows(
      tenantId,
      'select * from sign_up_confirmation where tenant_id = $1 and ended_at is null',
    );
    expect(open).toEqual([]);
    expect(await permitted(contactId)).toBe('opted_out');
  });

  it('keeps a no to a sender that they did not name, and a no on another channel', async () => {
    const { contactId, email: address } = await fixture.person(tenantId, { phone: '+442079460018' });
    await fixture.consent(tenantId, contactId, typesV1.Channel.CHANNEL_VOICE);
    await leave(await linkOf(contactId), 'sender');
    await fixture.optOut(tenantId, contactId, { channel: typesV1.Channel.CHANNEL_VOICE });
    await desk.signedUp(await desk.form(), address);
    expect(await permitted(contactId)).toBe('opted_out');
    expect(await permitted(contactId, { sender: 'other@acme.example' })).toBe('permit');
    expect(await permitted(contactId, { channel: 'voice' })).toBe('opted_out');
    await clock.advance(ONE_MAIL_WITHIN_MS + 1_000);
    await desk.signedUp(await desk.form({ sender: 'news@acme.example' }), address);
    expect(await permitted(contactId)).toBe('permit');
    expect(await brokenPromises(fixture.main)).toEqual([]);
  });

  it('answers a list of those who said no, for themselves', async () => {
    const { contactId, email: address } = await fixture.person(tenantId);
    await fixture.addSuppressions.add(fixture.caller(tenantId), {
      ...{ kind: contactsV1.SuppressionKind.SUPPRESSION_KIND_ADDRESS, entries: [address], purpose: '' },
      ...{ reason: 'unsubscribed', channel: typesV1.Channel.CHANNEL_UNSPECIFIED },
    });
    expect(await permitted(contactId)).toBe('suppressed');
    await desk.signedUp(await desk.form(), address);
    expect(await permitted(contactId)).toBe('permit');
    expect(await permitted(contactId, { purpose: 'offers' })).toBe('suppressed');
  });

  describe('and is erased in between', () => {
    it('finds the link void: of what was typed before nothing is left', async () => {
      const { contactId, email: address } = await fixture.person(tenantId);
      await desk.send(await desk.form(), address);
      const [mail] = await desk.mails();
      const token = await desk.token(mail!);
      await fixture.erase(tenantId, contactId, { objects: true });
      expect(await reasonOf(desk.confirm(token))).toBe('SIGN_UP_OVER');
      expect(outcomeOf(await desk.permit(mail!))).toBe('not_asked');
      expect(await fixture.rows(tenantId, 'select 1 from sign_up where tenant_id = $1')).toEqual([]);
      expect(await fixture.rows(tenantId, 'select 1 from contact where tenant_id = $1')).toEqual([]);
    });

    it('is found by address while they are no contact yet, and bound by their objection', async () => {
      const address = email();
      const form = await desk.form();
      await desk.send(form, address);
      const token = await desk.token((await desk.mails())[0]!);
      const caller = fixture.caller(tenantId);
      const { contactIds } = await fixture.reading.find(caller, { emails: [address], phones: [] });
      expect(contactIds).toHaveLength(1);
      await fixture.erase(tenantId, contactIds[0]!, { objects: true });
      expect(await reasonOf(desk.confirm(token))).toBe('SIGN_UP_OVER');
      expect(await reasonOf(fixture.person(tenantId, { email: address }))).toBe('SUPPRESSED');
      // What they type afterwards is theirs again, and somebody new.
      const { contactId } = await desk.signedUp(form, address);
      expect(contactId).not.toBe(contactIds[0]);
    });

    it('confirms nothing from the moment on that their request has stopped them', async () => {
      const { contactId, email: address } = await fixture.person(tenantId);
      await desk.send(await desk.form(), address);
      const token = await desk.token((await desk.mails())[0]!);
      await fixture.stopPermits.stop(fixture.caller(tenantId), {
        ...contactsV1.StopPermitsRequest.fromPartial({ contactIds: [contactId], requestId: newId() }),
      });
      expect(await reasonOf(desk.confirm(token))).toBe('SIGN_UP_OVER');
    });

    it('5.12 in the same instant, is either erased with the consent or finds the link void', async () => {
      const { contactId, email: address } = await fixture.person(tenantId);
      await desk.send(await desk.form(), address);
      const token = await desk.token((await desk.mails())[0]!);
      const [said] = await Promise.all([
        reasonOf(desk.confirm(token)),
        fixture.erase(tenantId, contactId, { objects: true }),
      ]);
      expect(['accepted', 'SIGN_UP_OVER']).toContain(said);
      for (const table of ['contact', 'consent_entry', 'sign_up', 'sign_up_confirmation', 'endpoint'])
        expect(await fixture.rows(tenantId, `select 1 from ${table} where tenant_id = $1`)).toEqual([]);
    });
  });

  it('confirms once when the button is pressed many times at once', async () => {
    const address = email();
    await desk.send(await desk.form({ purposes: ['newsletter', 'offers'] }), address);
    const token = await desk.token((await desk.mails())[0]!);
    await Promise.all(Array.from({ length: 20 }, () => desk.confirm(token)));
    const entries = await fixture.rows(tenantId, 'select * from consent_entry where tenant_id = $1');
    expect(entries).toHaveLength(2);
    expect(await fixture.rows(tenantId, 'select 1 from contact where tenant_id = $1')).toHaveLength(1);
  });
});
