import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { contactsV1, typesV1 } from '@heed/contracts';
import { beginOffsite, offsiteDue } from '@heed/events';
import { newId } from '@heed/kernel';
import { brokenPromises, TestClock } from '@heed/testing';
import pg from 'pg';
import { EVERYTHING } from '../src/consent/consent.js';
import { OFFSITE_LOG, suppress, takeBack } from '../src/suppression/suppression.store.js';
import { ContactsFixture, outcomeOf } from './contacts-fixture.js';
import { SignUpDesk } from './sign-up-desk.js';

describe('a no that is said again after its owner has answered it by a form', () => {
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

  const permitted = (contactId: string) => fixture.outcome(tenantId, fixture.ask(contactId));
  /** As whoever owns the tables: what no service may do. */
  async function asOwner<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: fixture.main.superuserUrl });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
  async function linkOf(contactId: string): Promise<string> {
    const { answers } = await fixture.issue(tenantId, fixture.ask(contactId));
    if (answers[0]!.answer?.$case !== 'permit') throw new Error(outcomeOf(answers[0]!));
    return answers[0]!.answer.value.optOutUrl.split('/').at(-1)!;
  }
  /** Said no by the link of a message, and came back. */
  async function back(): Promise<{ contactId: string; link: string }> {
    const { contactId, email } = await fixture.person(tenantId);
    const link = await linkOf(contactId);
    await fixture.followLink.follow(link, { source: 'page', scope: 'this' });
    await desk.signedUp(await desk.form(), email);
    expect(await permitted(contactId)).toBe('permit');
    await desk.later();
    return { contactId, link };
  }

  describe.each(['address', 'digest'] as const)('on a list, by its %s,', (by) => {
    const list = async (address: string) => {
      const { SUPPRESSION_KIND_ADDRESS, SUPPRESSION_KIND_SHA256 } = contactsV1.SuppressionKind;
      const digest = createHash('sha256').update(address).digest('hex');
      return fixture.addSuppressions.add(fixture.caller(tenantId), {
        kind: by === 'address' ? SUPPRESSION_KIND_ADDRESS : SUPPRESSION_KIND_SHA256,
        entries: [by === 'address' ? address : digest],
        ...{ reason: 'unsubscribed', purpose: '', channel: typesV1.Channel.CHANNEL_UNSPECIFIED },
      });
    };

    it('binds who has confirmed before', async () => {
      const address = `${newId()}@example.org`;
      const form = await desk.form();
      const { contactId } = await desk.signedUp(form, address);
      await desk.later();
      expect(await list(address)).toMatchObject({ added: 1, known: 0 });
      expect(await permitted(contactId)).toBe('suppressed');
      expect(await brokenPromises(fixture.main)).toEqual([]);
    });

    it('binds whoever has answered the first time', async () => {
      const address = `${newId()}@example.org`;
      await list(address);
      const { contactId } = await desk.signedUp(await desk.form(), address);
      expect(await permitted(contactId)).toBe('permit');
      await desk.later();
      expect(await list(address)).toMatchObject({ added: 0, known: 1 });
      expect(await permitted(contactId)).toBe('suppressed');
      expect(await brokenPromises(fixture.main)).toEqual([]);
    });
  });

  it('5.5 binds after a restore too, by the copy off site', async () => {
    await fixture.uow.runAcross('service', (tx) => beginOffsite(tx, OFFSITE_LOG));
    const { contactId, link } = await back();
    const backup = await fixture.rows<{ at: Date }>(
      tenantId,
      'select at from suppression where tenant_id = $1',
    );
    await fixture.followLink.follow(link, { source: 'page', scope: 'this' });
    const due = await fixture.uow.runAcross('service', (tx) => offsiteDue(tx, OFFSITE_LOG, 100));
    const payloads = due.filter((one) => one.tenantId === tenantId).map(({ payload }) => payload);

    // As the backup knew them: they had come back, and said nothing since.
    await asOwner(async (client) => {
      await client.query('update suppression set at = $2 where tenant_id = $1', [tenantId, backup[0]!.at]);
      await client.query('update sign_up_confirmation set ended_at = null where tenant_id = $1', [tenantId]);
      await client.query(
        `update consent_state set state = 'granted' where tenant_id = $1 and contact_id = $2`,
        [tenantId, contactId],
      );
    });
    expect(await permitted(contactId)).toBe('permit');
    await fixture.as(tenantId, (tx) => takeBack(tx, payloads));
    await fixture.as(tenantId, (tx) => takeBack(tx, payloads.toReversed()));
    expect(await permitted(contactId)).toBe('suppressed');
  });

  it.each(['heed.subject', 'sign_up_confirmation'])(
    '2.11 holds at once while an erasure has their row of %s, and waits for nothing',
    async (table) => {
      const { contactId } = await back();
      const [endpoint] = await fixture.rows<{ name: Buffer }>(
        tenantId,
        'select endpoint_hash as name from endpoint where tenant_id = $1',
      );
      const standing = await fixture.hashes.standing(tenantId, [endpoint!.name]);
      await asOwner(async (eraser) => {
        await eraser.query('begin');
        await eraser.query(`select 1 from ${table} where tenant_id = $1 for update`, [tenantId]);
        await fixture.as(tenantId, async (tx) => {
          await tx.execute("set local lock_timeout = '1s'");
          await suppress(tx, standing, { reason: 'opt_out', scope: EVERYTHING, at: clock.now() });
        });
        await eraser.query('rollback');
      });
      expect(await permitted(contactId)).toBe('suppressed');
    },
  );
});
