import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AttemptConcluded, contactsV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { gate } from '@heed/testing';
import { StandInPrivacy } from '@heed/testing/stand-in-privacy';
import { EndOpenAttempts } from '../src/erasure/end-open-attempts.js';
import { MessagingService } from './messaging-service.js';
import { SkippingClock } from './skipping-clock.js';

const { Outcome } = typesV1;

describe('the erasure of a person', () => {
  const service = new MessagingService();
  const clock = new SkippingClock();
  let privacy: StandInPrivacy;
  beforeAll(async () => {
    await service.start({ clock });
    privacy = await StandInPrivacy.join(service.cluster, 'messaging', {
      registrationSecret: 'registration secret of a spec',
      clock,
    });
  });
  afterAll(() => service.stop());
  afterEach(() => {
    service.onStep = () => undefined;
  });

  /** Orders it and, once its rows are gone, lets the minute pass that memories may hold keys. */
  const erase = async (contactId: string) => {
    const receipt = privacy.erase(service.tenantId, 'contact', contactId);
    while ((await rowsAbout(contactId)) > 0);
    clock.skip(61_000);
    return receipt;
  };
  const rowsAbout = async (contactId: string) => {
    const { rows } = await service.database.pool('probe').query<{ count: number }>(
      `select (select count(*) from attempt where contact_id = $1)::int
         + (select count(*) from message where contact_id = $1)::int as count`,
      [contactId],
    );
    return rows[0]!.count;
  };
  const attemptsOf = async (campaignId: string) => {
    const { rows } = await service.database
      .pool('probe')
      .query<Record<string, unknown>>('select * from attempt where campaign_id = $1', [campaignId]);
    return rows;
  };
  const toldOf = async (intentId: string) =>
    (await service.cluster.published(AttemptConcluded)).filter((event) => event.intentId === intentId);

  it('3.1 takes what was written to them, and cuts their attempts off from every id that an event carries', async () => {
    const [contactId, campaignId] = [newId(), newId()];
    const ended = service.nextEnd();
    await service.dispatch([contactId], { campaignId });
    await ended;
    await erase(contactId);
    const [attempt, ...others] = await attemptsOf(campaignId);
    expect(others).toEqual([]);
    expect(attempt).toMatchObject({ state: 'concluded', outcome: 'sent' });
    const cut = ['attempt_id', 'intent_id', 'contact_id', 'permit_id', 'endpoint_id', 'consent_entry_id'];
    const proof = ['permit_leaf', 'permit_path', 'permit_root', 'permit_signature'];
    for (const column of [...cut, ...proof]) expect([column, attempt![column]]).toEqual([column, null]);
  });

  it('5.4 no copy of its database opens what was written: the keys lie in another one, and nowhere here', async () => {
    const contactId = newId();
    const ended = service.nextEnd();
    await service.dispatch([contactId]);
    await ended;
    const keys = service.cluster.keysDatabase('messaging').open();
    const found = await keys
      .pool('probe')
      .query<{ wrapped: string }>(
        `select encode(wrapped, 'hex') as wrapped from heed.subject_key where subject_id = $1`,
        [contactId],
      );
    await keys.close();
    expect(found.rows).toHaveLength(1);
    const probe = service.database.pool('probe');
    const { rows: tables } = await probe.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class
       where relkind in ('r', 'p') and not relispartition and relnamespace::regnamespace::text in ('public', 'heed')`,
    );
    expect(tables.map(({ name }) => name)).toContain('message');
    for (const { name } of tables) {
      const { rows } = await probe.query(`select 1 from ${name} t where strpos(t::text, $1) > 0`, [
        found.rows[0]!.wrapped,
      ]);
      expect([name, rows.length]).toEqual([name, 0]);
    }
  });

  it('ends what still waits, and tells campaigns: a ledger stays open for nobody', async () => {
    const [contactId, campaignId] = [newId(), newId()];
    service.outside.office.deny(contactId, contactsV1.DenialReason.DENIAL_REASON_QUARANTINE);
    const asked = service.nextStep('permitted');
    const [request] = await service.dispatch([contactId], { campaignId });
    await asked;
    // Nothing was ever written to them, so they have no key that a memory could hold.
    await privacy.erase(service.tenantId, 'contact', contactId);
    expect(await attemptsOf(campaignId)).toMatchObject([
      { state: 'concluded', outcome: 'skipped', reason: 'erased', contact_id: null },
    ]);
    expect(await toldOf(request!.intentId)).toMatchObject([
      { outcome: Outcome.OUTCOME_SKIPPED, reason: 'erased' },
    ]);
  });

  it('waits for a hand-over that is under way, and then takes it too', async () => {
    const [contactId, campaignId] = [newId(), newId()];
    const door = gate();
    service.onStep = (step) => (step === 'before-dot' ? door() : undefined);
    const [request] = await service.dispatch([contactId], { campaignId });
    await door.reached;
    const hook = service.cluster.service('messaging').get(EndOpenAttempts);
    const looked = gate();
    const ready = hook.ready.bind(hook);
    hook.ready = async (...args) => {
      const isReady = await ready(...args);
      void looked();
      return isReady;
    };
    const erased = erase(contactId);
    await looked.reached;
    expect(await rowsAbout(contactId)).toBe(2);
    door.open();
    await erased;
    hook.ready = ready;
    expect(await toldOf(request!.intentId)).toMatchObject([{ outcome: Outcome.OUTCOME_SENT }]);
    expect(await attemptsOf(campaignId)).toMatchObject([{ outcome: 'sent', contact_id: null }]);
  });

  it('5.2 holds against a request that comes after it: no row, and the answer that they are erased', async () => {
    const [contactId, campaignId] = [newId(), newId()];
    await privacy.erase(service.tenantId, 'contact', contactId);
    const told = new Promise<void>((resolve) => {
      const bystander = service.nextEnd();
      void bystander.then(resolve);
    });
    const [request] = await service.dispatch([contactId], { campaignId });
    await service.dispatch([newId()]);
    await told;
    expect(await attemptsOf(campaignId)).toEqual([]);
    expect(await toldOf(request!.intentId)).toMatchObject([
      { outcome: Outcome.OUTCOME_SKIPPED, reason: 'erased' },
    ]);
  });
});
