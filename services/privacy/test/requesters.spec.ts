import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contactsV1, privacyV1, RequesterMessageRequested, typesV1 } from '@heed/contracts';
import { CLOCK, newId, SigningKey, systemClock, type Clock } from '@heed/kernel';
import { decodeLeaf, OwnPermits } from '@heed/permits';
import { UnitOfWork } from '@heed/postgres';
import { type RequesterLeave, RequesterPeople } from '../src/requesters/requester-people.js';
import { whatWasAsked } from '../src/requesters/requester.js';
import { Town } from './town.js';

const { DenialReason: Reason } = contactsV1;
const REPLY_TO = 'Reply.Here@example.org';

describe('who asked for something about their data', () => {
  let town: Town;
  let permits: OwnPermits<RequesterLeave>;
  beforeAll(async () => {
    town = await Town.open();
    const privacy = town.cluster.service('privacy');
    permits = new OwnPermits(
      privacy.get(RequesterPeople),
      privacy.get(UnitOfWork),
      privacy.get(SigningKey as never),
      privacy.get<Clock>(CLOCK),
    );
  });
  afterAll(() => town.close());

  const messages = () => town.cluster.published(RequesterMessageRequested);
  const rowsAbout = (table: string, column: string, requesterId: string) =>
    town.sql('privacy', `select * from ${table} where ${column} = '${requesterId}'`);
  async function told(
    count: number,
    known: ReadonlySet<string>,
  ): Promise<privacyV1.RequesterMessageRequested[]> {
    for (;;) {
      const fresh = (await messages()).filter(({ messageId }) => !known.has(messageId));
      if (fresh.length >= count) return fresh;
      await systemClock.wait(20);
    }
  }
  async function answerTo(
    message: privacyV1.RequesterMessageRequested,
    change: Partial<contactsV1.PermitAsk> = {},
    tenantId = town.tenantId,
  ): Promise<contactsV1.Permit | contactsV1.DenialReason> {
    const ask = contactsV1.PermitAsk.fromPartial({
      ...{ attemptId: message.messageId, contactId: message.requesterId, purpose: 'request' },
      ...{ channel: typesV1.Channel.CHANNEL_EMAIL, nonce: randomBytes(16) },
      ...{ templateFields: ['request', 'what', 'received', 'due'], ...change },
    });
    const deadline = new Date(Date.now() + 60_000);
    const { answers } = await permits.issue({ tenantId, actorId: 'messaging', deadline }, [ask]);
    const { answer } = answers[0]!;
    return answer?.$case === 'permit' ? answer.value : answer!.value.reason;
  }

  it('1.3 is told under permits of privacy that it was taken and that it is done, after they were erased; then forgotten', async () => {
    const known = new Set((await messages()).map(({ messageId }) => messageId));
    const subjectId = await town.person();
    const { requestId } = await town.request({ subjectId, replyTo: REPLY_TO });
    const [received] = await told(1, known);
    expect(received!.notice).toBe(typesV1.Notice.NOTICE_REQUEST_RECEIVED);
    // A subject of its own: the person's erasure does not silence the answer.
    expect(received!.requesterId).not.toBe(subjectId);
    const permit = (await answerTo(received!)) as contactsV1.Permit;
    expect(permit).toMatchObject({ address: REPLY_TO, optOutUrl: '' });
    expect(permit.fields).toMatchObject({
      request: requestId,
      what: whatWasAsked({ right: 'ERASURE', objects: true }),
    });
    expect(decodeLeaf(permit.leaf)).toMatchObject({ issuer: 'privacy', contactId: received!.requesterId });

    const both = await told(2, known);
    const completed = both.find(({ notice }) => notice === typesV1.Notice.NOTICE_REQUEST_COMPLETED)!;
    expect(completed.requesterId).toBe(received!.requesterId);
    expect(await answerTo(completed)).toMatchObject({ address: REPLY_TO });

    const { requesterId } = completed;
    await town.sql('privacy', `update heed.due_work set due_at = now() where queue = 'requesters'`);
    await town.until(
      () => town.sql('privacy', `select 1 from heed.due_work where queue = 'requesters'`),
      (waiting) => waiting.length === 0,
    );
    expect(await rowsAbout('requester', 'requester_id', requesterId)).toEqual([]);
    expect(await rowsAbout('requester_notice', 'requester_id', requesterId)).toEqual([]);
    expect(await rowsAbout('permit', 'subject_id', requesterId)).toEqual([]);
    expect(await answerTo(completed)).toBe(Reason.DENIAL_REASON_UNKNOWN_CONTACT);
  });

  it('1.3 is written to for nothing else, by nobody else, and not at all where no address was given', async () => {
    const known = new Set((await messages()).map(({ messageId }) => messageId));
    await town.request({ subjectId: await town.person(), right: privacyV1.Right.RIGHT_ACCESS });
    const subjectId = await town.person();
    await town.request({ subjectId, right: privacyV1.Right.RIGHT_ACCESS, replyTo: REPLY_TO });
    const [received, ...others] = await told(1, known);
    // The first request gave no address.
    expect(others.every(({ requesterId }) => requesterId === received!.requesterId)).toBe(true);
    expect(await answerTo(received!, { attemptId: newId() })).toBe(Reason.DENIAL_REASON_NOT_ASKED);
    expect(await answerTo(received!, { purpose: 'news' })).toBe(Reason.DENIAL_REASON_NOT_ASKED);
    expect(await answerTo(received!, { contactId: subjectId })).toBe(Reason.DENIAL_REASON_UNKNOWN_CONTACT);
    expect(await answerTo(received!, {}, newId())).toBe(Reason.DENIAL_REASON_UNKNOWN_CONTACT);
  });

  it('is asked for an address that could be one', async () => {
    const officer = await town.officer();
    const asked = officer.createRequest(town.asking({ subjectId: newId(), replyTo: 'no address' }));
    await expect(asked).rejects.toMatchObject({ reason: 'INVALID_ARGUMENT' });
  });
});
