import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datarightsV1, OrdersIssued, privacyV1, RequesterMessageRequested, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { brokenPromisesOf } from '@heed/testing';
import { verifyCertificate } from '@heed/verifier';
import { silent } from './people/people.js';
import { Town } from './town.js';

const { RequestState: State, Right } = privacyV1;
const Outcome = datarightsV1.StoreOutcome;

describe('a request of which a store is silent', () => {
  let town: Town;
  let officer: Awaited<ReturnType<Town['officer']>>;
  let request: privacyV1.Request;
  beforeAll(async () => {
    town = await Town.open(silent);
    officer = await town.officer();
    await town.cluster.service('telephony').kill();
    request = await town.request({ subjectId: await town.person(), replyTo: 'who@example.org' });
    await town.until(
      () => town.read(request.requestId),
      ({ stores }) =>
        stores.every(
          ({ service, outcome }) => service !== 'contacts' || outcome !== Outcome.STORE_OUTCOME_UNSPECIFIED,
        ),
    );
  });
  afterAll(() => town?.close());

  const read = () => town.read(request.requestId);
  const silentStores = ({ stores }: privacyV1.Request) =>
    stores.filter(({ service }) => service === 'telephony');
  /** The next time that the silent are asked comes now. */
  async function askedAgain(): Promise<void> {
    const issued = async () => (await town.cluster.published(OrdersIssued)).length;
    const before = await issued();
    await town.sql('privacy', `update heed.due_work set due_at = '2000-01-01' where queue = 'ask-again'`);
    await town.until(issued, (count) => count > before);
  }
  const before = async (needsPerson: boolean) =>
    (await officer.listRequests(privacyV1.ListRequestsRequest.fromPartial({ needsPerson }))).requests.map(
      ({ requestId }) => requestId,
    );

  it('shows since when the store is asked, and how often', async () => {
    await askedAgain();
    const stores = await town.until(
      async () => silentStores(await read()),
      ([first]) => (first?.timesAsked ?? 0) > 1,
    );
    expect(stores.every(({ askedAt }) => Date.parse(askedAt) > 0)).toBe(true);
    const answered = (await read()).stores.filter(({ service }) => service === 'contacts');
    expect(answered.every(({ askedAt, timesAsked }) => askedAt === '' && timesAsked === 0)).toBe(true);
  });

  it('is put before a person at half of the time allowed, and not before', async () => {
    expect((await read()).attentionAt).toBe('');
    expect(await before(true)).toEqual([]);
    await town.sql(
      'privacy',
      `update request set received_at = now() - interval '16 days', due_at = now() + interval '14 days'
       where request_id = $1`,
      [request.requestId],
    );
    await askedAgain();
    await town.until(read, ({ attentionAt }) => attentionAt !== '');
    expect(await before(true)).toEqual([request.requestId]);
    expect((await read()).state).toBe(State.REQUEST_STATE_FANNED_OUT);
  });

  it('may take two months longer, once, with a reason, and who asked is told', async () => {
    const due = new Date((await read()).dueAt);
    const extended = await officer.extendRequest({ requestId: request.requestId, because: 'complexity' });
    expect(extended.request).toMatchObject({ extendedBecause: 'complexity', attentionAt: '' });
    const days = (Date.parse(extended.request!.dueAt) - due.getTime()) / 86_400_000;
    expect(days).toBeGreaterThanOrEqual(58);
    expect(days).toBeLessThanOrEqual(62);
    await officer.extendRequest({ requestId: request.requestId, because: 'complexity' });
    await expect(
      officer.extendRequest({ requestId: request.requestId, because: 'number_of_requests' }),
    ).rejects.toMatchObject({ reason: 'ALREADY_EXTENDED' });
    const told = await town.until(
      async () =>
        (await town.cluster.published(RequesterMessageRequested)).filter(
          ({ notice }) => notice === typesV1.Notice.NOTICE_REQUEST_EXTENDED,
        ),
      (messages) => messages.length > 0,
    );
    expect(told).toHaveLength(1);
  });

  it('6.4 is closed by nobody but a person, who says why, and its certificate says what is missing', async () => {
    expect((await read()).closedAt).toBe('');
    const close = { requestId: request.requestId, reason: 'store_gone' };
    await officer.closeWithExceptions(close);
    const closed = (await town.watched(request.requestId)).at(-1)!;
    expect(closed).toMatchObject({
      state: State.REQUEST_STATE_COMPLETED_WITH_EXCEPTIONS,
      exceptionReason: 'store_gone',
    });
    await officer.closeWithExceptions(close);
    await expect(officer.closeWithExceptions({ ...close, reason: 'another' })).rejects.toMatchObject({
      reason: 'REQUEST_ENDED',
    });
    const { claims } = verifyCertificate(await town.certificate(request.requestId), await town.vkey());
    expect(claims.reason).toBe('store_gone');
    const missing = claims.exceptions!.map(({ service, action, why }) => `${service} ${action} ${why}`);
    expect(missing).toContain('telephony ERASE open');
    expect(missing).toContain('contacts PROBE open');
    expect(missing).not.toContain('contacts ERASE open');
    const said = new Map(claims.stores.map((store) => [store.store, store]));
    expect(said.get('telephony.person')).toMatchObject({ outcome: 'UNREACHABLE' });
    expect(said.get('telephony.person')!.since).toBeTruthy();
    expect(said.get('contacts.person')).toMatchObject({
      outcome: 'ERASED',
      probe: { outcome: 'UNREACHABLE' },
    });
  });

  it('is asked on after that: what it answers late is shown, and searched, and the certificate stays as it was', async () => {
    const certificate = await town.certificate(request.requestId);
    await town.cluster.restart('telephony');
    const late = await town.until(read, ({ stores }) =>
      stores.every(
        ({ outcome, probe }) =>
          outcome !== Outcome.STORE_OUTCOME_UNSPECIFIED && probe !== Outcome.STORE_OUTCOME_UNSPECIFIED,
      ),
    );
    expect(late.state).toBe(State.REQUEST_STATE_COMPLETED_WITH_EXCEPTIONS);
    const again = await town.certificate(request.requestId);
    const claimsIn = (file: Buffer) => (JSON.parse(file.toString()) as { claims: object }).claims;
    expect(claimsIn(again)).toEqual(claimsIn(certificate));
    verifyCertificate(again, await town.vkey());
  });

  it('is not closed so where nothing is missing, nor for access, nor by another tenant', async () => {
    const whole = await town.request({ subjectId: await town.person() });
    await town.watched(whole.requestId);
    const reason = 'store_gone';
    await expect(officer.closeWithExceptions({ requestId: whole.requestId, reason })).rejects.toMatchObject({
      reason: 'REQUEST_ENDED',
    });
    await expect(
      officer.extendRequest({ requestId: whole.requestId, because: 'complexity' }),
    ).rejects.toMatchObject({ reason: 'REQUEST_ENDED' });
    const access = await town.whileLocked('contacts', 'heed.order_taken', async () => {
      const asked = await town.request({ subjectId: await town.person(), right: Right.RIGHT_ACCESS });
      await expect(officer.closeWithExceptions({ requestId: asked.requestId, reason })).rejects.toMatchObject(
        {
          reason: 'ACCESS_NEEDS_ALL',
        },
      );
      return asked;
    });
    await town.watched(access.requestId);
    const stranger = await town.officer(newId());
    for (const refused of [
      () => stranger.closeWithExceptions({ requestId: whole.requestId, reason }),
      () => stranger.extendRequest({ requestId: whole.requestId, because: 'complexity' }),
    ]) {
      await expect(refused()).rejects.toMatchObject({ reason: 'REQUEST_NOT_FOUND' });
    }
  });

  it('breaks no promise, as SQL sees it', async () => {
    expect(await brokenPromisesOf(['I6'], town.cluster.database('privacy'))).toEqual([]);
  });
});
