import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { telephonyV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { numberOf } from './outside.js';
import { TelephonyService } from './telephony-service.js';

const { CallState } = telephonyV1;
const { Outcome } = typesV1;

describe('a call whose carrier or whose process is gone', () => {
  const service = new TelephonyService();
  beforeAll(() => service.start());
  afterAll(() => service.stop());
  afterEach(async () => {
    service.onStep = () => undefined;
    service.phones.behave({});
    await service.phones.plugIn();
  });

  it('has failed where no connection could be made', async () => {
    service.phones.unplug();
    expect(await service.outcomeOf()).toEqual([Outcome.OUTCOME_FAILED, 'carrier_unavailable']);
  });

  it('7.2 is unknown where the carrier falls silent while it rings', async () => {
    service.phones.behave({ ring_ms: 60_000 });
    const call = await service.place();
    await service.reaches(call, CallState.CALL_STATE_RINGING);
    service.phones.unplug();
    service.clock.idle(61_000);
    expect((await service.ended(call)).call).toMatchObject({
      outcome: Outcome.OUTCOME_UNKNOWN,
      reason: 'carrier_silent',
    });
    const hungUp = service.phones.next('ended', call.callId);
    await service.phones.plugIn();
    service.clock.skip(61_000);
    // What the carrier still has of it is ended as soon as it answers.
    await hungUp;
  });

  it('goes on where its process is killed while people speak, and is not placed again', async () => {
    service.phones.behave({ talk_ms: 3_000 });
    const contactId = newId();
    const answered = service.phones.next('answered');
    const call = await service.place(contactId, { record: true });
    await answered;
    await service.restart();
    expect((await service.ended(call)).call).toMatchObject({ outcome: Outcome.OUTCOME_SENT, recorded: true });
    expect(service.phones.exchange.calls(numberOf(contactId))).toHaveLength(1);
  });

  it('stops ringing where its process is killed: nobody heard whether it was revoked', async () => {
    service.phones.behave({ ring_ms: 60_000 });
    const invited = service.phones.next('invite');
    const call = await service.place();
    await invited;
    await service.restart();
    expect((await service.ended(call)).call).toMatchObject({
      outcome: Outcome.OUTCOME_FAILED,
      reason: 'follower_lost',
    });
  });

  it('is unknown where its sender fails between the commit and the first byte, and is never placed', async () => {
    let faults = 0;
    service.onStep = (step) => {
      if (step !== 'armed') return;
      faults += 1;
      throw new Error('a fault of ours');
    };
    const call = await service.place();
    expect((await service.ended(call)).call).toMatchObject({
      outcome: Outcome.OUTCOME_UNKNOWN,
      reason: 'not_known_to_carrier',
    });
    expect(faults).toBe(1);
    expect(service.phones.has('invite', call.callId)).toBe(false);
  });
});
