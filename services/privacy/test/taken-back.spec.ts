import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { privacyV1, RequesterMessageRequested, typesV1 } from '@heed/contracts';
import { isDomainError, newId, systemClock } from '@heed/kernel';
import { brokenPromisesOf, gate } from '@heed/testing';
import { watch } from './people/people.js';
import { Town } from './town.js';

const { RequestState: State, Right } = privacyV1;

describe('a request that is refused or taken back', () => {
  let town: Town;
  let officer: Awaited<ReturnType<Town['officer']>>;
  beforeAll(async () => {
    town = await Town.open();
    officer = await town.officer();
  });
  afterAll(() => town?.close());

  /** A request whose order waits behind that of another about the same person. */
  async function waiting<T>(
    more: Partial<privacyV1.CreateRequestRequest>,
    work: (request: privacyV1.Request) => Promise<T>,
  ): Promise<T> {
    const subjectId = await town.person();
    return town.whileLocked('contacts', 'heed.order_taken', async () => {
      await town.request({ subjectId, right: Right.RIGHT_ACCESS });
      return work(await town.request({ subjectId, ...more }));
    });
  }
  const rows = (sql: string, requestId: string) =>
    town.sql<Record<string, unknown>>('privacy', sql, [requestId]);
  async function lifted(requestId: string): Promise<void> {
    while (!watch.lifted.includes(requestId)) await systemClock.wait(20);
  }
  const inLog = (requestId: string) =>
    town.until(
      () => rows('select closing_leaf from request where request_id = $1', requestId),
      ([row]) => row?.closing_leaf !== null,
    );
  const isThere = async (subjectId: string) =>
    (await town.sql('contacts', 'select 1 from person where contact_id = $1', [subjectId])).length === 1;

  it('stops nobody any more, is withdrawn in the ledger, and keeps nothing that its person was found by', async () => {
    const refused = await waiting({ replyTo: 'who@example.org', email: 'x@example.org' }, async (request) => {
      const { requestId } = request;
      expect(await rows('select 1 from search_needle where request_id = $1', requestId)).not.toEqual([]);
      const { request: now } = await officer.refuseRequest({ requestId, ground: 'legal_claims' });
      return now!;
    });
    const { requestId } = refused;
    expect(refused).toMatchObject({ state: State.REQUEST_STATE_REFUSED, refusalGround: 'legal_claims' });
    expect(refused.closedAt).not.toBe('');
    await lifted(requestId);
    await inLog(requestId);
    expect(
      await rows('select withdrawn from erasure_ledger where request_id = $1 order by entry_no', requestId),
    ).toEqual([{ withdrawn: false }, { withdrawn: true }]);
    for (const table of ['search_needle', 'request_identifier', 'subject_order'])
      expect(await rows(`select 1 from ${table} where request_id = $1`, requestId)).toEqual([]);
    const told = await town.until(
      async () =>
        (await town.cluster.published(RequesterMessageRequested)).filter(
          ({ notice }) => notice === typesV1.Notice.NOTICE_REQUEST_REFUSED,
        ),
      (messages) => messages.length > 0,
    );
    expect(told).toHaveLength(1);
    expect(await isThere(refused.subjectId)).toBe(true);
    await expect(officer.getCertificate({ requestId })).rejects.toMatchObject({
      reason: 'NOTHING_CERTIFIED',
    });
  });

  it('is so once: said again it changes nothing, said otherwise it is refused, and they may ask anew', async () => {
    const { requestId, subjectId } = await waiting({}, async ({ requestId: id }) => {
      const cancelled = (await officer.cancelRequest({ requestId: id })).request!;
      expect(await officer.cancelRequest({ requestId: id })).toEqual({ request: cancelled });
      await expect(officer.refuseRequest({ requestId: id, ground: 'excessive' })).rejects.toMatchObject({
        reason: 'REQUEST_ENDED',
      });
      return cancelled;
    });
    const again = await town.request({ subjectId });
    expect(again.requestId).not.toBe(requestId);
    expect((await town.watched(again.requestId)).at(-1)!.state).toBe(State.REQUEST_STATE_COMPLETED);
    expect(await isThere(subjectId)).toBe(false);
    const { requests } = await officer.listRequests(
      privacyV1.ListRequestsRequest.fromPartial({ state: State.REQUEST_STATE_CANCELLED, subjectId }),
    );
    expect(requests.map((request) => request.requestId)).toEqual([requestId]);
  });

  it('is refused on no ground that the law does not know against its right, and never by another tenant', async () => {
    await waiting({}, async ({ requestId }) => {
      await expect(officer.refuseRequest({ requestId, ground: 'rights_of_others' })).rejects.toMatchObject({
        reason: 'GROUND_OF_OTHER_RIGHT',
      });
      await expect(officer.refuseRequest({ requestId, ground: 'too_busy' })).rejects.toMatchObject({
        reason: 'INVALID_ARGUMENT',
      });
      const stranger = await town.officer(newId());
      await expect(stranger.cancelRequest({ requestId })).rejects.toMatchObject({
        reason: 'REQUEST_NOT_FOUND',
      });
      await officer.cancelRequest({ requestId });
    });
  });

  it('leaves a restriction as an earlier request has made it', async () => {
    const subjectId = await town.person();
    const first = await town.request({ subjectId, right: Right.RIGHT_RESTRICTION });
    await town.watched(first.requestId);
    const second = await town.whileLocked('contacts', 'heed.order_taken', async () => {
      await town.request({ subjectId, right: Right.RIGHT_ACCESS });
      const { requestId } = await town.request({ subjectId, right: Right.RIGHT_RESTRICTION });
      await officer.cancelRequest({ requestId });
      return requestId;
    });
    await lifted(second);
    expect(watch.lifted).not.toContain(first.requestId);
    expect(
      await town.sql('privacy', 'select request_id from restriction where subject_id = $1', [subjectId]),
    ).toEqual([{ request_id: first.requestId }]);
  });

  it('is one of which no order is out: whoever is faster, it is either taken back or carried out, and never half', async () => {
    const requests = await Promise.all(
      Array.from({ length: 12 }, async () => town.request({ subjectId: await town.person() })),
    );
    const ended = await Promise.all(
      requests.map(async ({ requestId }) =>
        officer.cancelRequest({ requestId }).then(
          () => 'cancelled',
          (error: unknown) => (isDomainError(error) ? error.reason : String(error)),
        ),
      ),
    );
    for (const [at, { requestId, subjectId }] of requests.entries()) {
      expect(['cancelled', 'ORDERS_ARE_OUT', 'REQUEST_ENDED']).toContain(ended[at]);
      const last = (await town.watched(requestId)).at(-1)!;
      const isCancelled = ended[at] === 'cancelled';
      expect(last.state).toBe(isCancelled ? State.REQUEST_STATE_CANCELLED : State.REQUEST_STATE_COMPLETED);
      expect(await isThere(subjectId)).toBe(isCancelled);
    }
  });

  it('is not taken back once an order is out', async () => {
    const subjectId = await town.person();
    await town.whileLocked('contacts', 'heed.order_taken', async () => {
      const { requestId } = await town.request({ subjectId });
      await town.until(
        () => rows('select batch_id from subject_order where request_id = $1', requestId),
        ([order]) => order?.batch_id !== null,
      );
      await expect(officer.cancelRequest({ requestId })).rejects.toMatchObject({ reason: 'ORDERS_ARE_OUT' });
    });
  });

  it('stays so where privacy is killed between the lift at contacts and its own word of it', async () => {
    const door = gate();
    watch.lifting = door;
    const { requestId } = await waiting({}, async (request) => {
      await officer.cancelRequest({ requestId: request.requestId });
      return request;
    });
    await door.reached;
    await town.cluster.service('privacy').kill();
    watch.lifting = async () => undefined;
    door.open();
    // Its claim is as old as one of a process that was killed some time ago.
    await town.sql('privacy', 'update heed.due_work set claimed_until = now() where claim is not null');
    await town.cluster.restart('privacy');
    officer = await town.officer();
    await town.until(
      () =>
        rows(
          `select 1 from heed.due_work where ref = $1 and queue in ('stops', 'ended-requests')`,
          requestId,
        ),
      (due) => due.length === 0,
    );
    expect(watch.lifted.filter((id) => id === requestId).length).toBeGreaterThan(0);
    expect((await town.read(requestId)).state).toBe(State.REQUEST_STATE_CANCELLED);
    await inLog(requestId);
  });

  it('is lifted too where it was never kept, and the open one of the same person keeps theirs', async () => {
    const subjectId = await town.person();
    const kept = await town.whileLocked('contacts', 'heed.order_taken', async () => {
      const first = await town.request({ subjectId });
      expect((await town.request({ subjectId })).requestId).toBe(first.requestId);
      return first.requestId;
    });
    // What others of this file have still to lift is lifted by now.
    await town.until(
      () => town.sql('privacy', `select 1 from heed.due_work where queue = 'stops' and due_at <= now()`),
      (due) => due.length === 0,
    );
    const before = new Set(watch.lifted);
    await town.sql('privacy', `update heed.due_work set due_at = now() where queue = 'stops'`);
    await town.until(
      () => town.sql('privacy', `select 1 from heed.due_work where queue = 'stops'`),
      (due) => due.length === 0,
    );
    const fresh = watch.lifted.filter((id) => !before.has(id));
    expect(fresh).toHaveLength(1);
    expect(fresh).not.toContain(kept);
  });

  it('breaks no promise, as SQL sees it', async () => {
    expect(await brokenPromisesOf(['I5', 'I6'], town.cluster.database('privacy'))).toEqual([]);
  });
});
