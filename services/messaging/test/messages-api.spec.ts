import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { messagingV1, typesV1 } from '@heed/contracts';
import { leafHash, newId, verifyInclusion, verifySignature } from '@heed/kernel';
import { decodeLeaf, PERMIT_CONTEXT } from '@heed/permits';
import { type MemberClient } from '@heed/rpc';
import { PermitOffice } from '@heed/testing';
import { attemptIdOf } from '../src/dispatch/attempt.js';
import { MessagingService } from './messaging-service.js';

describe('the API of messages', () => {
  const service = new MessagingService();
  const contacts = Array.from({ length: 5 }, () => newId());
  let attemptIds: string[];
  let member: MemberClient;

  const messages = (as = member) => as.of(messagingV1.MessagesServiceService);
  const reasonOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'answered',
      (error: { reason: string }) => error.reason,
    );

  beforeAll(async () => {
    await service.start();
    member = await service.cluster.asMember('messaging', { tenantId: service.tenantId });
    const requests = await service.dispatch(contacts);
    attemptIds = requests.map(({ intentId }) => attemptIdOf(intentId));
    await service.nextEnd(5);
  });
  afterAll(() => service.stop());

  it('shows an attempt with its permit and its outcome, and no address', async () => {
    const { attempt } = await messages().getAttempt({ attemptId: attemptIds[0]! });
    expect(attempt).toMatchObject({
      attemptId: attemptIds[0],
      campaignId: service.campaignId,
      contactId: contacts[0],
      state: messagingV1.AttemptState.ATTEMPT_STATE_CONCLUDED,
      outcome: typesV1.Outcome.OUTCOME_SENT,
      endpointId: contacts[0],
      lateMs: 0,
    });
    expect(JSON.stringify(attempt)).not.toContain('people.test');
  });

  it('lists attempts in pages, filtered', async () => {
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await messages().listAttempts(
        messagingV1.ListAttemptsRequest.fromPartial({
          ...{ pageSize: 2, pageToken, campaignId: service.campaignId },
          state: messagingV1.AttemptState.ATTEMPT_STATE_CONCLUDED,
          outcome: typesV1.Outcome.OUTCOME_SENT,
        }),
      );
      seen.push(...page.attempts.map(({ attemptId }) => attemptId));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(seen.sort()).toEqual([...attemptIds].sort());
    const [contactId] = contacts;
    const one = await messages().listAttempts(
      messagingV1.ListAttemptsRequest.fromPartial({ contactId: contactId! }),
    );
    expect(one.attempts.map((attempt) => attempt.contactId)).toEqual([contactId]);
  });

  it('finds attempts by why they ended and when they came in', async () => {
    const [contactId = ''] = contacts;
    const found = async (
      filter: Partial<messagingV1.ListAttemptsRequest>,
    ): Promise<messagingV1.Attempt[]> => {
      const request = messagingV1.ListAttemptsRequest.fromPartial({ contactId, ...filter });
      return (await messages().listAttempts(request)).attempts;
    };
    const [attempt] = await found({});
    const { queuedAt } = attempt!;
    const after = new Date(Date.parse(queuedAt) + 1).toISOString();
    expect(await found({ queuedAfter: queuedAt, queuedBefore: after })).toEqual([attempt]);
    expect(await found({ queuedBefore: queuedAt })).toEqual([]);
    expect(await found({ queuedAfter: after })).toEqual([]);
    expect(await found({ reason: 'no_consent' })).toEqual([]);
    await expect(found({ queuedAfter: after, queuedBefore: queuedAt })).rejects.toMatchObject({
      violations: [{ field: 'queued_before', reason: 'TIMES_REVERSED' }],
    });
    await expect(found({ queuedAfter: 'yesterday' })).rejects.toMatchObject({
      violations: [{ field: 'queued_after', reason: 'NOT_A_TIME' }],
    });
  });

  it('refuses a page token that it did not give', async () => {
    const request = messagingV1.ListAttemptsRequest.fromPartial({ pageToken: 'nonsense' });
    await expect(messages().listAttempts(request)).rejects.toMatchObject({
      violations: [{ field: 'page_token', reason: 'PAGE_TOKEN_INVALID' }],
    });
  });

  it('reveals what was written, once privacy has taken down who reads it', async () => {
    const before = service.outside.audited.length;
    const { content } = await messages().revealMessage({ attemptId: attemptIds[0]! });
    expect(content).toMatchObject({ subject: 'Hello some first_name', htmlBody: '' });
    expect(content?.textBody).toContain('News for you.');
    expect(service.outside.audited.slice(before)).toMatchObject([
      {
        action: '/heed.messaging.v1.MessagesService/RevealMessage',
        subjectId: contacts[0],
        service: 'messaging',
      },
    ]);
  });

  it('keeps what was written in no form that can be read without its key', async () => {
    const { rows } = await service.database
      .pool('probe')
      .query<{ content: Buffer }>('select content from message');
    expect(rows).toHaveLength(5);
    expect(rows.some(({ content }) => content.includes('News'))).toBe(false);
  });

  it('1.5 proves to an auditor that an attempt had a permit, without naming the address', async () => {
    const { leaf, leafIndex, treeSize, path, root, signature, keyId } = await messages().getPermitProof({
      attemptId: attemptIds[0]!,
    });
    const { key } = service.outside.office;
    expect(keyId).toBe(key.keyId);
    const signed = Buffer.concat([Buffer.from(PERMIT_CONTEXT), root]);
    expect(verifySignature(key.publicKey, signed, signature)).toBe(true);
    const inclusion = { leafHash: leafHash(leaf), index: leafIndex, size: treeSize, proof: path, root };
    expect(verifyInclusion(inclusion)).toBe(true);
    expect(decodeLeaf(leaf)).toMatchObject({ attemptId: attemptIds[0], contactId: contacts[0] });
    expect(leaf.toString()).not.toContain(PermitOffice.addressOf(contacts[0]!));
  });

  it('knows nothing of an attempt that is not there', async () => {
    const attemptId = newId();
    expect(await reasonOf(messages().getAttempt({ attemptId }))).toBe('ATTEMPT_NOT_FOUND');
    expect(await reasonOf(messages().revealMessage({ attemptId }))).toBe('ATTEMPT_NOT_FOUND');
    expect(await reasonOf(messages().getPermitProof({ attemptId }))).toBe('ATTEMPT_NOT_FOUND');
  });

  it('shows nothing to another tenant', async () => {
    const stranger = await service.cluster.asMember('messaging', { tenantId: newId() });
    const attemptId = attemptIds[0]!;
    expect(await reasonOf(messages(stranger).getAttempt({ attemptId }))).toBe('ATTEMPT_NOT_FOUND');
    expect(await reasonOf(messages(stranger).revealMessage({ attemptId }))).toBe('ATTEMPT_NOT_FOUND');
    const { attempts } = await messages(stranger).listAttempts(
      messagingV1.ListAttemptsRequest.fromPartial({}),
    );
    expect(attempts).toEqual([]);
  });

  it('reveals nothing to a role that may not', async () => {
    const agent = await service.cluster.asMember('messaging', {
      tenantId: service.tenantId,
      roles: ['campaign_manager'],
    });
    const refused = await reasonOf(messages(agent).revealMessage({ attemptId: attemptIds[0]! }));
    expect(refused).toBe('PERMISSION_MISSING');
  });
});
