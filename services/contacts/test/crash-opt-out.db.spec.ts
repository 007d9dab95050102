import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contactsV1 } from '@heed/contracts';
import { newId, type Caller } from '@heed/kernel';
import type pg from 'pg';
import { brokenPromises, everyStep, TestClock } from '@heed/testing';
import { ContactsFixture } from './contacts-fixture.js';

interface World {
  tenantId: string;
  caller: Caller;
  contactId: string;
  /** Of the link in a message that was sent to them. */
  token: string;
  request: contactsV1.RecordOptOutRequest;
}

describe('an opt-out whose process is killed', () => {
  let fixture: ContactsFixture;
  let probe: pg.Pool;
  const clock = new TestClock();
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock });
    probe = fixture.main.open().pool('probe');
  });
  afterAll(() => fixture.drop());

  async function begin(): Promise<World> {
    const tenantId = newId();
    const { contactId } = await fixture.person(tenantId);
    const { answers } = await fixture.issue(tenantId, fixture.ask(contactId));
    const [permitted] = answers;
    if (permitted?.answer?.$case !== 'permit') throw new Error('no permit');
    const token = permitted.answer.value.optOutUrl.split('/u/')[1]!;
    const request = contactsV1.RecordOptOutRequest.fromPartial({
      ...{ requestId: newId(), contactId, evidence: 'leave me alone' },
      source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
    });
    await clock.advance(1_000);
    return { tenantId, caller: fixture.caller(tenantId), contactId, token, request };
  }

  /** The ledger, the outbox and the evidence about one person: by plain SQL, as the probe sees them. */
  async function found({ tenantId, contactId }: World): Promise<unknown> {
    const { rows } = await probe.query(
      `select
         array(select state from consent_entry where tenant_id = $1 and contact_id = $2::uuid order by epoch) as ledger,
         array(select sequence::int from heed.outbox where tenant_id = $1 and key = $2::text order by seq) as told,
         (select count(*)::int from consent_evidence where tenant_id = $1 and contact_id = $2::uuid) as evidence,
         (select count(*)::int from suppression where tenant_id = $1) as suppressed`,
      [tenantId, contactId],
    );
    return rows[0];
  }

  const once = { ledger: ['granted', 'opted_out'], told: [1, 2] };

  it('at any step of a call holds if it was answered, is taken once if it is said again, and is told once', async () => {
    const steps = await everyStep<World>({
      begin,
      live: ({ caller, request }, process) => fixture.inProcess(process).recordOptOut.record(caller, request),
      recover: async (world, answered) => {
        // Who heard an answer does not ask again: the opt-out must stand by itself.
        if (!answered) await fixture.recordOptOut.record(world.caller, world.request);
      },
      verify: async (world) => {
        expect(await found(world)).toEqual({ ...once, evidence: 1, suppressed: 0 });
        expect(await fixture.outcome(world.tenantId, fixture.ask(world.contactId))).toBe('opted_out');
      },
    });
    expect(steps.some((step) => step.startsWith('insert into heed.outbox'))).toBe(true);
    expect(await brokenPromises(fixture.main)).toEqual([]);
  });

  it('at any step of a link holds if it was answered, and says nothing new when it is followed again', async () => {
    const click = { source: 'one_click', scope: 'this' } as const;
    const steps = await everyStep<World>({
      begin,
      live: ({ token }, process) => fixture.inProcess(process).followLink.follow(token, click),
      recover: async ({ token }, answered) => {
        if (!answered) await fixture.followLink.follow(token, click);
      },
      verify: async (world) => {
        expect(await found(world)).toEqual({ ...once, evidence: 0, suppressed: 1 });
        expect(await fixture.outcome(world.tenantId, fixture.ask(world.contactId))).toBe('opted_out');
      },
    });
    expect(steps.some((step) => step.includes('insert into suppression'))).toBe(true);
    expect(await brokenPromises(fixture.main)).toEqual([]);
  });
});
