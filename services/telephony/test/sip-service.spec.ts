import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { CallConcluded, contactsV1, DispatchRequested, telephonyV1, typesV1 } from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import { OBJECT_STORE, type ObjectStore } from '@heed/objects';
import { PermitDesk } from '@heed/permits';
import { Sealing } from '@heed/sealing';
import { HearOptOut } from '../src/opt-outs/hear-opt-out.js';
import { Speech } from '../src/speech/speech.js';
import { StandInPrivacy } from '@heed/testing/stand-in-privacy';
import { readMedia } from '../src/sip/sdp.js';
import { samplesIn } from '../src/media/wav.js';
import { piecesPrefix } from '../src/recordings/recording.js';
import { numberOf } from './outside.js';
import { RtpPeer } from './rtp-peer.js';
import { ScriptedTrunk } from './scripted-trunk.js';
import { TelephonyService } from './telephony-service.js';

const { CallState } = telephonyV1;
const { Outcome } = typesV1;

describe('telephony over a SIP trunk', () => {
  const trunk = new ScriptedTrunk();
  const person = new RtpPeer();
  const service = new TelephonyService(() => trunk.url);
  const inviteOf = (contactId: string) =>
    trunk.has(({ method, uri }) => method === 'INVITE' && uri!.includes(numberOf(contactId)));

  beforeAll(async () => {
    await Promise.all([trunk.listen(), person.listen()]);
    await service.start();
  });
  afterAll(async () => {
    await service.stop();
    await trunk.close();
    person.close();
  });
  afterEach(() => {
    const speech = service.cluster.service('telephony').get(Speech);
    delete speech.synthesizer;
    delete speech.recognizer;
    service.outside.consentIsAway = false;
    takeUp();
  });

  function takeUp(): void {
    trunk.script = (request) => {
      if (request.method === 'INVITE') trunk.accept(request, { port: person.port });
      else if (request.method !== 'ACK') trunk.answer(request, 200);
    };
  }
  takeUp();

  async function piecesAt(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    const objects = service.cluster.service('telephony').get<ObjectStore>(OBJECT_STORE);
    for await (const { key } of objects.list(prefix)) keys.push(key);
    return keys;
  }

  /** Resolves once the person has been told that they are recorded. */
  async function announced({ callId }: telephonyV1.Call): Promise<void> {
    for (let at = ''; at === '';) at = (await service.calls.getCall({ callId })).call!.announcedAt;
  }

  async function pressNine(contactId: string): Promise<void> {
    await person.press(readMedia((await inviteOf(contactId)).body)!.port, 9);
  }

  it('records the call after telling so, hears key 9 as a no, confirms and ends it, and keeps what was said', async () => {
    const contactId = newId();
    const call = await service.place(contactId, { record: true });
    const { port } = readMedia((await inviteOf(contactId)).body)!;
    await announced(call);
    await person.say(port, [0x10, 0x20, 0x30]);
    const recorded = service.outside.nextOptOut();
    await pressNine(contactId);
    await recorded;
    const { call: ended } = await service.ended(call);
    expect(ended).toMatchObject({ outcome: Outcome.OUTCOME_SENT, recorded: true });
    expect(service.outside.optOuts.at(-1)).toMatchObject({
      ...{ contactId, channel: typesV1.Channel.CHANNEL_VOICE, purpose: '' },
      source: contactsV1.ConsentSource.CONSENT_SOURCE_KEY,
      heardFrom: { endpointId: contactId },
    });
    const samples = samplesIn(Buffer.concat(await service.listen(ended)))!;
    expect([...new Set(samples)]).toHaveLength(3);
    expect(samples).toHaveLength(480);
    const objects = await service.rows<{ n: number }>(
      `select count(*)::int as n from recording where call_id = $1 and state = 'stored'`,
      call.callId,
    );
    expect(objects).toEqual([{ n: 1 }]);
  });

  it('2.11 calls nobody who pressed 9 while contacts could not be told, and tells it afterwards', async () => {
    service.outside.consentIsAway = true;
    const contactId = newId();
    const first = await service.place(contactId);
    await service.reaches(first, CallState.CALL_STATE_ANSWERED);
    await pressNine(contactId);
    expect((await service.ended(first)).call.outcome).toBe(Outcome.OUTCOME_SENT);
    expect(await service.rows('select key from heard_opt_out where contact_id = $1', contactId)).toEqual([
      { key: '9' },
    ]);
    // contacts would still permit it: what we heard ourselves counts.
    expect(await service.outcomeOf(contactId)).toEqual([Outcome.OUTCOME_SKIPPED, 'opted_out']);
    const recorded = service.outside.nextOptOut();
    service.outside.consentIsAway = false;
    service.clock.skip(61_000);
    await recorded;
    expect(service.outside.optOuts.at(-1)).toMatchObject({ contactId });
  });

  it('2.11 10.1 stops the ringing of whoever was heard', async () => {
    trunk.script = (request) => {
      if (request.method === 'INVITE') trunk.answer(request, 180);
      if (request.method !== 'CANCEL') return;
      trunk.answer(request, 200);
      trunk.answer(
        trunk.received.find(({ method, callId }) => method === 'INVITE' && callId === request.callId)!,
        487,
      );
    };
    const contactId = newId();
    const call = await service.place(contactId);
    await inviteOf(contactId);
    service.cluster.service('telephony').get(PermitDesk).deny({ tenantId: service.tenantId, contactId });
    const { call: ended } = await service.ended(call);
    expect([ended.outcome, ended.reason]).toEqual([Outcome.OUTCOME_FAILED, 'revoked']);
  });

  it('5.8 is hung up where its person is erased while they speak, and no piece of it stays', async () => {
    const contactId = newId();
    const call = await service.place(contactId, { record: true });
    const { port } = readMedia((await inviteOf(contactId)).body)!;
    await announced(call);
    const prefix = piecesPrefix(service.tenantId, contactId, call.callId);
    // More than 5 s: the first piece is kept while they speak.
    await person.say(port, Array<number>(260).fill(0x10));
    while ((await piecesAt(prefix)).length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await service.rows('select state from recording where call_id = $1', call.callId)).toEqual([
      { state: 'expected' },
    ]);
    const privacy = await StandInPrivacy.join(service.cluster, 'telephony', {
      registrationSecret: 'registration secret of a spec',
      clock: service.clock,
    });
    await privacy.erase(service.tenantId, 'contact', contactId);
    const { callId } = await inviteOf(contactId);
    await trunk.has((message) => message.method === 'BYE' && message.callId === callId);
    expect(await piecesAt(prefix)).toEqual([]);
    expect(await service.rows('select 1 from recording where call_id = $1', call.callId)).toEqual([]);
  });

  /** A campaign asks for a call with a script. */
  async function dispatched(contactId: string): Promise<string> {
    const intentId = newId();
    await service.cluster.publish(service.tenantId, DispatchRequested, {
      ...{
        intentId,
        campaignId: newId(),
        contactId,
        channel: typesV1.Channel.CHANNEL_VOICE,
        purpose: 'news',
      },
      ...{ templateId: service.outside.script('Hello.'), step: 1, try: 1, deferrals: 0 },
    });
    return intentId;
  }

  async function concluded(intentId: string) {
    for (;;) {
      const told = await service.cluster.published(CallConcluded);
      const found = told.find((word) => word.intentId === intentId);
      if (found) return found;
      await systemClock.wait(20);
    }
  }

  let hungUp = 0;
  /** A call that was taken up and is over, in which words were heard that may be a no. */
  async function inDoubt(contactId: string): Promise<telephonyV1.SpokenDoubt> {
    const call = await service.place(contactId);
    await service.reaches(call, CallState.CALL_STATE_ANSWERED);
    // One of its own each: the same again would be a copy.
    trunk.ask(await inviteOf(contactId), 'BYE', { number: ++hungUp });
    const words = { sense: 'doubt', readings: ['not interested', 'interested'], atMs: 2_400 } as const;
    const heard = { words: { ...words, readings: [...words.readings] } };
    await service.cluster.service('telephony').get(HearOptOut).hear(service.tenantId, call.callId, heard);
    await service.ended(call);
    const { spokenDoubts } = await doubts().listSpokenDoubts({ pageSize: 0, pageToken: '', contactId });
    expect(spokenDoubts).toMatchObject([{ contactId, callId: call.callId }]);
    return spokenDoubts[0]!;
  }
  const doubts = () => service.member.of(telephonyV1.SpokenDoubtsServiceService);

  it('hears a no in words while a machine speaks, keeps them sealed, and ends the call', async () => {
    const speech = service.cluster.service('telephony').get(Speech);
    speech.synthesizer = { speak: () => Promise.resolve(new Int16Array(800)) };
    const hear = () => Promise.resolve({ sense: 'no' as const, readings: ['stop calling me'] });
    speech.recognizer = { languages: new Set(['en'] as const), hear };
    const contactId = newId();
    const intentId = await dispatched(contactId);
    const { port } = readMedia((await inviteOf(contactId)).body)!;
    const recorded = service.outside.nextOptOut();
    await person.say(port, [...Array<number>(20).fill(0x10), ...Array<number>(40).fill(0xff)]);
    await recorded;
    const { evidence, heardFrom } = service.outside.optOuts.at(-1)!;
    expect(evidence).toContain('said "stop calling me"');
    expect(heardFrom!.endpointHash).toHaveLength(32);
    expect(await concluded(intentId)).toMatchObject({
      ...{ outcome: Outcome.OUTCOME_SENT },
      endedBy: telephonyV1.CallEndedBy.CALL_ENDED_BY_KEY,
    });
  });

  it('2.4 keeps and tells a no in words while no key can be had, without the words', async () => {
    const contactId = newId();
    const call = await service.place(contactId);
    await service.reaches(call, CallState.CALL_STATE_ANSWERED);
    const sealing = jest
      .spyOn(service.cluster.service('telephony').get(Sealing), 'seal')
      .mockRejectedValue(new Error('no database of keys'));
    const recorded = service.outside.nextOptOut();
    const words = { sense: 'no' as const, readings: ['stop calling me'], atMs: 2_400 };
    const optOuts = service.cluster.service('telephony').get(HearOptOut);
    await optOuts.hear(service.tenantId, call.callId, { words });
    sealing.mockRestore();
    await recorded;
    const told = service.outside.optOuts.find((optOut) => optOut.contactId === contactId);
    expect(told!.evidence).toMatch(/^said so in a call at /);
    trunk.ask(await inviteOf(contactId), 'BYE', { number: ++hungUp });
    await service.ended(call);
  });

  it('calls nobody whose words are in doubt until somebody has decided, and calls those who meant something else', async () => {
    const contactId = newId();
    const { spokenDoubtId } = await inDoubt(contactId);
    expect(await service.outcomeOf(contactId)).toEqual([Outcome.OUTCOME_SKIPPED, 'opted_out']);
    expect(await doubts().revealSpokenDoubt({ spokenDoubtId })).toEqual({
      readings: ['not interested', 'interested'],
      atMs: 2_400,
    });
    const decision = telephonyV1.SpokenDecision.SPOKEN_DECISION_NOT_AN_OPT_OUT;
    await doubts().decideSpokenDoubt({ requestId: newId(), spokenDoubtId, decision });
    await expect(doubts().revealSpokenDoubt({ spokenDoubtId })).rejects.toMatchObject({
      reason: 'SPOKEN_DOUBT_NOT_FOUND',
    });
    const next = await service.place(contactId);
    await service.reaches(next, CallState.CALL_STATE_ANSWERED);
    expect(service.outside.optOuts.some((optOut) => optOut.contactId === contactId)).toBe(false);
  });

  it('takes words in doubt for a no once somebody has said so, or nobody has in time', async () => {
    const decided = newId();
    const { spokenDoubtId } = await inDoubt(decided);
    let recorded = service.outside.nextOptOut();
    const decision = telephonyV1.SpokenDecision.SPOKEN_DECISION_OPT_OUT;
    await doubts().decideSpokenDoubt({ requestId: newId(), spokenDoubtId, decision });
    await recorded;
    expect(service.outside.optOuts.at(-1)).toMatchObject({ contactId: decided });
    const undecided = newId();
    await inDoubt(undecided);
    recorded = service.outside.nextOptOut();
    service.clock.skip(15 * 86_400_000);
    await recorded;
    // Two weeks later the member signs in again.
    service.member = await service.cluster.asMember('telephony', { tenantId: service.tenantId });
    expect(service.outside.optOuts.at(-1)).toMatchObject({ contactId: undecided });
  });

  it('2.4 tells contacts of a number whose person was cut from the call before they pressed 9', async () => {
    const recorded = service.outside.nextOptOut();
    const number = { contactId: newId(), endpointId: newId(), endpointHash: Buffer.alloc(32, 7) };
    const optOuts = service.cluster.service('telephony').get(HearOptOut);
    await optOuts.hear(service.tenantId, newId(), { key: '9' }, number);
    await recorded;
    expect(service.outside.optOuts.at(-1)).toMatchObject({
      ...{ contactId: number.contactId, source: contactsV1.ConsentSource.CONSENT_SOURCE_KEY },
      heardFrom: { endpointId: number.endpointId, endpointHash: number.endpointHash },
    });
    expect(await service.rows('select 1 from heard_opt_out where contact_id = $1', number.contactId)).toEqual(
      [],
    );
  });

  it('places no call with a script where there is no voice that could say it', async () => {
    const contactId = newId();
    const told = await concluded(await dispatched(contactId));
    expect(told).toMatchObject({ outcome: Outcome.OUTCOME_FAILED, reason: 'no_voice' });
    expect(trunk.received.some(({ uri }) => uri?.includes(numberOf(contactId)))).toBe(false);
  });

  it('writes nothing to the trunk for somebody whom contacts denies', async () => {
    const contactId = newId();
    service.outside.office.deny(contactId, contactsV1.DenialReason.DENIAL_REASON_OPTED_OUT);
    expect(await service.outcomeOf(contactId)).toEqual([Outcome.OUTCOME_SKIPPED, 'opted_out']);
    expect(trunk.received.some(({ uri }) => uri?.includes(numberOf(contactId)))).toBe(false);
  });

  it('tells whoever is in a call that it is over where its process is stopped', async () => {
    const contactId = newId();
    const call = await service.place(contactId);
    await service.reaches(call, CallState.CALL_STATE_ANSWERED);
    await service.cluster.stop();
    const { callId } = await inviteOf(contactId);
    await trunk.has((message) => message.method === 'BYE' && message.callId === callId);
  });
});
