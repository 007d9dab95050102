import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { typesV1, type contactsV1 } from '@heed/contracts';
import { subjectTablesOf } from '@heed/data-map';
import { newId, systemClock } from '@heed/kernel';
import { PermitDesk, type HeldPermit } from '@heed/permits';
import { manifestOfService } from '@heed/service';
import { deferred, TestClock } from '@heed/testing';
import { asksOf } from '../src/permits/permit-asks.js';
import { contacts } from '../src/service.js';
import { ContactsFixture, outcomeOf, reasonOf } from './contacts-fixture.js';

const SENDERS = 32;

describe('an opt-out against senders who ask all the time', () => {
  let fixture: ContactsFixture;
  const tenantId = newId();
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock: systemClock });
  });
  afterAll(() => fixture.drop());

  it('is known to every question that is asked after its commit', async () => {
    const people = await fixture.people(tenantId, 24);
    const committed = new Map<string, number>();
    const asked: { contactId: string; at: number; outcome: string }[] = [];
    let silent = false;
    const sender = async (n: number): Promise<void> => {
      while (!silent) {
        const batch = people.filter((_, index) => (index + n) % 4 === 0).map(({ contactId }) => contactId);
        const at = performance.now();
        const deadline = new Date(Date.now() + 60_000);
        const asking = { tenantId, service: 'messaging', deadline };
        const { answers } = await fixture.issuePermits.issue(
          asking,
          batch.map((contactId) => fixture.ask(contactId)),
        );
        answers.forEach((answer, index) =>
          asked.push({ contactId: batch[index]!, at, outcome: outcomeOf(answer) }),
        );
      }
    };
    const senders = Array.from({ length: SENDERS }, (_, n) => sender(n));
    for (const { contactId } of people) {
      await fixture.optOut(tenantId, contactId);
      committed.set(contactId, performance.now());
    }
    await fixture.issue(tenantId, fixture.ask(people[0]!.contactId));
    silent = true;
    await Promise.all(senders);

    const late = asked.filter(
      ({ contactId, at, outcome }) => outcome === 'permit' && at > committed.get(contactId)!,
    );
    expect(late).toEqual([]);
    const outcomes = new Set(asked.map(({ outcome }) => outcome));
    expect(outcomes).toEqual(new Set(['permit', 'opted_out']));
    expect(asked.filter(({ contactId, at }) => at > committed.get(contactId)!).length).toBeGreaterThan(
      SENDERS,
    );
  });
});

describe('the window between reading and answering', () => {
  let fixture: ContactsFixture;
  const clock = new TestClock();
  let tenantId: string;
  const desks: PermitDesk[] = [];
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock });
  });
  beforeEach(() => {
    tenantId = newId();
  });
  afterEach(() => desks.splice(0).forEach((desk) => desk.close()));
  afterAll(() => fixture.drop());

  /**
   * A sender's question that has been judged and cannot be written yet: somebody else is writing a permit for the same
   * attempt and nonce, and the index lets only one of them through. The snapshot was taken before that.
   */
  async function heldOpen(
    contactId: string,
    signals: boolean,
  ): Promise<{ permit: Promise<HeldPermit>; letGo: () => void }> {
    const blocking = deferred();
    const ready = deferred<number>();
    const judged = deferred<contactsV1.PermitAsk>();
    const client = {
      batchIssuePermits: async (request: contactsV1.BatchIssuePermitsRequest) => {
        judged.resolve(request.asks[0]!);
        await ready.promise;
        return fixture.issue(tenantId, ...asksOf(request));
      },
      returnPermits: async () => ({ returned: 0 }),
    };
    const desk = new PermitDesk({
      client,
      clock,
      publicKeyOf: async () => fixture.key.publicKey,
      signals: signals ? fixture.signals : { subscribe: () => () => undefined },
    });
    desks.push(desk);
    const obtaining = desk.obtain(tenantId, [
      { attemptId: newId(), contactId, channel: typesV1.Channel.CHANNEL_EMAIL, purpose: 'newsletter' },
    ]);
    const ask = await judged.promise;
    const writing = fixture.as(tenantId, async (tx) => {
      await tx.execute(
        `insert into permit (tenant_id, permit_id, day, issued_at, attempt_id, nonce, contact_id, endpoint_id, endpoint_hash,
           address_salt, channel, purpose, consent_entry_id, rule_version, lifetime_ms, issued_to)
         values ($1, $2, date_trunc('day', $3::timestamptz, 'UTC'), $3, $4, $5, $6, $2, '', '', '', '', $2, '', 1, '')`,
        [tenantId, newId(), clock.now(), ask.attemptId, ask.nonce, contactId],
      );
      const [{ pid } = { pid: 0 }] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      ready.resolve(pid);
      await blocking.promise;
      throw new Error('rolled back');
    });
    await fixture.somebodyWaitsFor(await ready.promise);
    const permit = obtaining.then(([answer]) => {
      if (answer?.kind !== 'permit') throw new Error('no permit');
      return answer;
    });
    return {
      permit,
      letGo: () => {
        blocking.resolve();
        writing.catch(() => undefined);
      },
    };
  }

  it('2.2 leaves a permit that a revocation has voided by the time it arrives', async () => {
    const { contactId } = await fixture.person(tenantId);
    const { permit, letGo } = await heldOpen(contactId, true);
    await fixture.optOut(tenantId, contactId);
    letGo();
    expect((await permit).check()).toBe('voided');
  });

  it('without signals leaves a permit that dies one lifetime after it was asked for, which was before the opt-out', async () => {
    const { contactId } = await fixture.person(tenantId);
    const { permit, letGo } = await heldOpen(contactId, false);
    await clock.advance(400);
    await fixture.optOut(tenantId, contactId);
    letGo();
    const held = await permit;
    expect(held.check()).toBe('valid');
    await clock.advance(600);
    expect(held.check()).toBe('expired');
    expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe('opted_out');
  });

  it('2.5 is closed to everybody who shares the address, where it was heard from that', async () => {
    const shared = `${newId()}@example.org`;
    const listId = await fixture.list(tenantId);
    const a = await fixture.person(tenantId, { email: shared });
    const { answers } = await fixture.issue(tenantId, fixture.ask(a.contactId));
    const token =
      answers[0]?.answer?.$case === 'permit' ? answers[0].answer.value.optOutUrl.split('/u/')[1]! : '';
    await fixture.erase(tenantId, a.contactId);
    await fixture.import(tenantId, listId, `email\n${shared}\n`);
    const { contactIds } = await fixture.reading.find(fixture.caller(tenantId), {
      emails: [shared],
      phones: [],
    });
    await fixture.consent(tenantId, contactIds[0]!);
    const { permit, letGo } = await heldOpen(contactIds[0]!, true);
    await fixture.followLink.follow(token, { source: 'one_click', scope: 'this' });
    letGo();
    expect((await permit).check()).toBe('voided');
  });
});

