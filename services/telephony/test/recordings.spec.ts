import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { buffer } from 'node:stream/consumers';
import { type telephonyV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { OBJECT_STORE, type ObjectStore } from '@heed/objects';
import { StandInPrivacy } from '@heed/testing/stand-in-privacy';
import { recordingKey } from '../src/recordings/recording.js';
import { TelephonyService } from './telephony-service.js';

const { Outcome } = typesV1;

describe('a recording', () => {
  const service = new TelephonyService();
  let privacy: StandInPrivacy;
  let objects: ObjectStore;

  beforeAll(async () => {
    await service.start();
    objects = service.cluster.service('telephony').get<ObjectStore>(OBJECT_STORE);
    privacy = await StandInPrivacy.join(service.cluster, 'telephony', {
      registrationSecret: 'registration secret of a spec',
      clock: service.clock,
    });
  });
  afterAll(() => service.stop());
  afterEach(() => {
    service.phones.behave({});
    service.outside.privacyIsAway = false;
  });

  const recorded = async (contactId = newId()): Promise<telephonyV1.Call> => {
    const { call } = await service.ended(await service.place(contactId, { record: true }));
    expect(call).toMatchObject({ outcome: Outcome.OUTCOME_SENT, recorded: true });
    return call;
  };
  const keyOf = (call: telephonyV1.Call) => recordingKey(service.tenantId, call.contactId, call.callId);
  const reasonOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'answered',
      (error: { reason: string }) => error.reason,
    );
  const erase = (contactId: string) => privacy.erase(service.tenantId, 'contact', contactId);

  it('is announced, fetched, and played to who may listen, in pieces', async () => {
    service.phones.behave({ talk_ms: 5_000 });
    const call = await recorded();
    expect(service.phones.exchange.call(call.callId)?.script).toBe('This call is recorded.');
    const told = service.outside.nextAudit();
    const chunks = await service.listen(call);
    expect(Math.max(...chunks.map(({ length }) => length))).toBe(64 * 1024);
    const wav = Buffer.concat(chunks);
    expect(wav.subarray(0, 4).toString()).toBe('RIFF');
    expect(wav.readUInt32LE(4)).toBe(wav.length - 8);
    await told;
    expect(service.outside.audited).toMatchObject([
      {
        action: '/heed.telephony.v1.CallsService/StreamRecording',
        subjectId: call.contactId,
        service: 'telephony',
      },
    ]);
  });

  it('lies here under the key of the person and nowhere else', async () => {
    const cleared = service.phones.next('recording-deleted');
    const call = await recorded();
    const sealed = await buffer(await objects.get(keyOf(call)));
    expect(sealed.includes('RIFF')).toBe(false);
    await cleared;
    expect(service.phones.exchange.call(call.callId)).toMatchObject({ has_recording: false });
  });

  it('5.8 is not made of a call that was to be none, and the copy of the carrier goes', async () => {
    const cleared = service.phones.next('recording-deleted');
    const { call } = await service.ended(await service.place());
    expect(call.recorded).toBe(false);
    await cleared;
    expect(await reasonOf(service.listen(call))).toBe('RECORDING_NOT_FOUND');
    expect(service.phones.has('recording-read', call.callId)).toBe(false);
  });

  it('is played while privacy is away; who listened is told with the next', async () => {
    const call = await recorded();
    service.outside.privacyIsAway = true;
    expect(await service.listen(call)).not.toEqual([]);
    service.outside.privacyIsAway = false;
    await service.listen(call);
    const entries = () => service.outside.audited.filter(({ subjectId }) => subjectId === call.contactId);
    // Entries are absorbed: one that is told twice is one.
    while (new Set(entries().map(({ entryId }) => entryId)).size < 2) await service.outside.nextAudit();
  });

  it('is played to nobody whose role may not listen', async () => {
    const call = await recorded();
    const manager = await service.cluster.asMember('telephony', {
      tenantId: service.tenantId,
      roles: ['campaign_manager'],
    });
    expect(await reasonOf(service.listen(call, manager))).toBe('PERMISSION_MISSING');
  });

  it('goes with its person, and the call names nobody any more', async () => {
    const call = await recorded();
    await erase(call.contactId);
    expect(await objects.exists(keyOf(call))).toBe(false);
    expect(await service.rows('select 1 from recording where call_id = $1', call.callId)).toEqual([]);
    expect(await reasonOf(service.calls.getCall({ callId: call.callId }))).toBe('CALL_NOT_FOUND');
    const [row] = await service.rows<Record<string, unknown>>(
      'select * from call where tenant_id = $1 and permit_key_id is not null and contact_id is null',
      service.tenantId,
    );
    expect(row).toMatchObject({ state: 'ended', outcome: 'sent' });
    const cut = ['call_id', 'permit_id', 'endpoint_id', 'consent_entry_id'];
    const proof = ['permit_leaf', 'permit_path', 'permit_root', 'permit_signature'];
    for (const column of [...cut, ...proof]) expect([column, row![column]]).toEqual([column, null]);
    // The fence: they are called never again, and the answer is that of somebody who was never known.
    const again = await service.place(call.contactId);
    expect(again).toMatchObject({
      contactId: '',
      outcome: Outcome.OUTCOME_SKIPPED,
      reason: 'unknown_contact',
    });
  });

  it('5.8 ends with the call where its person is erased while they speak', async () => {
    service.phones.behave({ talk_ms: 60_000 });
    const contactId = newId();
    const answered = service.phones.next('answered');
    const cleared = service.phones.next('recording-deleted');
    const { callId } = await service.place(contactId, { record: true });
    await answered;
    await privacy.erase(service.tenantId, 'contact', contactId);
    expect(service.phones.exchange.call(callId)).toMatchObject({ end_reason: 'hung-up' });
    await cleared;
    expect(service.phones.has('recording-read', callId)).toBe(false);
    expect(await service.rows('select 1 from call where contact_id = $1', contactId)).toEqual([]);
  });
});
