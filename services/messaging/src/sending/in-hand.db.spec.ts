import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { addSubjects } from '@heed/postgres';
import { AttemptsDatabase, at, dispatch, proof } from '../../test/attempts-database.js';
import { sent, unknown } from '../dispatch/attempt.js';
import { AttemptStore } from '../dispatch/attempt.store.js';
import { InHandStore } from './in-hand.store.js';
import { SenderStore } from './sender.store.js';

const later = new Date(at.getTime() + 60_000);
const store = new InHandStore();
const senders = new SenderStore();

describe('attempts in hand', () => {
  const database = new AttemptsDatabase();
  const { tenantId } = database;
  const begun = new Set<string>();
  beforeAll(() => database.open());
  afterAll(() => database.drop());

  const run: AttemptsDatabase['uow']['run'] = (...args) => database.uow.run(...args);
  const begin = (senderId: string) =>
    database.uow.runAcross('service', (tx) => senders.begin(tx, senderId, at));
  const claim = async (senderId: string, most = 100) => {
    if (!begun.has(senderId)) await begin(senderId);
    begun.add(senderId);
    return run(tenantId, (tx) => store.claim(tx, senderId, most, at));
  };
  const arm = (senderId: string, attemptIds: string[]) =>
    run(tenantId, (tx) =>
      store.arm(
        tx,
        senderId,
        attemptIds.map((attemptId) => ({ attemptId, proof: proof(), endpointHash: randomBytes(32) })),
        at,
      ),
    );
  const conclude = (senderId: string, attemptId: string, conclusion = sent(0)) =>
    run(tenantId, (tx) => store.conclude(tx, senderId, [{ attemptId, ...conclusion }], at));
  const sweep = (senderId: string) => run(tenantId, (tx) => store.sweep(tx, [senderId], at));
  const state = async (attemptId: string) => {
    const row = (await database.rows()).find((candidate) => candidate.attempt_id === attemptId)!;
    return [row.state, row.outcome, row.sender_id];
  };

  it('are never in the hands of two senders, however many claim at once', async () => {
    const queued = await database.queued(200);
    const claims = await Promise.all(Array.from({ length: 12 }, () => claim(newId(), 30)));
    const ids = claims.flat().map(({ attemptId }) => attemptId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids)).toEqual(new Set(queued.map(({ attemptId }) => attemptId)));
  });

  it('of single messages are claimed before those of campaigns, however long these have waited', async () => {
    await database.queued(20);
    const single = { ...dispatch(), intentId: '', campaignId: '' };
    await run(tenantId, async (tx) => {
      await addSubjects(tx, [single.contactId]);
      await new AttemptStore().enqueue(tx, [single], at);
      const earlier = new Date(at.getTime() - 60_000);
      await tx.execute('update attempt set next_at = $2 where tenant_id = $1 and campaign_id is not null', [
        ...[tx.tenantId, earlier],
      ]);
    });
    const claimed = await claim(newId(), 2);
    expect(claimed.map(({ attemptId }) => attemptId)).toContain(single.attemptId);
    expect(claimed).toHaveLength(2);
    expect(await claim(newId())).toHaveLength(19);
  });

  it('wait until their time has come', async () => {
    const [attempt] = await database.queued(1);
    const me = newId();
    await claim(me);
    await run(tenantId, (tx) => store.giveBack(tx, me, [{ attemptId: attempt!.attemptId, nextAt: later }]));
    expect(await claim(newId())).toEqual([]);
    const [again] = await run(tenantId, (tx) => store.claim(tx, me, 1, later));
    expect(again).toMatchObject({ attemptId: attempt!.attemptId, putOff: 1 });
  });

  it('are armed by their sender alone, and once', async () => {
    const [attempt] = await database.queued(1);
    const [me, other] = [newId(), newId()];
    await claim(me);
    expect(await arm(other, [attempt!.attemptId])).toEqual(new Set());
    expect(await arm(me, [attempt!.attemptId])).toEqual(new Set([attempt!.attemptId]));
    expect(await arm(me, [attempt!.attemptId])).toEqual(new Set());
  });

  it('are concluded by their sender alone, and once', async () => {
    const [attempt] = await database.queued(1);
    const { attemptId } = attempt!;
    const me = newId();
    await claim(me);
    await arm(me, [attemptId]);
    expect(await conclude(newId(), attemptId)).toEqual([]);
    expect(await conclude(me, attemptId)).toMatchObject([{ attemptId, outcome: 'sent' }]);
    expect(await conclude(me, attemptId, unknown('connection_lost'))).toEqual([]);
    expect(await state(attemptId)).toEqual(['concluded', 'sent', null]);
  });

  it('1.1 of a lost sender are unknown where they were armed, and wait again where they were only claimed', async () => {
    const [armed, claimed] = await database.queued(2);
    const lost = newId();
    await claim(lost);
    await arm(lost, [armed!.attemptId]);
    expect(await sweep(lost)).toMatchObject([
      { attemptId: armed!.attemptId, outcome: 'unknown', reason: 'sender_lost' },
    ]);
    expect(await state(armed!.attemptId)).toEqual(['concluded', 'unknown', null]);
    expect(await state(claimed!.attemptId)).toEqual(['queued', null, null]);
    await claim(newId());
  });

  it('1.1 are out of reach for a sender that wakes up after it was swept: it neither arms, concludes nor gives back', async () => {
    const [armed, claimed] = await database.queued(2);
    const zombie = newId();
    await claim(zombie);
    await arm(zombie, [armed!.attemptId]);
    await sweep(zombie);
    const heir = newId();
    await claim(heir);
    expect(await arm(zombie, [claimed!.attemptId])).toEqual(new Set());
    expect(await conclude(zombie, armed!.attemptId)).toEqual([]);
    await run(tenantId, (tx) =>
      store.giveBack(tx, zombie, [
        { attemptId: armed!.attemptId, nextAt: at },
        { attemptId: claimed!.attemptId, nextAt: at },
      ]),
    );
    expect(await state(armed!.attemptId)).toEqual(['concluded', 'unknown', null]);
    expect(await state(claimed!.attemptId)).toEqual(['queued', null, heir]);
  });

  it('are not claimed by a sender that was found silent', async () => {
    await database.queued(1);
    const silent = newId();
    await begin(silent);
    begun.add(silent);
    await database.uow.runAcross('service', (tx) =>
      senders.declareLost(tx, { senderId: silent, beats: 0n }, at),
    );
    expect(await claim(silent)).toEqual([]);
    expect(await claim(newId())).toHaveLength(1);
  });

  it('that were given back lose the permit that was never used', async () => {
    const [attempt] = await database.queued(1);
    const { attemptId } = attempt!;
    const me = newId();
    await claim(me);
    await arm(me, [attemptId]);
    await run(tenantId, (tx) => store.giveBack(tx, me, [{ attemptId, nextAt: at }]));
    const [row] = await run(tenantId, (tx) =>
      tx.query('select permit_id, permit_leaf, armed_at from attempt where attempt_id = $1', [attemptId]),
    );
    expect(row).toEqual({ permit_id: null, permit_leaf: null, armed_at: null });
    await claim(me);
  });

  it('get a second permit only while they are armed', async () => {
    const [attempt] = await database.queued(1);
    const { attemptId } = attempt!;
    const me = newId();
    const armament = () => ({ attemptId, proof: proof(), endpointHash: randomBytes(32) });
    const rearm = () => run(tenantId, (tx) => store.rearm(tx, me, [armament()], at));
    await claim(me);
    expect(await rearm()).toEqual(new Set());
    await arm(me, [attemptId]);
    expect(await rearm()).toEqual(new Set([attemptId]));
    await conclude(me, attemptId);
    expect(await rearm()).toEqual(new Set());
  });

  it('that bear a name without being in hand are found', async () => {
    const [lost, held] = await database.queued(2);
    const me = newId();
    await claim(me);
    expect(await run(tenantId, (tx) => store.strays(tx, me, [held!.attemptId]))).toEqual([lost!.attemptId]);
  });

  it('of another tenant are neither seen nor taken', async () => {
    const other = newId();
    await database.queued(1, other);
    expect(await claim(newId())).toEqual([]);
  });

  it('1.1 cannot be armed without a permit, nor sent without having been armed: the table refuses', async () => {
    const [attempt] = await database.queued(1);
    const { attemptId } = attempt!;
    const me = newId();
    await claim(me);
    const set = (assignment: string) =>
      run(tenantId, (tx) =>
        tx.execute(`update attempt set ${assignment} where attempt_id = $1`, [attemptId]),
      );
    await expect(set(`state = 'armed', armed_at = '2026-11-23'`)).rejects.toMatchObject({
      constraint: 'attempt_armed_has_permit',
    });
    await expect(
      set(`state = 'concluded', outcome = 'sent', concluded_at = '2026-11-23'`),
    ).rejects.toMatchObject({ constraint: 'attempt_sent_was_armed' });
  });
});
