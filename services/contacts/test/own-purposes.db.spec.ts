import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ALL_OUTREACH, contactsV1, OWN_PURPOSES, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { decodeLeaf } from '@heed/permits';
import { TestClock } from '@heed/testing';
import { ContactsFixture } from './contacts-fixture.js';

const { CHANNEL_EMAIL, CHANNEL_UNSPECIFIED } = typesV1.Channel;

/** What a person can be like, and what is then answered for a purpose: that needs consent, of a contract, of a law. */
type Row = [state: string, consent: string, contract: string, law: string];

describe('purposes that no consent is asked for', () => {
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

  const silent = { agrees: false };
  const made: Record<string, () => Promise<string>> = {
    'who never said anything': async () => (await fixture.person(tenantId, silent)).contactId,
    'who agreed to the newsletter': async () => (await fixture.person(tenantId)).contactId,
    'who left the newsletter': () => optedOut({ purpose: 'newsletter' }),
    'who said STOP': () => optedOut({ channel: CHANNEL_EMAIL, purpose: ALL_OUTREACH }),
    'who said STOP after they wanted nothing at all': async () => {
      const contactId = await optedOut({});
      await fixture.optOut(tenantId, contactId, { channel: CHANNEL_EMAIL, purpose: ALL_OUTREACH });
      return contactId;
    },
    'who wants nothing by email': () => optedOut({ channel: CHANNEL_EMAIL }),
    'who wants nothing at all': () => optedOut({}),
    'who wants no receipts': () => optedOut({ purpose: 'receipt' }),
    'who wants no notices of breaches': () => optedOut({ purpose: 'breach_notice' }),
    'from whose address somebody said STOP': () => suppressedFor(ALL_OUTREACH),
    'from whose address somebody wants nothing': () => suppressedFor(''),
    'whose request is worked': async () => {
      const { contactId } = await fixture.person(tenantId);
      await fixture.stopPermits.stop(fixture.caller(tenantId), {
        ...{ contactIds: [contactId], requestId: newId(), restricts: false, requestIds: [] },
      });
      return contactId;
    },
    'whose mail comes back': async () => {
      const { contactId } = await fixture.person(tenantId);
      await fixture.rows(
        tenantId,
        `insert into endpoint_state (tenant_id, endpoint_id, contact_id, state, reason, failures, heard_at)
         select tenant_id, endpoint_id, contact_id, 'undeliverable', '5_1_1', 1, $3 from endpoint
         where tenant_id = $1 and contact_id = $2`,
        [contactId, clock.now()],
      );
      return contactId;
    },
    'who was erased': async () => {
      const { contactId } = await fixture.person(tenantId);
      await fixture.erase(tenantId, contactId);
      return contactId;
    },
    'who is nobody': async () => newId(),
  };

  async function suppressedFor(purpose: string): Promise<string> {
    const [first, second] = [await fixture.person(tenantId), await fixture.person(tenantId, silent)];
    await fixture.rows(
      tenantId,
      `insert into suppression (tenant_id, endpoint_hash, reason, channel, purpose, normaliser, at)
       select $1, endpoint_hash, 'opt_out', '', $4, 1, $3 from endpoint
       where tenant_id = $1 and contact_id = any ($2::uuid[])`,
      [[first.contactId, second.contactId], clock.now(), purpose],
    );
    return first.contactId;
  }

  async function optedOut(scope: Partial<contactsV1.RecordOptOutRequest>): Promise<string> {
    const { contactId } = await fixture.person(tenantId);
    await fixture.optOut(tenantId, contactId, scope);
    return contactId;
  }

  const explain = (contactId: string, purpose: string) =>
    fixture.explainPermit.explain(fixture.caller(tenantId), {
      ...{ contactId, purpose, channel: CHANNEL_EMAIL, sender: '' },
    });

  const table: Row[] = [
    ['who never said anything', 'no_consent', 'permit', 'permit'],
    ['who agreed to the newsletter', 'permit', 'permit', 'permit'],
    ['who left the newsletter', 'opted_out', 'permit', 'permit'],
    ['who said STOP', 'opted_out', 'permit', 'permit'],
    ['who said STOP after they wanted nothing at all', 'opted_out', 'opted_out', 'permit'],
    ['who wants nothing by email', 'opted_out', 'opted_out', 'permit'],
    ['who wants nothing at all', 'opted_out', 'opted_out', 'permit'],
    ['who wants no receipts', 'permit', 'opted_out', 'permit'],
    ['who wants no notices of breaches', 'permit', 'permit', 'permit'],
    ['from whose address somebody said STOP', 'suppressed', 'permit', 'permit'],
    ['from whose address somebody wants nothing', 'suppressed', 'suppressed', 'permit'],
    ['whose request is worked', 'stopped', 'stopped', 'stopped'],
    ['whose mail comes back', 'undeliverable', 'undeliverable', 'undeliverable'],
    ['who was erased', 'unknown_contact', 'unknown_contact', 'unknown_contact'],
    ['who is nobody', 'unknown_contact', 'unknown_contact', 'unknown_contact'],
  ];

  it.each(table)(
    'of somebody %s: newsletter %s, receipt %s, notice of a breach %s',
    async (state, ...told) => {
      const contactId = await made[state]!();
      const purposes = ['newsletter', 'receipt', 'breach_notice'];
      const answers = await fixture.issue(
        tenantId,
        ...purposes.map((purpose) => fixture.ask(contactId, { purpose })),
      );
      const outcomes = answers.answers.map(({ answer }) =>
        answer?.$case === 'denial' ? codeOf(answer.value.reason) : answer?.$case,
      );
      expect(outcomes).toEqual(told);
      const explained = await Promise.all(purposes.map((purpose) => explain(contactId, purpose)));
      expect(explained.map(({ denial }) => (denial ? codeOf(denial.reason) : 'permit'))).toEqual(told);
    },
  );

  it('names the law or contract that it rests on, and no entry of the ledger', async () => {
    const { contactId } = await fixture.person(tenantId, silent);
    const [{ answer } = { answer: undefined }] = (
      await fixture.issue(tenantId, fixture.ask(contactId, { purpose: 'receipt' }))
    ).answers;
    if (answer?.$case !== 'permit') throw new Error('no permit');
    expect(answer.value.consentEntryId).toBe('');
    expect(decodeLeaf(answer.value.leaf)).toMatchObject({ purpose: 'receipt', consentEntryId: '' });
    expect(await fixture.rows(tenantId, 'select consent_entry_id from permit where tenant_id = $1')).toEqual([
      { consent_entry_id: null },
    ]);
    const { rules } = await explain(contactId, 'receipt');
    const consent = rules.find(({ reason }) => codeOf(reason) === 'no_consent');
    expect(consent).toMatchObject({
      verdict: contactsV1.RuleVerdict.RULE_VERDICT_ALLOWS,
      citation: OWN_PURPOSES['receipt']!.citation,
    });
  });

  it('says of what a law demands that no opt-out reaches it, and which law', async () => {
    const contactId = await made['who wants nothing at all']!();
    const { rules, allowed } = await explain(contactId, 'breach_notice');
    expect(allowed).toBe(true);
    const said = rules.filter(({ reason }) => ['opted_out', 'suppressed'].includes(codeOf(reason)));
    expect(said.map(({ citation }) => citation)).toEqual(
      said.map(() => OWN_PURPOSES['breach_notice']!.citation),
    );
  });

  it('2.14 is bound by caps and hours that name it, and not by those about everything', async () => {
    const { contactId } = await fixture.person(tenantId);
    const cap = { channel: CHANNEL_UNSPECIFIED, most: 1, periodHours: 24 };
    await fixture.updateContactRules.update(fixture.caller(tenantId), {
      contactRules: contactsV1.ContactRules.fromPartial({
        frequencyCaps: [
          { ...cap, purpose: '' },
          { ...cap, purpose: 'receipt' },
        ],
      }),
      updateMask: [],
    });
    const outcome = (purpose: string) => fixture.outcome(tenantId, fixture.ask(contactId, { purpose }));
    // A code takes no place of the newsletter's.
    expect(await outcome('security_code')).toBe('permit');
    expect(await outcome('newsletter')).toBe('permit');
    expect(await outcome('newsletter')).toBe('frequency_cap');
    expect(await outcome('security_code')).toBe('permit');
    expect(await outcome('receipt')).toBe('permit');
    expect(await outcome('receipt')).toBe('frequency_cap');
    expect((await explain(contactId, 'security_code')).allowed).toBe(true);
    expect((await explain(contactId, 'receipt')).denial).toMatchObject({ rule: 'frequency_cap' });
  });
});

function codeOf(reason: contactsV1.DenialReason): string {
  return contactsV1.denialReasonToJSON(reason).replace('DENIAL_REASON_', '').toLowerCase();
}
