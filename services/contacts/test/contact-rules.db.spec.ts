import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { contactsV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { TestClock } from '@heed/testing';
import { type Ask } from '../src/permits/permit.js';
import { lockPlaces } from '../src/permits/places.store.js';
import { ContactsFixture, outcomeOf, reasonOf } from './contacts-fixture.js';

const HOUR_MS = 3_600_000;
const { CHANNEL_EMAIL, CHANNEL_UNSPECIFIED, CHANNEL_VOICE } = typesV1.Channel;

describe("a tenant's own rules", () => {
  let fixture: ContactsFixture;
  const clock = new TestClock();
  let tenantId: string;
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock });
  });
  beforeEach(async () => {
    tenantId = newId();
    // Noon, so that no spec runs into a midnight unasked.
    const sinceMidnight = clock.now().getTime() % (24 * HOUR_MS);
    await clock.advance(((36 * HOUR_MS - sinceMidnight) % (24 * HOUR_MS)) + 1);
    await fixture.tendDays();
  });
  afterAll(() => fixture.drop());

  const set = (rules: Partial<contactsV1.ContactRules>, updateMask: string[] = [], etag = '') =>
    fixture.updateContactRules.update(fixture.caller(tenantId), {
      contactRules: contactsV1.ContactRules.fromPartial({ ...rules, etag }),
      updateMask,
    });

  const cap = (most: number, periodHours = 24, channel = CHANNEL_EMAIL): contactsV1.FrequencyCap => ({
    ...{ channel, purpose: '', most, periodHours },
  });

  const daytime: contactsV1.ContactHours = {
    ...{ channel: CHANNEL_UNSPECIFIED, purpose: '', days: [], opens: '08:00', closes: '21:00' },
    timeZone: 'Europe/Berlin',
  };

  const answerTo = async (ask: Ask): Promise<contactsV1.PermitAnswer> =>
    (await fixture.issue(tenantId, ask)).answers[0]!;

  /** For questions that wait for one another on a busy machine. */
  const patiently = (...asks: Ask[]): Promise<contactsV1.BatchIssuePermitsResponse> => {
    const deadline = new Date(clock.now().getTime() + 30_000);
    return fixture.issuePermits.issue({ tenantId, service: 'messaging', deadline }, asks);
  };

  async function permitFor(contactId: string): Promise<contactsV1.Permit> {
    const { answer } = await answerTo(fixture.ask(contactId));
    if (answer?.$case !== 'permit') throw new Error('no permit');
    return answer.value;
  }

  async function denialOf(contactId: string): Promise<contactsV1.Denial> {
    const { answer } = await answerTo(fixture.ask(contactId));
    if (answer?.$case !== 'denial') throw new Error('no denial');
    return answer.value;
  }

  describe('are kept', () => {
    it('as they were given, each change under a version of its own', async () => {
      const first = await set({ frequencyCaps: [cap(1), cap(3, 168)], contactHours: [daytime] });
      expect(first).toMatchObject({
        etag: '1',
        frequencyCaps: [cap(1), cap(3, 168)],
        contactHours: [daytime],
      });
      expect(first.updatedAt).toBe(clock.now().toISOString());
      const second = await set({ frequencyCaps: [] }, ['frequency_caps'], '1');
      expect(second).toMatchObject({ etag: '2', frequencyCaps: [], contactHours: [daytime] });
    });

    it('unless somebody else has changed them meanwhile; the same call again is no change', async () => {
      await set({ frequencyCaps: [cap(1)] });
      await set({ frequencyCaps: [cap(2)] }, [], '1');
      expect(await reasonOf(set({ frequencyCaps: [cap(3)] }, [], '1'))).toBe('ETAG_MISMATCH');
      expect(await set({ frequencyCaps: [cap(2)] }, [], '1')).toMatchObject({ etag: '2' });
    });

    it('with who changed them, from what and to what; what changes nothing is no change', async () => {
      const caller = fixture.caller(tenantId, {
        method: '/heed.contacts.v1.ContactRulesService/UpdateContactRules',
      });
      const rules = (most: number) => ({
        contactRules: contactsV1.ContactRules.fromPartial({ frequencyCaps: [cap(most)] }),
        updateMask: [],
      });
      for (const most of [1, 2, 2]) await fixture.updateContactRules.update(caller, rules(most));
      const changes = await fixture.rows<{ before: string; after: string }>(
        tenantId,
        'select * from change_entry where tenant_id = $1 order by entry_id',
      );
      const capsIn = (text: string): string[] =>
        (text ? (JSON.parse(text) as { frequencyCaps: { most: number }[] }).frequencyCaps : []).map(
          ({ most }) => `${most} in 24 h`,
        );
      expect(changes.map(({ before, after }) => [before, after].map(capsIn))).toEqual([
        [[], ['1 in 24 h']],
        [['1 in 24 h'], ['2 in 24 h']],
      ]);
      expect(changes[0]).toMatchObject({
        actor_id: caller.actorId,
        action: caller.method,
        about_id: tenantId,
      });
      // And waits for privacy, which keeps the log.
      const waiting = await fixture.rows(tenantId, 'select entry_id from access_entry where tenant_id = $1');
      expect(waiting).toHaveLength(2);
    });

    it('once each where many change them at once', async () => {
      await Promise.all([1, 2, 3, 4, 5].map((most) => set({ frequencyCaps: [cap(most)] })));
      expect((await set({ frequencyCaps: [cap(9)] })).etag).toBe('6');
    });

    it.each<[string, Partial<contactsV1.ContactRules>]>([
      ['two caps of the same kind', { frequencyCaps: [cap(1), cap(2)] }],
      ['a zone that nobody knows', { contactHours: [{ ...daytime, timeZone: 'Europe/Atlantis' }] }],
      ['hours that end before they begin', { contactHours: [{ ...daytime, closes: '08:00' }] }],
    ])('only where they can be: not %s', async (_, rules) => {
      expect(await reasonOf(set(rules))).toBe('INVALID_ARGUMENT');
    });
  });

  describe('of frequency', () => {
    it('let so many through and no more, say when there is room again, and then let it through', async () => {
      const { contactId } = await fixture.person(tenantId);
      await set({ frequencyCaps: [cap(1)] });
      const first = await permitFor(contactId);
      expect(first).toMatchObject({ reserves: true, ruleVersion: 'permits-7/1' });
      const since = clock.now().getTime();
      await clock.advance(HOUR_MS);
      const denial = await denialOf(contactId);
      expect(denial).toEqual({
        reason: contactsV1.DenialReason.DENIAL_REASON_FREQUENCY_CAP,
        rule: 'frequency_cap',
        citation: 'rule of the tenant: at most 1 in 24 h (email, any purpose)',
        retryAfter: new Date(since + 24 * HOUR_MS).toISOString(),
      });
      await clock.advance(23 * HOUR_MS);
      await permitFor(contactId);
    });

    it('2.14 count two contacts with one address once, at once and one after the other', async () => {
      const [one, other] = await sharingAPhone([true, true]);
      await set({ frequencyCaps: [cap(1, 24, CHANNEL_VOICE)] });
      const { answers } = await fixture.issue(tenantId, calling(one), calling(other));
      expect(answers.map(outcomeOf)).toEqual(['permit', 'frequency_cap']);
      expect(await fixture.outcome(tenantId, calling(other))).toBe('frequency_cap');
    });

    const calling = (contactId: string): Ask => fixture.ask(contactId, { channel: 'voice' });

    /** Two contacts with one telephone, of whom each agreed to be called or did not. */
    async function sharingAPhone(agreed: [boolean, boolean]): Promise<[string, string]> {
      const emails = agreed.map(() => `${newId()}@example.org`);
      const rows = emails.map((email, index) => {
        const consent = agreed[index] ? 'newsletter,voice,consent,2025-06-01,fair' : ',,,,';
        return `${email},+447400123456,${consent}`;
      });
      const header = 'email,phone,consent_purpose,consent_channel,consent_basis,consent_at,consent_source';
      await fixture.import(tenantId, await fixture.list(tenantId), [header, ...rows, ''].join('\n'));
      const ids = await Promise.all(
        emails.map(async (address) => {
          const { contacts } = await fixture.reading.list(
            fixture.caller(tenantId),
            contactsV1.ListContactsRequest.fromPartial({ address }),
          );
          return contacts[0]!.contactId;
        }),
      );
      return ids as [string, string];
    }

    it('2.14 are not passed by batches at once, however many ask', async () => {
      const people = await Promise.all(Array.from({ length: 5 }, () => fixture.person(tenantId)));
      await set({ frequencyCaps: [cap(2)] });
      const asks = () => people.map(({ contactId }) => fixture.ask(contactId));
      const batches = await Promise.all(
        Array.from({ length: 8 }, (_, index) => patiently(...(index % 2 === 0 ? asks() : asks().reverse()))),
      );
      const outcomes = batches.flatMap(({ answers }) => answers.map(outcomeOf));
      expect(outcomes.filter((outcome) => outcome === 'permit')).toHaveLength(10);
      expect(new Set(outcomes)).toEqual(new Set(['permit', 'frequency_cap']));
      const most = await fixture.rows<{ n: string }>(
        tenantId,
        'select count(*) n from permit where tenant_id = $1 group by contact_id',
      );
      expect(most.map(({ n }) => n)).toEqual(people.map(() => '2'));
    });

    it('2.14 make the second of two wait for what the first has given', async () => {
      const { contactId } = await fixture.person(tenantId);
      await set({ frequencyCaps: [cap(1)] });
      let asking: Promise<contactsV1.BatchIssuePermitsResponse> | undefined;
      await fixture.as(tenantId, async (tx) => {
        await lockPlaces(tx, [contactId]);
        const [{ pid } = { pid: 0 }] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
        asking = patiently(fixture.ask(contactId));
        await fixture.somebodyWaitsFor(pid);
      });
      expect((await asking)!.answers.map(outcomeOf)).toEqual(['permit']);
    });

    it('count an attempt once, and do not keep it from a second permit', async () => {
      const { contactId } = await fixture.person(tenantId);
      await set({ frequencyCaps: [cap(1)] });
      const ask = fixture.ask(contactId);
      expect(outcomeOf(await answerTo(ask))).toBe('permit');
      expect(outcomeOf(await answerTo({ ...ask, nonce: Buffer.alloc(16, 9) }))).toBe('permit');
      expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe('frequency_cap');
    });

    it('count what was issued before the rule was made', async () => {
      const { contactId } = await fixture.person(tenantId);
      expect(await permitFor(contactId)).toMatchObject({ reserves: false, ruleVersion: 'permits-7/0' });
      await set({ frequencyCaps: [cap(1)] });
      expect((await denialOf(contactId)).rule).toBe('frequency_cap');
    });

    it('give a place to nobody who may not be reached anyway', async () => {
      const [silent, other] = await sharingAPhone([false, true]);
      await set({ frequencyCaps: [cap(1, 24, CHANNEL_VOICE)] });
      const { answers } = await fixture.issue(tenantId, calling(silent), calling(other));
      expect(answers.map(outcomeOf)).toEqual(['no_consent', 'permit']);
    });

    it('2.14 free the place of an attempt that never began, for its sender alone', async () => {
      const { contactId } = await fixture.person(tenantId);
      await set({ frequencyCaps: [cap(1)] });
      const { permitId } = await permitFor(contactId);
      const giveBack = (service: string) =>
        fixture.returnPermits.return(fixture.caller(tenantId, { kind: 'service', actorId: service }), {
          permitIds: [permitId, newId()],
        });
      expect(await giveBack('telephony')).toEqual({ returned: 0 });
      expect((await denialOf(contactId)).rule).toBe('frequency_cap');
      expect(await giveBack('messaging')).toEqual({ returned: 1 });
      expect(await giveBack('messaging')).toEqual({ returned: 0 });
      await permitFor(contactId);
    });

    it('bind the next question after a change, though this process knew others', async () => {
      const { contactId } = await fixture.person(tenantId);
      await set({ frequencyCaps: [cap(1)] });
      await permitFor(contactId);
      await set({ frequencyCaps: [cap(2)] });
      await permitFor(contactId);
      await set({ frequencyCaps: [] });
      expect(await permitFor(contactId)).toMatchObject({ reserves: false });
    });
  });

  describe('of hours', () => {
    /** A moment of the day after tomorrow, by UTC. */
    async function advanceTo(time: string): Promise<void> {
      const [hours, minutes, seconds] = time.split(':').map(Number) as [number, number, number];
      const wanted = (hours * 60 + minutes) * 60_000 + seconds * 1_000;
      const sinceMidnight = clock.now().getTime() % (24 * HOUR_MS);
      await clock.advance(48 * HOUR_MS + Math.round(wanted) - sinceMidnight);
      await fixture.tendDays();
    }

    it('2.14 end a permit with them, and give none after', async () => {
      const { contactId } = await fixture.person(tenantId);
      await set({ contactHours: [{ ...daytime, timeZone: 'UTC' }] });
      await advanceTo('20:59:59.9');
      expect((await permitFor(contactId)).lifetimeMs).toBe(100);
      await clock.advance(100);
      const denial = await denialOf(contactId);
      expect(denial).toMatchObject({ rule: 'contact_hours', reason: 12 });
      expect(denial.citation).toContain('any channel, any purpose');
      const opens = clock.now().getTime() + 11 * HOUR_MS;
      expect(denial.retryAfter).toBe(new Date(opens).toISOString());
      await clock.advance(11 * HOUR_MS);
      expect((await permitFor(contactId)).lifetimeMs).toBe(1_000);
    });

    it('put nobody off until tomorrow who has said no today', async () => {
      const { contactId } = await fixture.person(tenantId, { agrees: false });
      await set({ contactHours: [{ ...daytime, timeZone: 'UTC' }] });
      await advanceTo('23:00:00');
      expect(await denialOf(contactId)).toMatchObject({ rule: 'consent', retryAfter: '' });
    });
  });
});