describe('erasures against everything that writes about people', () => {
  it('leave no row in any fenced table, refuse nobody else, and end', async () => {
    const fixture = await ContactsFixture.create({ clock: systemClock });
    try {
      const tenantId = newId();
      const listId = await fixture.list(tenantId);
      const people = await fixture.people(tenantId, 60, (n) => ({ phone: `+44740${String(1_000_000 + n)}` }));
      const doomed = people.filter((_, index) => index % 2 === 0);
      const csv = ['email,first_name', ...people.map(({ email }, n) => `${email},Again${n}`)].join('\n');
      const refusals: string[] = [];
      let over = false;
      const whileErasing = async (work: (n: number) => Promise<unknown>): Promise<void> => {
        for (let n = 0; !over; n++) refusals.push(await reasonOf(work(n)));
      };
      const of = (n: number): string => people[n % people.length]!.contactId;
      const writers = [
        whileErasing((n) =>
          fixture.issue(tenantId, ...people.slice(n % 30).map(({ contactId }) => fixture.ask(contactId))),
        ),
        whileErasing(() =>
          fixture.issue(
            tenantId,
            ...people
              .slice(0, 30)
              .reverse()
              .map(({ contactId }) => fixture.ask(contactId)),
          ),
        ),
        whileErasing((n) => fixture.optOut(tenantId, of(n), { purpose: 'offers' })),
        whileErasing((n) =>
          fixture.stopPermits.stop(fixture.caller(tenantId), {
            contactIds: [of(n), of(n + 7)],
            requestId: newId(),
            restricts: n % 2 === 0,
            requestIds: [],
          }),
        ),
        whileErasing(() => fixture.import(tenantId, listId, csv)),
      ];
      for (const { contactId } of doomed) await fixture.erase(tenantId, contactId, { objects: true });
      over = true;
      await Promise.all(writers);

      expect([...new Set(refusals)]).toEqual(['accepted']);
      for (const { table, subject } of subjectTablesOf(await manifestOfService(contacts))) {
        if (table === 'import_row' || table === 'export_part') continue;
        const left = await fixture.rows(
          tenantId,
          `select 1 from ${table} where tenant_id = $1 and ${subject} = any ($2::uuid[])`,
          [doomed.map(({ contactId }) => contactId)],
        );
        expect([table, left.length]).toEqual([table, 0]);
      }
      const after = await fixture.import(tenantId, listId, csv);
      expect(after).toMatchObject({ created: 0, updated: 30, rejected: { SUPPRESSED: 30 } });
    } finally {
      await fixture.drop();
    }
  });
});
