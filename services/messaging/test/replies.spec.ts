import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { contactsV1, messagingV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { PermitOffice } from '@heed/testing';
import { StandInPrivacy } from '@heed/testing/stand-in-privacy';
import { PurgeMails } from '../src/inbound/purge-mails.js';
import { addressesIn, bring, inboundEnv, mail } from './answering.js';
import { MessagingService } from './messaging-service.js';
import { SkippingClock } from './skipping-clock.js';

const { ReplyDecision } = messagingV1;
const DAY_MS = 24 * 3_600_000;

describe('an answer in doubt', () => {
  const service = new MessagingService();
  const clock = new SkippingClock();
  let privacy: StandInPrivacy;
  beforeAll(async () => {
    await service.start({ clock, env: inboundEnv });
    privacy = await StandInPrivacy.join(service.cluster, 'messaging', {
      registrationSecret: 'registration secret of a spec',
      clock,
    });
  }, 60_000);
  afterAll(() => service.stop());
  afterEach(() => {
    service.outside.consentIsAway = false;
  });

  const as = async (roles: string[]) => {
    const member = await service.cluster.asMember('messaging', { tenantId: service.tenantId, roles });
    return member.of(messagingV1.RepliesServiceService);
  };
  const sendTo = async (contactId: string) => {
    const end = service.nextEnd();
    await service.dispatch([contactId]);
    await end;
    const attempt = (await service.attempts()).findLast((candidate) => candidate.contactId === contactId);
    const kept = service.peer.kept.findLast(({ to }) => to[0] === PermitOffice.addressOf(contactId));
    return { outcome: [attempt?.outcome, attempt?.reason], ...(kept && addressesIn(kept)) };
  };
  const answer = async (contactId: string, text = 'Who gave you my address?') => {
    const { reply } = await sendTo(contactId);
    expect(await bring(service, { from: 'jane@people.test', to: reply! }, mail({}, text))).toBe(250);
  };
  const listed = async (contactId: string) =>
    (await (await as(['auditor'])).listReplies({ pageSize: 0, pageToken: '', contactId })).replies;
  const decide = async (replyId: string, decision: messagingV1.ReplyDecision, requestId = newId()) =>
    (await as(['compliance_officer'])).decideReply({ requestId, replyId, decision });
  const reasonOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'accepted',
      (error: { reason?: string }) => error.reason ?? String(error),
    );
  const heardOf = (contactId: string) =>
    service.outside.optOuts.filter((heard) => heard.contactId === contactId);
  const until = async (so: () => Promise<boolean> | boolean): Promise<void> => {
    while (!(await so())) await clock.wait(10);
  };

  it('keeps everybody from writing, and waits for a person', async () => {
    const contactId = newId();
    await answer(contactId);
    expect((await sendTo(contactId)).outcome).toEqual(['skipped', 'reply_in_doubt']);
    expect(heardOf(contactId)).toEqual([]);
    const [reply, ...more] = await listed(contactId);
    expect(more).toEqual([]);
    expect(reply).toMatchObject({ contactId, reason: 'words', decision: 0, decidedAt: '' });
    expect(JSON.stringify(reply)).not.toContain('gave you');
  });

  it('is shown to whoever may look, and the look is recorded', async () => {
    const contactId = newId();
    await answer(contactId, 'Who gave you my address?\n\n> News for you.');
    const [reply] = await listed(contactId);
    const { replyId } = reply!;
    expect(await reasonOf((await as(['auditor'])).revealReply({ replyId }))).toBe('PERMISSION_MISSING');
    const shown = await (await as(['compliance_officer'])).revealReply({ replyId });
    expect(shown).toEqual({ subject: 'Re: Hello', textBody: 'Who gave you my address?' });
    expect(service.outside.audited.filter(({ subjectId }) => subjectId === contactId)).toHaveLength(1);
  });

  it('that was no opt-out lets them be written to again', async () => {
    const contactId = newId();
    await answer(contactId);
    const [reply] = await listed(contactId);
    const { reply: decided } = await decide(reply!.replyId, ReplyDecision.REPLY_DECISION_NOT_AN_OPT_OUT);
    expect(decided).toMatchObject({ decision: ReplyDecision.REPLY_DECISION_NOT_AN_OPT_OUT });
    expect(decided!.decidedBy).not.toBe('');
    const told = () => service.outside.audited.filter(({ subjectId }) => subjectId === reply!.replyId);
    await until(() => told().length > 0);
    expect(told()).toMatchObject([
      { actorId: decided!.decidedBy, action: expect.stringMatching(/DecideReply$/), service: 'messaging' },
    ]);
    expect(await listed(contactId)).toEqual([]);
    await until(async () => (await sendTo(contactId)).outcome[0] === 'sent');
    expect(heardOf(contactId)).toEqual([]);
  });

  it('that was one is recorded at contacts once, though decided twice', async () => {
    const contactId = newId();
    await answer(contactId);
    const [reply] = await listed(contactId);
    const { replyId } = reply!;
    for (let n = 0; n < 2; n++) await decide(replyId, ReplyDecision.REPLY_DECISION_OPT_OUT);
    expect(await reasonOf(decide(replyId, ReplyDecision.REPLY_DECISION_NOT_AN_OPT_OUT))).toBe(
      'REPLY_DECIDED',
    );
    await until(() => heardOf(contactId).length > 0);
    expect(heardOf(contactId)).toMatchObject([
      { source: contactsV1.ConsentSource.CONSENT_SOURCE_REPLY, evidence: 'Who gave you my address?' },
    ]);
  });

  it('is nobody’s to decide who may not, or who is of another tenant', async () => {
    const contactId = newId();
    await answer(contactId);
    const [reply] = await listed(contactId);
    const request = {
      requestId: newId(),
      replyId: reply!.replyId,
      decision: ReplyDecision.REPLY_DECISION_NOT_AN_OPT_OUT,
    };
    expect(await reasonOf((await as(['agent'])).decideReply(request))).toBe('PERMISSION_MISSING');
    const stranger = await service.cluster.asMember('messaging', { tenantId: newId(), roles: ['owner'] });
    const theirs = stranger.of(messagingV1.RepliesServiceService);
    expect(await reasonOf(theirs.decideReply(request))).toBe('REPLY_NOT_FOUND');
    expect((await sendTo(contactId)).outcome).toEqual(['skipped', 'reply_in_doubt']);
  });

  it('5.9 is an opt-out when its person is erased: recorded before the receipt, and nothing of it is left', async () => {
    const contactId = newId();
    await answer(contactId);
    service.outside.consentIsAway = true;
    const receipt = privacy.erase(service.tenantId, 'contact', contactId);
    // While contacts cannot hear it the erasure waits.
    await until(async () => (await listed(contactId)).length === 0);
    expect(heardOf(contactId)).toEqual([]);
    service.outside.consentIsAway = false;
    await until(async () => {
      clock.skip(61_000);
      await clock.wait(50);
      return heardOf(contactId).length > 0;
    });
    await until(async () => {
      clock.skip(61_000);
      await clock.wait(50);
      return (await attemptsOf(contactId)) === 0;
    });
    clock.skip(61_000);
    await receipt;
    const { rows } = await service.database
      .pool('probe')
      .query(
        'select 1 from inbound_mail where contact_id = $1 union all select 1 from deny where contact_id = $1',
        [contactId],
      );
    expect(rows).toEqual([]);
  });

  const attemptsOf = async (contactId: string): Promise<number> =>
    (await service.attempts()).filter((attempt) => attempt.contactId === contactId).length;

  it('2.4 of somebody erased binds the address that it came from', async () => {
    const contactId = newId();
    const { reply } = await sendTo(contactId);
    const receipt = privacy.erase(service.tenantId, 'contact', contactId);
    await until(async () => (await attemptsOf(contactId)) === 0);
    clock.skip(61_000);
    await receipt;
    const words = mail({ From: 'jane@people.test' }, 'Please stop writing to me');
    expect(await bring(service, { from: 'jane@people.test', to: reply! }, words)).toBe(250);
    await until(() =>
      service.outside.optOuts.some(({ heardFrom }) => heardFrom?.address === 'jane@people.test'),
    );
    expect(heardOf(contactId)).toEqual([]);
    // What was nobody's is reduced to codes as soon as it is heard.
    await until(async () => {
      const { rows } = await service.database
        .pool('probe')
        .query('select 1 from inbound_mail where not is_known and raw is not null');
      return rows.length === 0;
    });
  });

  it('that nobody decides in its days is an opt-out, and then goes', async () => {
    const contactId = newId();
    await answer(contactId);
    const purge = service.cluster.service('messaging').get(PurgeMails);
    await purge.purge();
    expect(await listed(contactId)).toHaveLength(1);
    clock.skip(31 * DAY_MS);
    await purge.purge();
    expect(await listed(contactId)).toEqual([]);
    await until(() => heardOf(contactId).length > 0);
    await until(async () => {
      await purge.purge();
      const { rows } = await service.database
        .pool('probe')
        .query('select 1 from inbound_mail where contact_id = $1', [contactId]);
      return rows.length === 0;
    });
    expect(heardOf(contactId)).toHaveLength(1);
  });
});
