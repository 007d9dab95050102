import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datarightsV1, HoldChanged, privacyV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { brokenPromisesOf } from '@heed/testing';
import { watch } from './people/people.js';
import { Town } from './town.js';

const { RequestState: State, Right } = privacyV1;
const Outcome = datarightsV1.StoreOutcome;

describe('a hold', () => {
  let town: Town;
  const holdsOf = async (tenantId = town.tenantId) =>
    (await town.cluster.asMember('privacy', { tenantId, roles: ['compliance_officer'] })).of(
      privacyV1.HoldsServiceService,
    );
  let holds: Awaited<ReturnType<typeof holdsOf>>;
  beforeAll(async () => {
    town = await Town.open();
    holds = await holdsOf();
  });
  afterAll(() => town?.close());

  const asking = (subjectId: string, more: Partial<privacyV1.PlaceHoldRequest> = {}) =>
    privacyV1.PlaceHoldRequest.fromPartial({
      ...{ requestId: newId(), subjectId, ground: 'legal_claims', matter: '2026/17', ...more },
    });
  const place = async (subjectId: string, more: Partial<privacyV1.PlaceHoldRequest> = {}) =>
    (await holds.placeHold(asking(subjectId, more))).hold!;
  const release = async ({ holdId }: privacyV1.Hold) => (await holds.releaseHold({ holdId })).hold!;
  const ended = async ({ requestId }: privacyV1.Request) => (await town.watched(requestId)).at(-1)!;
  const isThere = async (subjectId: string) =>
    (await town.sql('contacts', 'select 1 from person where contact_id = $1', [subjectId])).length === 1;
  const ordersOf = ({ requestId }: privacyV1.Request) =>
    town.sql('privacy', 'select 1 from subject_order where request_id = $1', [requestId]);

  it('keeps an erasure from beginning, which silences at once, and goes on by itself when the last is released', async () => {
    const subjectId = await town.person();
    const [first, second] = [await place(subjectId), await place(subjectId, { ground: 'authority' })];
    const erasure = await town.request({ subjectId });
    expect(erasure.state).toBe(State.REQUEST_STATE_HELD);
    expect(watch.stopped).toContain(subjectId);
    expect((await release(first)).releasedAt).not.toBe('');
    expect((await town.read(erasure.requestId)).state).toBe(State.REQUEST_STATE_HELD);
    expect(await ordersOf(erasure)).toEqual([]);
    expect(await isThere(subjectId)).toBe(true);
    const released = await release(second);
    expect(await release(second)).toEqual(released);
    expect((await ended(erasure)).state).toBe(State.REQUEST_STATE_COMPLETED);
    expect(await isThere(subjectId)).toBe(false);
  });

  it('is placed once under one id, and ends by itself at its time', async () => {
    const subjectId = await town.person();
    const asked = asking(subjectId, { until: new Date(Date.now() + 3_600_000).toISOString() });
    const hold = (await holds.placeHold(asked)).hold!;
    expect((await holds.placeHold(asked)).hold).toEqual(hold);
    const erasure = await town.request({ subjectId });
    await town.sql('privacy', `update heed.due_work set due_at = now() where queue = 'holds'`);
    expect((await ended(erasure)).state).toBe(State.REQUEST_STATE_COMPLETED);
    expect((await holds.getHold({ holdId: hold.holdId })).hold).toMatchObject({ releasedBy: '' });
    await expect(holds.placeHold(asking(subjectId, { until: '2020-01-01T00:00:00Z' }))).rejects.toMatchObject(
      {
        reason: 'INVALID_ARGUMENT',
      },
    );
  });

  it('6.9 that comes before the order is out takes it back, and the erasure may still be refused', async () => {
    const subjectId = await town.person();
    const [hold, erasure] = await town.whileLocked('contacts', 'heed.order_taken', async () => {
      await town.request({ subjectId, right: Right.RIGHT_ACCESS });
      const asked = await town.request({ subjectId });
      return [await place(subjectId), asked] as const;
    });
    expect(hold.tooLate).toEqual([]);
    expect((await town.read(erasure.requestId)).state).toBe(State.REQUEST_STATE_HELD);
    const officer = await town.officer();
    await expect(
      officer.closeWithExceptions({ requestId: erasure.requestId, reason: 'store_gone' }),
    ).rejects.toMatchObject({ reason: 'NOTHING_MISSING' });
    const waiting = await officer.listRequests(
      privacyV1.ListRequestsRequest.fromPartial({ needsPerson: true, subjectId }),
    );
    expect(waiting.requests.map(({ requestId }) => requestId)).toEqual([erasure.requestId]);
    await officer.refuseRequest({ requestId: erasure.requestId, ground: 'legal_claims' });
    await release(hold);
    expect((await town.read(erasure.requestId)).state).toBe(State.REQUEST_STATE_REFUSED);
    expect(await isThere(subjectId)).toBe(true);
  });

  it('6.9 that comes while the order is out says what it is too late for, and what was not lost', async () => {
    const subjectId = await town.person();
    const hold = await town.whileLocked('contacts', 'heed.order_taken', async () => {
      const { requestId } = await town.request({ subjectId });
      await town.until(
        () =>
          town.sql<{ batch_id: string | null }>(
            'privacy',
            'select batch_id from subject_order where request_id = $1',
            [requestId],
          ),
        ([order]) => order?.batch_id !== null,
      );
      return place(subjectId);
    });
    const late = new Map(hold.tooLate.map(({ store, outcome }) => [store, outcome]));
    expect(late.get('contacts.person')).toBe(Outcome.STORE_OUTCOME_UNSPECIFIED);
    const [request] = (
      await (await town.officer()).listRequests(privacyV1.ListRequestsRequest.fromPartial({ subjectId }))
    ).requests;
    await ended(request!);
    const after = await place(subjectId, { matter: '2026/18' });
    const lost = new Map(after.tooLate.map(({ store, outcome }) => [store, outcome]));
    expect(lost.get('contacts.person')).toBe(Outcome.STORE_OUTCOME_ERASED);
    // It keeps the record of the request, so the hold has come in time for that.
    expect(lost.has('privacy.request-record')).toBe(false);
    expect(after.tooLate.every(({ requestId }) => requestId === request!.requestId)).toBe(true);
    expect((await holds.getHold({ holdId: after.holdId })).hold).toEqual(after);
  });

  it('6.9 and an erasure that come at one moment: it waits, or the hold says that it is too late, and never neither', async () => {
    const people = await Promise.all(Array.from({ length: 8 }, () => town.person()));
    for (const subjectId of people) {
      const [erasure, hold] = await Promise.all([town.request({ subjectId }), place(subjectId)]);
      const isLate = hold.tooLate.length > 0;
      if (isLate) await ended(erasure);
      else expect((await town.read(erasure.requestId)).state).toBe(State.REQUEST_STATE_HELD);
      expect(await isThere(subjectId)).toBe(!isLate);
    }
  });

  it('is told to whoever asked, with its ground, when their erasure begins to wait, unless its matter forbids that', async () => {
    const told = async ({ requestId }: privacyV1.Request) =>
      (
        await town.sql<{ notice: string }>(
          'privacy',
          `select n.notice from requester r join requester_notice n using (tenant_id, requester_id)
           where r.request_id = $1 order by n.requested_at`,
          [requestId],
        )
      ).map(({ notice }) => notice);
    const [ada, bo] = [await town.person(), await town.person()];
    const open = await place(ada);
    const ofAda = await town.request({ subjectId: ada, replyTo: 'ada@example.org' });
    expect(await told(ofAda)).toEqual(['request_held']);
    await release(open);
    await ended(ofAda);
    expect(await told(ofAda)).toEqual(['request_held', 'request_completed']);

    const secret = await place(bo, { ground: 'investigation', withoutTelling: true });
    expect(secret.withoutTelling).toBe(true);
    const ofBo = await town.request({ subjectId: bo, replyTo: 'bo@example.org' });
    expect(ofBo.state).toBe(State.REQUEST_STATE_HELD);
    expect(await told(ofBo)).toEqual(['request_received']);
    // Another hold of which they may hear comes while it waits; a third says nothing new.
    const [second, third] = [await place(bo), await place(bo)];
    expect(await told(ofBo)).toEqual(['request_received', 'request_held']);
    for (const hold of [secret, second, third]) await release(hold);
    await ended(ofBo);
  });

  it('keeps from erasure alone: access of whoever is held goes on', async () => {
    const subjectId = await town.person();
    await place(subjectId);
    const access = await town.request({ subjectId, right: Right.RIGHT_ACCESS });
    expect((await ended(access)).state).toBe(State.REQUEST_STATE_COMPLETED);
  });

  it('is told to every service when it is placed and when it is released, by ids alone', async () => {
    const hold = await place(await town.person(), { ground: 'investigation', matter: 'm/secret' });
    const { holdId, subjectId } = hold;
    const known = (service: 'contacts' | 'privacy') =>
      town.sql<object>(service, 'select subject_id, released from heed.hold where hold_id = $1', [holdId]);
    for (const released of [false, true]) {
      if (released) await release(hold);
      for (const service of ['contacts', 'privacy'] as const)
        await town.until(
          () => known(service),
          ([row]) => row !== undefined && 'released' in row && row.released === released,
        );
      expect(await known('contacts')).toEqual([{ subject_id: subjectId, released }]);
    }
    const told = await town.cluster.published(HoldChanged);
    const about = told.filter((event) => event.holdId === holdId);
    expect(about.at(-1)).toEqual({ holdId, subjectId, released: true });
  });

  it('is listed by person and matter, in pages, and of another tenant says nothing', async () => {
    const subjectId = await town.person();
    const placed: string[] = [];
    for (const matter of ['m/1', 'm/1', 'm/2']) placed.unshift((await place(subjectId, { matter })).holdId);
    const list = (more: Partial<privacyV1.ListHoldsRequest>) =>
      holds.listHolds(privacyV1.ListHoldsRequest.fromPartial({ subjectId, ...more }));
    const first = await list({ pageSize: 2 });
    const rest = await list({ pageSize: 2, pageToken: first.nextPageToken });
    expect([...first.holds, ...rest.holds].map(({ holdId }) => holdId)).toEqual(placed);
    expect((await list({ matter: 'm/2' })).holds.map(({ holdId }) => holdId)).toEqual([placed[0]]);
    await holds.releaseHold({ holdId: placed[0]! });
    expect((await list({ matter: 'm/2' })).holds).toEqual([]);
    expect((await list({ matter: 'm/2', includeReleased: true })).holds).toHaveLength(1);
    const strangers = await holdsOf(newId());
    for (const call of [
      () => strangers.getHold({ holdId: placed[1]! }),
      () => strangers.releaseHold({ holdId: placed[1]! }),
    ])
      await expect(call()).rejects.toMatchObject({ reason: 'HOLD_NOT_FOUND' });
    const theirs = await strangers.listHolds(privacyV1.ListHoldsRequest.fromPartial({ subjectId }));
    expect(theirs.holds).toEqual([]);
  });

  it('breaks no promise, as SQL sees it', async () => {
    expect(await brokenPromisesOf(['I5', 'I6'], town.cluster.database('privacy'))).toEqual([]);
  });
});
