import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { contactsV1, telephonyV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { PermitDesk } from '@heed/permits';
import { numberOf } from './outside.js';
import { TelephonyService } from './telephony-service.js';

const { CallState } = telephonyV1;
const { Outcome } = typesV1;
const { DenialReason } = contactsV1;

const asked = (filter: Partial<telephonyV1.ListCallsRequest>): telephonyV1.ListCallsRequest =>
  telephonyV1.ListCallsRequest.fromPartial(filter);

describe('a call', () => {
  const service = new TelephonyService();
  beforeAll(() => service.start());
  afterAll(() => service.stop());
  afterEach(() => {
    service.onStep = () => undefined;
    service.phones.behave({});
  });

  const reasonOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'answered',
      (error: { reason: string }) => error.reason,
    );
  const revoke = (contactId: string) =>
    service.cluster.service('telephony').get(PermitDesk).deny({ tenantId: service.tenantId, contactId });

  it('rings at the number that the permit brought, is answered and ends, and is told at each step', async () => {
    const { exchange } = service.phones;
    service.phones.behave({ ring_ms: 60_000, talk_ms: 60_000 });
    const contactId = newId();
    const placed = await service.place(contactId);
    expect(placed).toMatchObject({ contactId, purpose: 'news', outcome: Outcome.OUTCOME_UNSPECIFIED });
    await service.reaches(placed, CallState.CALL_STATE_RINGING);
    exchange.pickUp(placed.callId);
    await service.reaches(placed, CallState.CALL_STATE_ANSWERED);
    exchange.putDown(placed.callId);
    const { call, states } = await service.ended(placed);
    expect(call).toMatchObject({
      outcome: Outcome.OUTCOME_SENT,
      reason: '',
      endpointId: contactId,
      recorded: false,
    });
    expect(states.at(-1)).toBe(CallState.CALL_STATE_ENDED);
    const atCarrier = exchange.call(call.callId)!;
    expect(Number(call.durationMs)).toBe(
      Date.parse(atCarrier.ended_at!) - Date.parse(atCarrier.answered_at!),
    );
    expect(atCarrier).toMatchObject({
      to: numberOf(contactId),
      from: '+15005550006',
      script: '',
    });
  });

  it('1.1 stands under a permit whose proof was committed before the phone rang', async () => {
    let atArming: object[] = [];
    service.onStep = async (step, callId) => {
      if (step !== 'armed') return;
      expect(service.phones.has('invite', callId)).toBe(false);
      atArming = await service.rows(
        'select state, permit_id, permit_leaf from call where call_id = $1',
        callId,
      );
    };
    const { call } = await service.ended(await service.place());
    expect(atArming).toMatchObject([{ state: 'armed', permit_id: call.permitId }]);
  });

  it('is one call however often it is asked for', async () => {
    const requestId = newId();
    const contactId = newId();
    const first = await service.place(contactId, { requestId });
    const again = await service.place(contactId, { requestId });
    expect(again.callId).toBe(first.callId);
    await service.ended(first);
    expect(service.phones.exchange.calls(numberOf(contactId))).toHaveLength(1);
    expect(await reasonOf(service.place(newId(), { requestId }))).toBe('REQUEST_ID_REUSED');
  });

  it.each([
    [DenialReason.DENIAL_REASON_NO_CONSENT, 'no_consent'],
    [DenialReason.DENIAL_REASON_OPTED_OUT, 'opted_out'],
  ])('is skipped where contacts denies it (%i), and no phone rings', async (denial, reason) => {
    const contactId = newId();
    service.outside.office.deny(contactId, denial);
    expect(await service.outcomeOf(contactId)).toEqual([Outcome.OUTCOME_SKIPPED, reason]);
    expect(service.phones.exchange.calls(numberOf(contactId))).toEqual([]);
  });

  it('is not placed minutes later, when contacts can answer again', async () => {
    const contactId = newId();
    service.outside.office.deny(contactId, DenialReason.DENIAL_REASON_QUARANTINE);
    const call = await service.place(contactId);
    service.clock.skip(11_000);
    expect((await service.ended(call)).call).toMatchObject({ outcome: Outcome.OUTCOME_SKIPPED });
    expect(service.phones.exchange.calls(numberOf(contactId))).toEqual([]);
  });

  it.each([
    ['busy', 'busy'],
    ['no-answer', 'no_answer'],
    ['failed', 'carrier_failed'],
  ] as const)('has failed where the phone is %s', async (outcome, reason) => {
    service.phones.behave({ outcome });
    expect(await service.outcomeOf()).toEqual([Outcome.OUTCOME_FAILED, reason]);
  });

  it('stops ringing when the person is heard', async () => {
    service.phones.behave({ ring_ms: 60_000 });
    const contactId = newId();
    const invited = service.phones.next('invite');
    const call = await service.place(contactId);
    await invited;
    const allow = revoke(contactId);
    expect((await service.ended(call)).call).toMatchObject({
      outcome: Outcome.OUTCOME_FAILED,
      reason: 'revoked',
    });
    expect(service.phones.exchange.call(call.callId)).toMatchObject({ end_reason: 'cancelled' });
    allow();
  });

  it('I2 stops ringing without any signal, by asking every few seconds', async () => {
    service.phones.behave({ ring_ms: 600_000 });
    const contactId = newId();
    const call = await service.place(contactId);
    await service.reaches(call, CallState.CALL_STATE_RINGING);
    service.outside.office.deny(contactId, DenialReason.DENIAL_REASON_OPTED_OUT);
    service.clock.idle(5_000);
    expect((await service.ended(call)).call).toMatchObject({
      outcome: Outcome.OUTCOME_FAILED,
      reason: 'revoked',
    });
    expect(service.phones.exchange.call(call.callId)).toMatchObject({ end_reason: 'cancelled' });
  });

  it('2.2 does not begin where the person is heard between the commit and the first byte', async () => {
    const contactId = newId();
    service.onStep = (step) => {
      if (step !== 'armed') return;
      revoke(contactId);
      service.outside.office.deny(contactId, DenialReason.DENIAL_REASON_OPTED_OUT);
    };
    expect(await service.outcomeOf(contactId)).toEqual([Outcome.OUTCOME_SKIPPED, 'opted_out']);
    expect(service.phones.exchange.calls(numberOf(contactId))).toEqual([]);
  });

  it('does not begin under a permit that grew old before the first byte', async () => {
    let armed = 0;
    service.onStep = (step) => {
      if (step === 'armed' && ++armed === 1) service.clock.skip(1_001);
    };
    expect(await service.outcomeOf()).toEqual([Outcome.OUTCOME_SENT, '']);
    // More often, where the machine is so slow that another one grew old.
    expect(armed).toBeGreaterThanOrEqual(2);
  });

  it('is listed newest first, in pages, for one contact or for all', async () => {
    const contactId = newId();
    const placed: string[] = [];
    for (let n = 0; n < 3; n++) placed.push((await service.place(contactId)).callId);
    const first = await service.calls.listCalls(asked({ pageSize: 2, contactId }));
    const rest = await service.calls.listCalls(
      asked({ pageSize: 2, pageToken: first.nextPageToken, contactId }),
    );
    expect([...first.calls, ...rest.calls].map(({ callId }) => callId)).toEqual(placed.reverse());
    expect(rest.nextPageToken).toBe('');
    const all = await service.calls.listCalls(asked({ pageSize: 1 }));
    expect(all.calls).toMatchObject([{ callId: placed[0] }]);
    await expect(
      service.calls.listCalls(asked({ pageSize: 2, pageToken: first.nextPageToken })),
    ).rejects.toMatchObject({
      violations: [{ field: 'page_token', reason: 'PAGE_TOKEN_OF_OTHER_FILTER' }],
    });
  });

  it('is found by how it ended, why, who placed it and when', async () => {
    const contactId = newId();
    const { createdAt, placedBy } = (await service.ended(await service.place(contactId))).call;
    const denied = newId();
    service.outside.office.deny(denied, DenialReason.DENIAL_REASON_NO_CONSENT);
    await service.outcomeOf(denied);
    const found = async (filter: Partial<telephonyV1.ListCallsRequest>): Promise<number> =>
      (await service.calls.listCalls(asked({ contactId, ...filter }))).calls.length;
    const after = new Date(Date.parse(createdAt) + 1).toISOString();
    expect(await found({ state: CallState.CALL_STATE_ENDED, outcome: Outcome.OUTCOME_SENT, placedBy })).toBe(
      1,
    );
    expect(await found({ createdAfter: createdAt, createdBefore: after })).toBe(1);
    expect(await found({ createdBefore: createdAt })).toBe(0);
    expect(await found({ createdAfter: after })).toBe(0);
    expect(await found({ state: CallState.CALL_STATE_QUEUED })).toBe(0);
    expect(await found({ outcome: Outcome.OUTCOME_SKIPPED })).toBe(0);
    expect(await found({ placedBy: newId() })).toBe(0);
    expect(await found({ reason: 'no_consent' })).toBe(0);
    expect(await found({ contactId: denied, reason: 'no_consent' })).toBe(1);
  });

  it('is known to nobody else', async () => {
    const { callId } = await service.place();
    const stranger = await service.cluster.asMember('telephony', { tenantId: newId() });
    const theirs = stranger.of(telephonyV1.CallsServiceService);
    expect(await reasonOf(theirs.getCall({ callId }))).toBe('CALL_NOT_FOUND');
    expect((await theirs.listCalls(asked({}))).calls).toEqual([]);
    expect(await reasonOf(service.listen({ callId } as telephonyV1.Call, stranger))).toBe('CALL_NOT_FOUND');
  });

  it('is not placed on a request that is none', async () => {
    const refused = (change: Partial<telephonyV1.PlaceCallRequest>) =>
      reasonOf(service.place(newId(), change));
    expect(await refused({ requestId: '' })).toBe('INVALID_ARGUMENT');
    expect(await refused({ contactId: 'somebody' })).toBe('INVALID_ARGUMENT');
    expect(await refused({ purpose: 'News & more' })).toBe('INVALID_ARGUMENT');
    expect(await reasonOf(service.calls.getCall({ callId: newId() }))).toBe('CALL_NOT_FOUND');
    await expect(service.calls.listCalls(asked({ pageToken: 'nonsense' }))).rejects.toMatchObject({
      violations: [{ field: 'page_token', reason: 'PAGE_TOKEN_INVALID' }],
    });
    const manager = await service.cluster.asMember('telephony', {
      tenantId: service.tenantId,
      roles: ['campaign_manager'],
    });
    const request = { requestId: newId(), contactId: newId(), purpose: 'news', record: true };
    const placing = manager.of(telephonyV1.CallsServiceService).placeCall(request);
    expect(await reasonOf(placing)).toBe('PERMISSION_MISSING');
  });
});
