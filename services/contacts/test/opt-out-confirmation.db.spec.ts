import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { contactsV1, OPT_OUT_CONFIRMATION, OptOutConfirmationDue, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { TestClock } from '@heed/testing';
import { ContactsFixture, reasonOf } from './contacts-fixture.js';
import { SignUpDesk } from './sign-up-desk.js';

const { CHANNEL_EMAIL, CHANNEL_UNSPECIFIED, CHANNEL_VOICE } = typesV1.Channel;
const { CONSENT_SOURCE_AGENT, CONSENT_SOURCE_API, CONSENT_SOURCE_COMPLAINT, CONSENT_SOURCE_ONE_CLICK } =
  contactsV1.ConsentSource;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describe('the confirmation of an opt-out', () => {
  let fixture: ContactsFixture;
  const clock = new TestClock();
  let tenantId: string;
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock });
  });
  beforeEach(async () => {
    tenantId = newId();
    await fixture.tendDays();
    await rules({ sources: [CONSENT_SOURCE_AGENT, CONSENT_SOURCE_ONE_CLICK], withinMinutes: 5 });
  });
  afterAll(() => fixture.drop());

  const rules = (optOutConfirmation: Partial<contactsV1.OptOutConfirmation>, more = {}) =>
    fixture.updateContactRules.update(fixture.caller(tenantId), {
      contactRules: contactsV1.ContactRules.fromPartial({ optOutConfirmation, ...more }),
      updateMask: [],
    });

  /** What messaging is told of a contact's opt-outs, in order. */
  async function due(contactId: string): Promise<contactsV1.OptOutConfirmationDue[]> {
    const { rows } = await fixture.database
      .pool('probe')
      .query<{ payload: Buffer }>(
        'select payload from heed.outbox where tenant_id = $1 and type = $2 and key = $3 order by seq',
        [tenantId, OptOutConfirmationDue.name, contactId],
      );
    return rows.map(({ payload }) => OptOutConfirmationDue.codec.decode(payload));
  }

  async function optedOut(scope: Partial<contactsV1.RecordOptOutRequest> = {}): Promise<string> {
    const { contactId } = await fixture.person(tenantId);
    await fixture.optOut(tenantId, contactId, scope);
    return contactId;
  }

  const outcome = (contactId: string, attemptId: string) =>
    fixture.outcome(tenantId, fixture.ask(contactId, { attemptId, purpose: OPT_OUT_CONFIRMATION }));

  const explain = (contactId: string) =>
    fixture.explainPermit.explain(fixture.caller(tenantId), {
      ...{ contactId, purpose: OPT_OUT_CONFIRMATION, channel: CHANNEL_EMAIL, sender: '' },
    });

  it('speaks the language of the form that somebody signed up by, else that of the rules', async () => {
    await rules({ sources: [CONSENT_SOURCE_AGENT], withinMinutes: 5, language: 'fr' });
    expect((await due(await optedOut()))[0]).toMatchObject({ language: 'fr' });
    const desk = new SignUpDesk(fixture, tenantId);
    const { contactId } = await desk.signedUp(await desk.form({ language: 'hi' }), `${newId()}@example.org`);
    await fixture.optOut(tenantId, contactId);
    expect((await due(contactId))[0]).toMatchObject({ language: 'hi' });
    const naming = {
      frequencyCaps: [{ channel: CHANNEL_EMAIL, purpose: 'sign_up_confirmation', most: 1, periodHours: 1 }],
    };
    expect(await reasonOf(rules({ sources: [], withinMinutes: 5, language: '' }, naming))).toBe(
      'INVALID_ARGUMENT',
    );
  });

  it('is permitted to the attempt that it is bound to, although the address is suppressed and the person out', async () => {
    const { contactId } = await fixture.person(tenantId);
    const link = (await fixture.issue(tenantId, fixture.ask(contactId))).answers[0]!.answer!;
    if (link.$case !== 'permit') throw new Error('no permit');
    await fixture.followLink.follow(link.value.optOutUrl.split('/').at(-1)!, {
      ...{ source: 'one_click', scope: 'everything' },
    });
    const [told, ...others] = await due(contactId);
    expect(others).toEqual([]);
    expect(told).toMatchObject({ contactId, channel: CHANNEL_UNSPECIFIED, purpose: '' });
    expect(Date.parse(told!.confirmBy)).toBe(clock.now().getTime() + 5 * MINUTE_MS);
    expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe('opted_out');
    expect(await outcome(contactId, told!.attemptId)).toBe('permit');
    // Another, and that of somebody else, are not.
    expect(await outcome(contactId, newId())).toBe('confirmation_not_due');
    expect(await outcome((await fixture.person(tenantId)).contactId, told!.attemptId)).toBe(
      'confirmation_not_due',
    );
    const { allowed, rules: said } = await explain(contactId);
    expect(allowed).toBe(true);
    expect(said.filter(({ rule }) => rule === 'suppression').map(({ citation }) => citation)).toEqual([
      'GDPR 12(3); 47 CFR 64.1200(a)(12)',
    ]);
  });

  it('is not stopped by caps and hours, which cannot name it', async () => {
    const cap = { channel: CHANNEL_UNSPECIFIED, purpose: '', most: 1, periodHours: 24 };
    const sources = [CONSENT_SOURCE_AGENT];
    await rules({ sources, withinMinutes: 0 }, { frequencyCaps: [cap] });
    const { contactId } = await fixture.person(tenantId);
    expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe('permit');
    await fixture.optOut(tenantId, contactId);
    expect(await outcome(contactId, (await due(contactId))[0]!.attemptId)).toBe('permit');
    const naming = { frequencyCaps: [{ ...cap, purpose: OPT_OUT_CONFIRMATION }] };
    expect(await reasonOf(rules({ sources, withinMinutes: 0 }, naming))).toBe('INVALID_ARGUMENT');
  });

  it('ends with its minutes: no permit lives beyond them', async () => {
    const contactId = await optedOut();
    const [{ attemptId } = { attemptId: '' }] = await due(contactId);
    await clock.advance(5 * MINUTE_MS - 1_000);
    expect(await outcome(contactId, attemptId)).toBe('permit');
    await clock.advance(1);
    expect(await outcome(contactId, attemptId)).toBe('confirmation_too_late');
    expect((await explain(contactId)).denial).toMatchObject({ rule: 'confirmation' });
  });

  it('is one in a day, whatever is switched off and on again', async () => {
    const contactId = await optedOut();
    await clock.advance(1);
    await fixture.consent(tenantId, contactId);
    await clock.advance(DAY_MS - 2);
    await fixture.tendDays();
    await fixture.optOut(tenantId, contactId);
    expect(await due(contactId)).toHaveLength(1);
    await clock.advance(1);
    await fixture.consent(tenantId, contactId);
    await fixture.optOut(tenantId, contactId);
    const told = await due(contactId);
    expect(told).toHaveLength(2);
    expect(await outcome(contactId, told[1]!.attemptId)).toBe('permit');
    // Out already, and a day later again: nothing is switched off, nothing is said.
    await clock.advance(DAY_MS);
    await fixture.tendDays();
    await fixture.optOut(tenantId, contactId);
    expect(await due(contactId)).toHaveLength(2);
  });

  it.each<[string, Partial<contactsV1.RecordOptOutRequest>]>([
    ['a source that the rule does not name', { source: CONSENT_SOURCE_API }],
    ['calls alone', { channel: CHANNEL_VOICE, purpose: 'newsletter' }],
    ['being tracked', { channel: CHANNEL_EMAIL, purpose: 'tracking' }],
  ])('is none of an opt-out of %s', async (_, scope) => {
    const contactId = await optedOut(scope);
    expect(await due(contactId)).toEqual([]);
    expect((await explain(contactId)).denial).toMatchObject({
      reason: contactsV1.DenialReason.DENIAL_REASON_CONFIRMATION_NOT_DUE,
    });
  });

  it('is none where the tenant has no rule, and never of a complaint', async () => {
    tenantId = newId();
    expect(await due(await optedOut())).toEqual([]);
    expect(await reasonOf(rules({ sources: [CONSENT_SOURCE_COMPLAINT], withinMinutes: 5 }))).toBe(
      'INVALID_ARGUMENT',
    );
  });

  it('does not reach whose request is worked, nor who was erased', async () => {
    const [stopped, erased] = [await optedOut(), await optedOut()];
    const [[ofStopped], [ofErased]] = [await due(stopped), await due(erased)];
    await fixture.stopPermits.stop(fixture.caller(tenantId), {
      ...{ contactIds: [stopped], requestId: newId(), restricts: false, requestIds: [] },
    });
    await fixture.erase(tenantId, erased);
    expect(await outcome(stopped, ofStopped!.attemptId)).toBe('stopped');
    expect(await outcome(erased, ofErased!.attemptId)).toBe('unknown_contact');
    expect(
      await fixture.rows(
        tenantId,
        'select 1 from opt_out_confirmation where tenant_id = $1 and contact_id = $2',
        [erased],
      ),
    ).toEqual([]);
  });
});
