import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { TestClock } from '@heed/testing';
import { TRACKING } from '../src/consent/consent.js';
import { agreeingTo } from '../src/permits/agreeing.js';
import { ContactsFixture, outcomeOf } from './contacts-fixture.js';

const { CHANNEL_EMAIL } = typesV1.Channel;

describe('consent to be tracked', () => {
  const tenantId = newId();
  const clock = new TestClock();
  let fixture: ContactsFixture;
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock });
  });
  afterAll(() => fixture.drop());

  const agreed = async (basis = 'consent') => {
    const { contactId } = await fixture.person(tenantId);
    await fixture.consent(tenantId, contactId, CHANNEL_EMAIL, { purpose: TRACKING, basis });
    return contactId;
  };
  const withdraw = async (contactId: string, scope = { channel: CHANNEL_EMAIL, purpose: TRACKING }) => {
    // A no at the very instant of a yes is the later word by its number; this is about another day.
    await clock.advance(1_000);
    await fixture.optOut(tenantId, contactId, scope);
  };
  const mayTrack = async (contactId: string, tracking = true) => {
    const { answers } = await fixture.issue(tenantId, fixture.ask(contactId, { tracking }));
    const { answer } = answers[0]!;
    return answer?.$case === 'permit' ? answer.value.mayTrack : outcomeOf(answers[0]!);
  };
  const agreeing = (contactIds: readonly string[], purpose = TRACKING) =>
    fixture.uow.run(tenantId, (tx) =>
      agreeingTo(
        tx,
        purpose,
        contactIds.map((contactId) => ({ contactId, channel: 'email' as const })),
      ),
    );

  it('is not the consent to be written to', async () => {
    const { contactId } = await fixture.person(tenantId);
    expect(await mayTrack(contactId)).toBe(false);
    expect(await agreeing([contactId])).toEqual(new Set());
  });

  it('comes with the permit, where it is asked for', async () => {
    const contactId = await agreed();
    expect(await mayTrack(contactId)).toBe(true);
    expect(await mayTrack(contactId, false)).toBe(false);
  });

  it.each([
    ['tracking alone', { channel: CHANNEL_EMAIL, purpose: TRACKING }, false],
    ['everything', { channel: typesV1.Channel.CHANNEL_UNSPECIFIED, purpose: '' }, 'opted_out'],
  ])('ends with an opt-out from %s', async (_, scope, permit) => {
    const contactId = await agreed();
    await withdraw(contactId, scope);
    expect(await mayTrack(contactId)).toBe(permit);
    expect(await agreeing([contactId])).toEqual(new Set());
  });

  it('outlives the end of another purpose, and comes back when the person says so', async () => {
    const contactId = await agreed();
    await withdraw(contactId, { channel: CHANNEL_EMAIL, purpose: 'newsletter' });
    expect(await agreeing([contactId])).toEqual(new Set([contactId]));
    await withdraw(contactId);
    await clock.advance(1_000);
    await fixture.consent(tenantId, contactId, CHANNEL_EMAIL, { purpose: TRACKING });
    expect(await agreeing([contactId])).toEqual(new Set([contactId]));
  });

  it('rests on consent: no other legal basis will do', async () => {
    const contactId = await agreed('legitimate_interest');
    expect(await mayTrack(contactId)).toBe(false);
    expect(await agreeing([contactId])).toEqual(new Set());
  });

  it('lets nobody be written to', async () => {
    const contactId = await agreed();
    expect(await fixture.outcome(tenantId, fixture.ask(contactId, { purpose: TRACKING }))).toBe('no_consent');
  });

  it('is not given by who is unknown or erased, nor in another tenant', async () => {
    const [gone, other] = [await agreed(), await agreed()];
    await fixture.erase(tenantId, gone);
    expect(await agreeing([gone, other, newId()])).toEqual(new Set([other]));
    const elsewhere = await fixture.uow.run(newId(), (tx) =>
      agreeingTo(tx, TRACKING, [{ contactId: other, channel: 'email' }]),
    );
    expect(elsewhere).toEqual(new Set());
  });
});
