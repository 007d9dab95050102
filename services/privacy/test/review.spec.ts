import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datarightsV1, privacyV1, RequesterMessageRequested, typesV1 } from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import { brokenPromisesOf } from '@heed/testing';
import { verifyCertificate } from '@heed/verifier';
import { watch } from './people/people.js';
import { Town } from './town.js';

const { RequestState: State, Right, Intake, RequestsServiceService } = privacyV1;
const AGENT = 'known_to_agent';

describe('a request that a member must approve', () => {
  let town: Town;
  let officer: Awaited<ReturnType<Town['officer']>>;
  beforeAll(async () => {
    town = await Town.open();
    officer = await town.officer();
  });
  afterAll(() => town?.close());

  const ask = (more: Partial<privacyV1.CreateRequestRequest>) =>
    town.request({ verification: AGENT, objects: false, ...more });
  const approve = async ({ requestId }: { requestId: string }, verification = '', by = officer) =>
    (await by.approveRequest({ requestId, verification })).request!;
  const ended = async ({ requestId }: { requestId: string }) => (await town.watched(requestId)).at(-1)!;
  const rows = (sql: string, id: string) => town.sql<Record<string, unknown>>('privacy', sql, [id]);
  const ordersOf = ({ requestId }: privacyV1.Request) =>
    rows('select 1 from subject_order where request_id = $1', requestId);
  const isThere = async (subjectId: string) =>
    (await town.sql('contacts', 'select 1 from person where contact_id = $1', [subjectId])).length === 1;
  const told = async ({ requestId }: privacyV1.Request) =>
    (
      await rows(
        `select n.notice from requester r join requester_notice n using (tenant_id, requester_id)
         where r.request_id = $1 order by n.requested_at`,
        requestId,
      )
    ).map(({ notice }) => notice);

  it('waits with contact stopped and nothing ordered, and goes on once it is approved', async () => {
    const subjectId = await town.person();
    const taken = await ask({ subjectId, replyTo: 'who@example.org' });
    expect(taken).toMatchObject({ state: State.REQUEST_STATE_REVIEW, approvedBy: '', closedAt: '' });
    expect(watch.stopped).toContain(subjectId);
    expect(await ordersOf(taken)).toEqual([]);
    expect(await told(taken)).toEqual(['request_received']);
    for (const filter of [{ state: State.REQUEST_STATE_REVIEW }, { needsPerson: true }]) {
      const { requests } = await officer.listRequests(
        privacyV1.ListRequestsRequest.fromPartial({ ...filter, subjectId }),
      );
      expect(requests.map(({ requestId }) => requestId)).toEqual([taken.requestId]);
    }
    await expect(
      officer.closeWithExceptions({ requestId: taken.requestId, reason: 'store_gone' }),
    ).rejects.toMatchObject({ reason: 'NOTHING_MISSING' });
    expect(await isThere(subjectId)).toBe(true);

    const approved = await approve(taken);
    expect(approved.approvedBy).not.toBe('');
    expect(await approve(taken)).toMatchObject({ approvedBy: approved.approvedBy });
    expect((await ended(taken)).state).toBe(State.REQUEST_STATE_COMPLETED);
    expect(await isThere(subjectId)).toBe(false);
    verifyCertificate(await town.certificate(taken.requestId), await town.vkey());
    await expect(approve(await town.request({ subjectId: await town.person() }))).rejects.toMatchObject({
      reason: 'NOT_IN_REVIEW',
    });
  });

  it('is refused where nobody can say who asked: contact is allowed again, and whoever asked is told', async () => {
    const subjectId = await town.person();
    const { requestId } = await ask({ subjectId, verification: 'none', replyTo: 'who@example.org' });
    await expect(approve({ requestId })).rejects.toMatchObject({
      violations: [{ field: 'verification', reason: 'REQUIRED_WHERE_NONE' }],
    });
    const { request } = await officer.refuseRequest({ requestId, ground: 'identity_not_proved' });
    expect(request).toMatchObject({ state: State.REQUEST_STATE_REFUSED, verification: 'none' });
    while (!watch.lifted.includes(requestId)) await systemClock.wait(20);
    expect(await told(request!)).toEqual(['request_received', 'request_refused']);
    expect(await isThere(subjectId)).toBe(true);
    await expect(approve({ requestId }, 'document')).rejects.toMatchObject({ reason: 'NOT_IN_REVIEW' });
  });

  it('begins for no replica that knows of no approval', async () => {
    const subjectId = await town.person();
    const { requestId } = await ask({ subjectId });
    const hold = rows("update request set state = 'HELD' where request_id = $1", requestId);
    await expect(hold).rejects.toThrow('begins once it is approved');
    expect((await town.read(requestId)).state).toBe(State.REQUEST_STATE_REVIEW);
  });

  it('bears in its certificate what proved identity, which may come last', async () => {
    const taken = await ask({
      subjectId: await town.person(),
      right: Right.RIGHT_ACCESS,
      verification: 'none',
    });
    await approve(taken, 'document');
    expect(await ended(taken)).toMatchObject({
      state: State.REQUEST_STATE_COMPLETED,
      verification: 'document',
    });
    const { claims } = verifyCertificate(await town.certificate(taken.requestId), await town.vkey());
    expect(claims.verification).toBe('document');
  });

  it('meets a hold that came meanwhile when it is approved, and not before', async () => {
    const subjectId = await town.person();
    const taken = await ask({ subjectId });
    const member = await town.cluster.asMember('privacy', {
      ...{ tenantId: town.tenantId, roles: ['compliance_officer'] },
    });
    const holds = member.of(privacyV1.HoldsServiceService);
    const { hold } = await holds.placeHold(
      privacyV1.PlaceHoldRequest.fromPartial({
        ...{ requestId: newId(), subjectId, ground: 'authority', matter: '2026/19' },
      }),
    );
    expect((await town.read(taken.requestId)).state).toBe(State.REQUEST_STATE_REVIEW);
    expect((await approve(taken)).state).toBe(State.REQUEST_STATE_HELD);
    await holds.releaseHold({ holdId: hold!.holdId });
    expect((await ended(taken)).state).toBe(State.REQUEST_STATE_COMPLETED);
  });

  it('changes no address on the word of an agent, and nothing any more of whoever was erased meanwhile', async () => {
    const correction = (value: string) => ({
      right: Right.RIGHT_CORRECTION,
      corrections: [
        { field: datarightsV1.PersonField.PERSON_FIELD_EMAIL, value, endpointId: '', previous: '' },
      ],
    });
    const emailOf = (id: string) =>
      town.sql<{ email: string }>('contacts', 'select email from person where contact_id = $1', [id]);
    const [ada, bo] = [await town.person({ email: 'ada@example.org' }), await town.person()];
    const [ofAda, ofBo] = [
      await ask({ subjectId: ada, ...correction('thief@example.org') }),
      await ask({ subjectId: bo, ...correction('bo@example.org') }),
    ];
    expect(ofAda.state).toBe(State.REQUEST_STATE_REVIEW);
    expect(await emailOf(ada)).toEqual([{ email: 'ada@example.org' }]);
    await approve(ofAda);
    expect((await ended(ofAda)).state).toBe(State.REQUEST_STATE_COMPLETED);
    expect(await emailOf(ada)).toEqual([{ email: 'thief@example.org' }]);

    await ended(await town.request({ subjectId: bo }));
    await expect(approve(ofBo)).rejects.toMatchObject({ reason: 'SUBJECT_ERASED' });
    const { request } = await officer.cancelRequest({ requestId: ofBo.requestId });
    expect(request!.state).toBe(State.REQUEST_STATE_CANCELLED);
  });

  it('restricts nobody before, though nobody is contacted, and tells nobody that a restriction ends before', async () => {
    const subjectId = await town.person();
    const restriction = await ask({ subjectId, right: Right.RIGHT_RESTRICTION });
    expect(watch.restricted).toContain(subjectId);
    expect(await brokenPromisesOf(['I6'], town.cluster.database('privacy'))).toEqual([]);
    await approve(restriction);
    expect((await ended(restriction)).state).toBe(State.REQUEST_STATE_COMPLETED);

    const lift = await ask({ subjectId, right: Right.RIGHT_LIFT, replyTo: 'who@example.org' });
    expect([lift.state, await told(lift)]).toEqual([State.REQUEST_STATE_REVIEW, ['request_received']]);
    expect((await approve(lift)).state).toBe(State.REQUEST_STATE_INFORMING);
    expect(await told(lift)).toEqual(['request_received', 'restriction_ending']);
    await officer.noteInformed({ requestId: lift.requestId, informed: 'letter' });
    expect((await ended(lift)).state).toBe(State.REQUEST_STATE_COMPLETED);
  });

  it('is chosen by the rules of its tenant, by right and way in, and may need a second person', async () => {
    const tenantId = newId();
    const client = async (...roles: string[]) =>
      (await town.cluster.asMember('privacy', { tenantId, roles })).of(RequestsServiceService);
    const [owner, one, other] = [
      await client('owner'),
      await client('compliance_officer'),
      await client('compliance_officer'),
    ];
    const rule = { right: Right.RIGHT_UNSPECIFIED, verification: '', intake: Intake.INTAKE_UNSPECIFIED };
    const first = (await owner.getReviewRules({})).reviewRules!;
    expect(first).toMatchObject({ waits: [{ ...rule, verification: AGENT }], updatedAt: '' });
    const reviewRules = {
      waits: [{ ...rule, right: Right.RIGHT_ERASURE, intake: Intake.INTAKE_BATCH }],
      ...{ secondPerson: true, updatedAt: '', updatedBy: '' },
    };
    await expect(one.updateReviewRules({ reviewRules })).rejects.toMatchObject({
      reason: 'PERMISSION_MISSING',
    });
    const set = (await owner.updateReviewRules({ reviewRules })).reviewRules!;
    expect(set).toMatchObject({ waits: reviewRules.waits, secondPerson: true });
    expect(await owner.updateReviewRules({ reviewRules })).toEqual({ reviewRules: set });

    const { request: single } = await one.createRequest(
      town.asking({ subjectId: newId(), verification: AGENT }),
    );
    expect(single!.state).toBe(State.REQUEST_STATE_FANNED_OUT);
    const { erasures } = await one.batchCreateErasures({
      ...{ requestId: newId(), contactIds: [newId(), newId()], verification: 'document' },
      ...{ objects: false, withoutSuppression: false },
    });
    // By the rule that they were taken under: nobody unties their own hands.
    await owner.updateReviewRules({ reviewRules: { ...reviewRules, secondPerson: false } });
    for (const { requestId } of erasures) {
      await expect(approve({ requestId }, '', one)).rejects.toMatchObject({
        reason: 'SECOND_PERSON_NEEDED',
      });
      await expect(approve({ requestId })).rejects.toMatchObject({ reason: 'REQUEST_NOT_FOUND' });
      await approve({ requestId }, '', other);
      for await (const { request } of one.watchRequest({ requestId }))
        if (request!.closedAt !== '') expect(request!.state).toBe(State.REQUEST_STATE_COMPLETED);
    }
  });

  it('breaks no promise, as SQL sees it, and nobody was told too early', async () => {
    expect(await brokenPromisesOf(['I5', 'I6'], town.cluster.database('privacy'))).toEqual([]);
    const endings = (await town.cluster.published(RequesterMessageRequested)).filter(
      ({ notice }) => notice === typesV1.Notice.NOTICE_RESTRICTION_ENDING,
    );
    expect(endings).toHaveLength(1);
  });
});
