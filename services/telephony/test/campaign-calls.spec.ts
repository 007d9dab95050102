import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CallConcluded,
  type campaignsV1,
  contactsV1,
  DispatchRequested,
  telephonyV1,
  typesV1,
} from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import { PermitDesk } from '@heed/permits';
import { numberOf } from './outside.js';
import { TelephonyService } from './telephony-service.js';

const { Outcome } = typesV1;
const { DenialReason } = contactsV1;
const LINES = 2;
const PATIENCE_MS = 60_000;

describe('calls that a campaign asks for', () => {
  const service = new TelephonyService();
  const campaignId = newId();
  let templateId = '';
  beforeAll(async () => {
    await service.start({ HEED_CALL_LINES: '4', HEED_CAMPAIGN_LINES: String(LINES) });
    templateId = service.outside.script('Hello {{ first_name }}, your parcel has come.');
  });
  afterAll(() => service.stop());
  afterEach(() => service.phones.behave({}));

  function requestFor(
    contactId = newId(),
    change: Partial<campaignsV1.DispatchRequested> = {},
  ): campaignsV1.DispatchRequested {
    return {
      ...{
        intentId: newId(),
        campaignId,
        contactId,
        channel: typesV1.Channel.CHANNEL_VOICE,
        purpose: 'news',
      },
      ...{ templateId, step: 2, try: 1, deferrals: 0 },
      ...change,
    };
  }
  const ask = (...requests: campaignsV1.DispatchRequested[]) =>
    service.cluster.publish(service.tenantId, DispatchRequested, ...requests);
  /** What campaigns was told of an intent, once it was told so often. */
  async function told({ intentId }: { intentId: string }, times = 1) {
    const by = systemClock.monotonicMs() + PATIENCE_MS;
    for (;;) {
      const words = (await service.cluster.published(CallConcluded)).filter(
        (word) => word.intentId === intentId,
      );
      if (words.length >= times) return words;
      // Beyond the end of its test it would go on asking, and keep the file from ending.
      if (systemClock.monotonicMs() > by)
        throw new Error(`campaigns was told ${words.length} times of ${times}`);
      await systemClock.wait(20);
    }
  }
  const callsTo = (contactId: string) => service.phones.exchange.calls(numberOf(contactId));

  it('say the script with what the permit brought, and are told to the campaign', async () => {
    const request = requestFor();
    await ask(request);
    const [word] = await told(request);
    expect(word).toMatchObject({
      ...{ intentId: request.intentId, campaignId, contactId: request.contactId, version: 1 },
      ...{ outcome: Outcome.OUTCOME_SENT, reason: '', retryAt: '', deferrals: 0 },
    });
    expect(service.phones.exchange.call(word!.callId)).toMatchObject({
      script: 'Hello some first_name, your parcel has come.',
    });
    const { call } = await service.calls.getCall({ callId: word!.callId });
    expect(call).toMatchObject({ campaignId, step: 2, intentId: request.intentId, placedBy: '' });
  });

  it.each([
    ['busy', { outcome: 'busy' as const }],
    ['no_answer', { outcome: 'no-answer' as const }],
  ])('that nobody answers have failed: %s', async (reason, behaviour) => {
    service.phones.behave(behaviour);
    const request = requestFor();
    await ask(request);
    expect((await told(request))[0]).toMatchObject({ outcome: Outcome.OUTCOME_FAILED, reason });
  });

  it('end in the middle of the conversation where the person is heard meanwhile; what a member began goes on', async () => {
    service.phones.behave({ talk_ms: 60_000 });
    const request = requestFor();
    const [answered, memberAnswered] = [service.phones.next('answered'), newId()];
    await ask(request);
    await answered;
    const held = await service.place(memberAnswered);
    await service.reaches(held, telephonyV1.CallState.CALL_STATE_ANSWERED);
    const desk = service.cluster.service('telephony').get(PermitDesk);
    for (const contactId of [memberAnswered, request.contactId]) {
      service.outside.office.deny(contactId, DenialReason.DENIAL_REASON_OPTED_OUT);
      desk.deny({ tenantId: service.tenantId, contactId })();
    }
    const [word] = await told(request);
    expect(word).toMatchObject({
      ...{ outcome: Outcome.OUTCOME_SENT, reason: '' },
      endedBy: telephonyV1.CallEndedBy.CALL_ENDED_BY_REVOCATION,
    });
    expect(service.phones.exchange.call(word!.callId)).toMatchObject({ end_reason: 'hung-up' });
    expect(service.phones.exchange.call(held.callId)).toMatchObject({ state: 'answered' });
    service.phones.exchange.putDown(held.callId);
    await service.ended(held);
  });

  it('I1 are not placed without a permit, nor without a script', async () => {
    const [denied, wordless] = [requestFor(), requestFor(newId(), { templateId: newId() })];
    service.outside.office.deny(denied.contactId, DenialReason.DENIAL_REASON_OPTED_OUT);
    await ask(denied, wordless);
    expect((await told(denied))[0]).toMatchObject({ outcome: Outcome.OUTCOME_SKIPPED, reason: 'opted_out' });
    expect((await told(wordless))[0]).toMatchObject({
      outcome: Outcome.OUTCOME_FAILED,
      reason: 'template_not_found',
    });
    expect([...callsTo(denied.contactId), ...callsTo(wordless.contactId)]).toEqual([]);
  });

  it('I7 are one call an intent, however often it is asked for', async () => {
    const request = requestFor();
    await ask(request, request);
    await told(request);
    await ask(request);
    const last = requestFor();
    await ask(last);
    await told(last);
    expect(callsTo(request.contactId)).toHaveLength(1);
    expect(await told(request)).toHaveLength(1);
  });

  it('reach a number once by each step, though two people have it', async () => {
    const [one, other, nextStep] = [requestFor(), requestFor(), requestFor(newId(), { step: 3 })];
    service.outside.office.shares.set(other.contactId, one.contactId);
    service.outside.office.shares.set(nextStep.contactId, one.contactId);
    await ask(one, other, nextStep);
    const words = [(await told(one))[0]!, (await told(other))[0]!];
    expect(words.map(({ outcome }) => outcome).sort()).toEqual([
      Outcome.OUTCOME_SENT,
      Outcome.OUTCOME_SKIPPED,
    ]);
    expect(words.map(({ reason }) => reason).sort()).toEqual(['', 'duplicate_address']);
    expect((await told(nextStep))[0]).toMatchObject({ outcome: Outcome.OUTCOME_SENT });
  });

  it('7.3 go back where a denial says when to ask again, and are placed when asked for once more', async () => {
    const request = requestFor();
    const retryAt = new Date(service.clock.now().getTime() + 3_600_000).toISOString();
    service.outside.office.deny(request.contactId, DenialReason.DENIAL_REASON_QUARANTINE, retryAt);
    await ask(request);
    const [word] = await told(request);
    expect(word).toMatchObject({
      outcome: Outcome.OUTCOME_DEFERRED,
      reason: 'quarantine',
      retryAt,
      deferrals: 0,
    });
    service.outside.office.allow(request.contactId);
    // The old request, as a bus may bring it again, is answered already.
    const last = requestFor();
    await ask(request, last);
    await told(last);
    expect(callsTo(request.contactId)).toEqual([]);
    await ask({ ...request, deferrals: 1 });
    const [, end] = await told(request, 2);
    expect(end).toMatchObject({ callId: word!.callId, outcome: Outcome.OUTCOME_SENT, deferrals: 1 });
    expect(callsTo(request.contactId)).toHaveLength(1);
  });

  it('2.13 take no more lines, and ask for no more permits, than campaigns may have', async () => {
    service.phones.behave({ talk_ms: 300 });
    const requests = Array.from({ length: 6 }, () => requestFor());
    const before = service.outside.office.batches.length;
    await ask(...requests);
    let most = 0;
    let ended = 0;
    while (ended < requests.length) {
      const [running] = await service.rows<{ n: number }>(
        `select count(*)::int as n from call where campaign_id = $1 and state in ('armed', 'ringing', 'answered')`,
        campaignId,
      );
      most = Math.max(most, running!.n);
      const words = await service.cluster.published(CallConcluded);
      ended = requests.filter(({ intentId }) => words.some((word) => word.intentId === intentId)).length;
    }
    expect(most).toBeLessThanOrEqual(LINES);
    expect(service.outside.office.batches.slice(before).every((batch) => batch.length === 1)).toBe(true);
    const senders = service.outside.office.batches.flat().map(({ sender }) => sender);
    expect(new Set(senders)).toEqual(new Set(['+15005550006']));
  });
});
