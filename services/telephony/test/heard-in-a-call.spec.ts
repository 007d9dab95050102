import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { contactsV1, telephonyV1, typesV1 } from '@heed/contracts';
import { type Order } from '@heed/data-rights';
import { newId, systemClock } from '@heed/kernel';
import { PermitDesk } from '@heed/permits';
import { UnitOfWork } from '@heed/postgres';
import { PermitOffice } from '@heed/testing';
import { EndCalls } from '../src/erasure/end-calls.js';
import { readMedia } from '../src/sip/sdp.js';
import { samplesIn } from '../src/media/wav.js';
import { numberOf } from './outside.js';
import { RtpPeer } from './rtp-peer.js';
import { ScriptedTrunk } from './scripted-trunk.js';
import { TelephonyService } from './telephony-service.js';

const { CallEndedBy, CallState } = telephonyV1;
const { DenialReason } = contactsV1;
const { Outcome } = typesV1;

describe('what people say while they are called', () => {
  const trunk = new ScriptedTrunk();
  const person = new RtpPeer();
  const service = new TelephonyService(() => trunk.url);
  const { office } = service.outside;

  beforeAll(async () => {
    await Promise.all([trunk.listen(), person.listen()]);
    await service.start({ HEED_CALL_ENDS_ON_OPT_OUT: 'all' });
    trunk.script = (request) => {
      if (request.method === 'INVITE') trunk.accept(request, { port: person.port });
      else if (request.method !== 'ACK') trunk.answer(request, 200);
    };
  });
  afterAll(async () => {
    await service.stop();
    await trunk.close();
    person.close();
  });
  afterEach(() => {
    service.outside.explainIsAway = false;
  });

  const inviteOf = (contactId: string) =>
    trunk.has(({ method, uri }) => method === 'INVITE' && uri!.includes(numberOf(contactId)));
  const endOf = (callId: string) =>
    trunk.has((message) => message.method === 'BYE' && message.callId === callId);

  async function inCall(record = false): Promise<{ contactId: string; call: telephonyV1.Call }> {
    const contactId = newId();
    const call = await service.place(contactId, { record });
    await service.reaches(call, CallState.CALL_STATE_ANSWERED);
    return { contactId, call };
  }

  /** As the signal of contacts does: it names a person, and not what they said. */
  function signal(contactId: string): void {
    const desk = service.cluster.service('telephony').get(PermitDesk);
    desk.deny({ tenantId: service.tenantId, contactId })();
  }

  /** Resolves once contacts has been asked about them once more. */
  async function isAskedAbout(contactId: string): Promise<void> {
    const times = () => service.outside.explained.filter((id) => id === contactId).length;
    for (const before = times(); times() === before;) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  describe('a conversation whose person is heard meanwhile', () => {
    it('I2 is ended with an apology, and what was said before is kept', async () => {
      const { contactId, call } = await inCall(true);
      const { port } = readMedia((await inviteOf(contactId)).body)!;
      for (let at = ''; at === '';)
        at = (await service.calls.getCall({ callId: call.callId })).call!.announcedAt;
      await person.say(port, [0x10, 0x20]);
      const sounds = person.sounds;
      office.deny(contactId, DenialReason.DENIAL_REASON_OPTED_OUT);
      signal(contactId);
      await endOf((await inviteOf(contactId)).callId);
      const { call: ended } = await service.ended(call);
      expect(ended).toMatchObject({
        ...{ outcome: Outcome.OUTCOME_SENT, reason: '', recorded: true },
        endedBy: CallEndedBy.CALL_ENDED_BY_REVOCATION,
      });
      // 1.9 s of falling tones, some of which are pauses.
      expect(person.sounds - sounds).toBeGreaterThan(20);
      expect(samplesIn(Buffer.concat(await service.listen(ended)))!.length).toBeGreaterThan(0);
    });

    it('is ended without any signal, by asking every few seconds', async () => {
      const { contactId, call } = await inCall();
      office.deny(contactId, DenialReason.DENIAL_REASON_STOPPED);
      service.clock.idle(5_000);
      const { call: ended } = await service.ended(call);
      expect(ended.endedBy).toBe(CallEndedBy.CALL_ENDED_BY_REVOCATION);
    });

    it('is ended in doubt, where contacts cannot say what was said', async () => {
      service.outside.explainIsAway = true;
      const { contactId, call } = await inCall();
      signal(contactId);
      await isAskedAbout(contactId);
      service.clock.idle(5_000);
      const { call: ended } = await service.ended(call);
      expect(ended.endedBy).toBe(CallEndedBy.CALL_ENDED_BY_REVOCATION);
    });

    it('goes on where they said no to something else, and where only a new call would be denied', async () => {
      const { contactId, call } = await inCall();
      signal(contactId);
      await isAskedAbout(contactId);
      office.deny(contactId, DenialReason.DENIAL_REASON_OUTSIDE_HOURS);
      service.clock.idle(5_000);
      await isAskedAbout(contactId);
      const invite = await inviteOf(contactId);
      trunk.ask(invite, 'BYE');
      const { call: ended } = await service.ended(call);
      expect(ended.endedBy).toBe(CallEndedBy.CALL_ENDED_BY_OTHER_SIDE);
      expect(trunk.received.some((each) => each.method === 'BYE' && each.callId === invite.callId)).toBe(
        false,
      );
    });
  });

  describe('a telephone that answers that calls are unwanted', () => {
    it('2.4 2.11 10.5 opts its person out of calls, and is neither called nor erased until contacts knows', async () => {
      trunk.script = (request) => {
        if (request.method === 'INVITE')
          trunk.answer(request, 607, { headers: [['Reason', 'Q.850;cause=21']] });
      };
      service.outside.consentIsAway = true;
      const contactId = newId();
      expect(await service.outcomeOf(contactId)).toEqual([Outcome.OUTCOME_FAILED, 'unwanted']);
      expect(await service.outcomeOf(contactId)).toEqual([Outcome.OUTCOME_SKIPPED, 'opted_out']);
      const telephony = service.cluster.service('telephony');
      const mayErase = () =>
        telephony
          .get(UnitOfWork)
          .run(
            service.tenantId,
            (tx) => telephony.get(EndCalls).ready(tx, [{ subjectIds: [contactId] } as unknown as Order]),
            { role: 'eraser' },
          );
      // Whoever is erased now could not be named any more.
      expect(await mayErase()).toBe(false);
      const recorded = service.outside.nextOptOut();
      service.outside.consentIsAway = false;
      service.clock.skip(61_000);
      await recorded;
      while (!(await mayErase())) await systemClock.wait(10);
      expect(service.outside.optOuts.at(-1)).toMatchObject({
        ...{ contactId, channel: typesV1.Channel.CHANNEL_VOICE, purpose: '' },
        source: contactsV1.ConsentSource.CONSENT_SOURCE_CARRIER,
        evidence: expect.stringContaining('SIP 607'),
        heardFrom: { endpointId: contactId, endpointHash: PermitOffice.endpointHashOf(contactId) },
      });
    });

    it.each([
      [603, undefined, 'declined'],
      [603, 'SIP;cause=603;text="v=analytics1;id=1"', 'blocked'],
      [608, undefined, 'blocked'],
    ])('is not one that answers %d (%s)', async (status, reason, outcome) => {
      trunk.script = (request) => {
        if (request.method === 'INVITE')
          trunk.answer(request, status, { headers: reason ? [['Reason', reason]] : [] });
      };
      const contactId = newId();
      expect(await service.outcomeOf(contactId)).toEqual([Outcome.OUTCOME_FAILED, outcome]);
      expect(await service.rows('select 1 from heard_opt_out where contact_id = $1', contactId)).toEqual([]);
      expect(service.outside.optOuts.some((each) => each.contactId === contactId)).toBe(false);
    });
  });
});
