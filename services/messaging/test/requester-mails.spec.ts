import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contactsV1, RequesterMessageRequested, typesV1 } from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import { PermitOffice } from '@heed/testing';
import PostalMime from 'postal-mime';
import { MessagingService } from './messaging-service.js';

describe('mails to who asked for something about their data', () => {
  const service = new MessagingService();
  beforeAll(() => service.start());
  afterAll(() => service.stop());

  /** Asks for one and waits for its end; the attempt, as the database has it. */
  async function told(requesterId: string): Promise<Record<string, unknown>> {
    const messageId = newId();
    await service.cluster.publish(service.tenantId, RequesterMessageRequested, {
      ...{ messageId, requesterId, notice: typesV1.Notice.NOTICE_REQUEST_RECEIVED },
      requestedAt: new Date().toISOString(),
    });
    for (;;) {
      const { rows } = await service.database
        .pool('probe')
        .query<Record<string, unknown>>('select * from attempt where attempt_id = $1', [messageId]);
      if (rows[0]?.['state'] === 'concluded') return rows[0];
      await systemClock.wait(20);
    }
  }

  it('1.3 leave under a permit of privacy; neither their text nor a hash of the address is kept', async () => {
    const requesterId = newId();
    const attempt = await told(requesterId);
    expect(attempt).toMatchObject({
      outcome: 'sent',
      issuer: 'privacy',
      purpose: 'request',
      endpoint_hash: null,
    });
    expect(attempt['permit_key_id']).toBe(service.outside.privacy.key.keyId);
    const sent = service.peer.kept.find(({ to }) => to[0] === PermitOffice.addressOf(requesterId));
    const mail = await PostalMime.parse(sent!.raw);
    expect(mail.subject).toBe('We have your request');
    expect(mail.text).toContain('some request');
    expect(sent!.raw).not.toMatch(/list-unsubscribe/i);
    const { rows } = await service.database.pool('probe').query('select 1 from message');
    expect(rows).toEqual([]);
    expect(service.outside.office.batches.flat()).toEqual([]);
  });

  it('1.3 do not leave where privacy says no, whoever else would say yes', async () => {
    const requesterId = newId();
    service.outside.privacy.deny(requesterId, contactsV1.DenialReason.DENIAL_REASON_NOT_ASKED);
    expect(await told(requesterId)).toMatchObject({
      outcome: 'skipped',
      reason: 'not_asked',
      permit_id: null,
    });
    expect(service.peer.recipients).not.toContain(PermitOffice.addressOf(requesterId));
  });

  it('1.3 do not leave on an answer that contacts signed', async () => {
    const requesterId = newId();
    const genuine = service.outside.privacy.batchIssuePermits.bind(service.outside.privacy);
    let forged = 0;
    service.outside.privacy.batchIssuePermits = (...asked) => {
      forged += 1;
      return forged === 1 ? service.outside.office.batchIssuePermits(...asked) : genuine(...asked);
    };
    expect(await told(requesterId)).toMatchObject({ outcome: 'sent' });
    expect(forged).toBeGreaterThanOrEqual(2);
    const begun = service.peer.recipients.filter((to) => to === PermitOffice.addressOf(requesterId));
    expect(begun).toHaveLength(1);
  });
});
