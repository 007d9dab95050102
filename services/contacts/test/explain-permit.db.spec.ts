import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { contactsV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { TestClock } from '@heed/testing';
import { ContactsFixture } from './contacts-fixture.js';

const { CHANNEL_EMAIL, CHANNEL_UNSPECIFIED, CHANNEL_VOICE } = typesV1.Channel;

describe('an explanation', () => {
  let fixture: ContactsFixture;
  const clock = new TestClock();
  let tenantId: string;
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock });
  });
  beforeEach(() => {
    tenantId = newId();
  });
  afterAll(() => fixture.drop());

  const explain = (contactId: string, channel = CHANNEL_EMAIL, sender = 'news@acme.example') =>
    fixture.explainPermit.explain(fixture.caller(tenantId), {
      ...{ contactId, channel, purpose: 'newsletter', sender },
    });

  const setRules = (rules: Partial<contactsV1.ContactRules>) =>
    fixture.updateContactRules.update(fixture.caller(tenantId), {
      contactRules: contactsV1.ContactRules.fromPartial(rules),
      updateMask: [],
    });

  const cap = { channel: CHANNEL_EMAIL, purpose: '', most: 1, periodHours: 24 };
  /** Hours in which it is not now. */
  const elsewhen = (): contactsV1.ContactHours => {
    const hour = (clock.now().getUTCHours() + 12) % 23;
    const two = (value: number): string => String(value).padStart(2, '0');
    const common = { channel: CHANNEL_UNSPECIFIED, purpose: '', days: [], timeZone: 'UTC' };
    return { ...common, opens: `${two(hour)}:00`, closes: `${two(hour + 1)}:00` };
  };

  function verdictsOf({ rules }: contactsV1.ExplainPermitResponse): string[] {
    return rules.map(({ rule, reason, verdict }) => {
      const words = contactsV1.ruleVerdictToJSON(verdict).replace('RULE_VERDICT_', '').toLowerCase();
      return `${rule}/${contactsV1.denialReasonToJSON(reason).replace('DENIAL_REASON_', '').toLowerCase()} ${words}`;
    });
  }

  it('lists every rule that was looked at, with what it rests on', async () => {
    const { contactId } = await fixture.person(tenantId);
    await setRules({ frequencyCaps: [cap, { ...cap, channel: CHANNEL_VOICE }], contactHours: [elsewhen()] });
    const answer = await explain(contactId);
    expect(verdictsOf(answer)).toEqual([
      'quarantine/quarantine allows',
      'contact/unknown_contact allows',
      'request/stopped allows',
      'restriction/restricted allows',
      'endpoint/no_endpoint allows',
      'sender/opted_out allows',
      'consent/opted_out allows',
      'suppression/suppressed allows',
      'consent/no_consent allows',
      'endpoint/undeliverable allows',
      'contact_hours/outside_hours forbids',
      'frequency_cap/frequency_cap allows',
    ]);
    expect(answer.rules.every(({ citation }) => citation !== '')).toBe(true);
    expect(answer.denial).toMatchObject({ rule: 'contact_hours' });
    expect(answer.denial!.retryAfter).toBe(answer.rules[10]!.retryAfter);
    expect(Date.parse(answer.denial!.retryAfter)).toBeGreaterThan(clock.now().getTime());
  });

  it('tells no address, writes nothing and takes no place', async () => {
    const { contactId, email } = await fixture.person(tenantId);
    await setRules({ frequencyCaps: [cap] });
    const answers = [await explain(contactId), await explain(contactId)];
    expect(answers.map(({ allowed }) => allowed)).toEqual([true, true]);
    expect(JSON.stringify(answers)).not.toContain(email);
    expect(await fixture.rows(tenantId, 'select 1 from permit where tenant_id = $1')).toEqual([]);
    expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe('permit');
    expect((await explain(contactId)).denial).toMatchObject({ rule: 'frequency_cap' });
  });

  const nothing = async (): Promise<void> => undefined;
  it.each<[string, (contactId: string) => Promise<unknown>, typesV1.Channel]>([
    ['of whom everything allows it', nothing, CHANNEL_EMAIL],
    ['who opted out', (contactId) => fixture.optOut(tenantId, contactId), CHANNEL_EMAIL],
    [
      'who wants no more from the sender',
      (contactId) => fixture.optOut(tenantId, contactId, { sender: 'news@acme.example' }),
      CHANNEL_EMAIL,
    ],
    [
      'who wants no more from another sender',
      (contactId) => fixture.optOut(tenantId, contactId, { sender: 'news@other.example' }),
      CHANNEL_EMAIL,
    ],
    [
      'whose request is worked',
      (contactIds) =>
        fixture.stopPermits.stop(fixture.caller(tenantId), {
          ...{ contactIds: [contactIds], requestId: newId(), restricts: false, requestIds: [] },
        }),
      CHANNEL_EMAIL,
    ],
    [
      'whose data are restricted',
      (contactId) =>
        fixture.stopPermits.stop(fixture.caller(tenantId), {
          ...{ contactIds: [contactId], requestId: newId(), restricts: true, requestIds: [] },
        }),
      CHANNEL_EMAIL,
    ],
    ['who has no address there', nothing, CHANNEL_VOICE],
    ['who was erased', (contactId) => fixture.erase(tenantId, contactId), CHANNEL_EMAIL],
    ['outside the hours', () => setRules({ contactHours: [elsewhen()] }), CHANNEL_EMAIL],
    [
      'whose cap is full, and who then opted out',
      async (contactId) => {
        await setRules({ frequencyCaps: [cap] });
        await fixture.issue(tenantId, fixture.ask(contactId));
        await fixture.optOut(tenantId, contactId);
      },
      CHANNEL_EMAIL,
    ],
    ['in quarantine', async () => void fixture.groups.push(inQuarantine), CHANNEL_EMAIL],
  ])('of somebody %s is what a sender is told', async (_, change, channel) => {
    const { contactId } = await fixture.person(tenantId);
    await change(contactId);
    const explained = await explain(contactId, channel);
    const ask = fixture.ask(contactId, { channel: channel === CHANNEL_VOICE ? 'voice' : 'email' });
    const [told] = (await fixture.issue(tenantId, ask)).answers;
    fixture.groups.splice(0);
    expect(explained.denial).toEqual(told?.answer?.$case === 'denial' ? told.answer.value : undefined);
    expect(explained.allowed).toBe(told?.answer?.$case === 'permit');
  });

  const inQuarantine = {
    consumer: 'contacts.orders',
    state: 'quarantined',
    lag: 0,
    caughtUp: false,
  } as const;

  it('8.1 of somebody of another tenant is that of somebody whom nobody knows', async () => {
    const { contactId } = await fixture.person(tenantId);
    tenantId = newId();
    expect(await explain(contactId)).toEqual(await explain(newId()));
  });
});
