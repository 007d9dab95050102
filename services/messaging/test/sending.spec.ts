import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AttemptConcluded, contactsV1, typesV1 } from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import { lockSubjectsForErasure, raiseFence, UnitOfWork } from '@heed/postgres';
import { PermitDesk } from '@heed/permits';
import { gate, PermitOffice } from '@heed/testing';
import PostalMime from 'postal-mime';
import { OpenAttemptStore } from '../src/erasure/open-attempt.store.js';
import { MessagingService } from './messaging-service.js';
import { SkippingClock } from './skipping-clock.js';
import { smtpError } from './smtp-peer.js';

const { DenialReason } = contactsV1;

describe('sending', () => {
  const service = new MessagingService();
  const clock = new SkippingClock();
  beforeAll(() => service.start({ clock }));
  afterAll(() => service.stop());
  afterEach(() => {
    service.onStep = () => undefined;
    service.peer.onRecipient = () => null;
    service.peer.onMessage = () => null;
    // What a server has asked us to leave alone may be written to again.
    clock.skip(15 * 60_000);
    service.outside.office.beforeAnswer = () => undefined;
    service.outside.office.lifetimeMs = 1_000;
  });

  const office = () => service.outside.office;
  /** Sends to one person and answers what became of it. */
  const outcomeOf = async (contactId: string, change = {}) => {
    const end = service.nextEnd();
    await service.dispatch([contactId], change);
    await end;
    return resultFor(contactId);
  };
  const resultFor = async (contactId: string) => {
    const attempt = (await service.attempts()).find((candidate) => candidate.contactId === contactId);
    return [attempt?.outcome, attempt?.reason];
  };
  const keptFor = (contactId: string) =>
    service.peer.kept.filter(({ to }) => to[0] === PermitOffice.addressOf(contactId));
  const begunFor = (contactId: string) =>
    service.peer.recipients.filter((to) => to === PermitOffice.addressOf(contactId));
  const asksFor = (contactId: string) =>
    office()
      .batches.flat()
      .filter((ask) => ask.contactId === contactId);
  /** What contacts does: it denies from now on, and says so at once. */
  const optOut = (contactId: string) => {
    office().deny(contactId, DenialReason.DENIAL_REASON_OPTED_OUT);
    service.cluster.service('messaging').get(PermitDesk).deny({ tenantId: service.tenantId, contactId })();
  };

  it('hands over what campaigns asked for, and tells it', async () => {
    const contacts = [newId(), newId(), newId()];
    const ended = service.nextEnd(3);
    const requests = await service.dispatch(contacts);
    await ended;
    expect(contacts.map((id) => keptFor(id).length)).toEqual([1, 1, 1]);
    const told = await service.cluster.published(AttemptConcluded);
    expect(told.map(({ intentId }) => intentId).sort()).toEqual(
      requests.map(({ intentId }) => intentId).sort(),
    );
    expect(told.every(({ outcome }) => outcome === typesV1.Outcome.OUTCOME_SENT)).toBe(true);
    expect(asksFor(contacts[0]!).map(({ sender }) => sender)).toContain('news@sender.test');
  });

  it('writes what the template says, with the values that the permit brought', async () => {
    const contactId = newId();
    await outcomeOf(contactId);
    const mail = await PostalMime.parse(keptFor(contactId)[0]!.raw);
    expect(mail.subject).toBe('Hello some first_name');
    expect(mail.text).toContain('News for you.');
    expect(mail.text).toContain('1 Main Street');
    expect(mail.from).toEqual({ name: 'Acme', address: 'news@sender.test' });
  });

  it('sends the files that go with a template, as they are, to everybody', async () => {
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    const file = { name: 'Übersicht.pdf', contentType: 'application/pdf', content };
    const templateId = service.outside.template({}, [file]);
    const contacts = [newId(), newId()];
    const ended = service.nextEnd(2);
    await service.dispatch(contacts, { templateId });
    await ended;
    for (const contactId of contacts) {
      const mail = await PostalMime.parse(keptFor(contactId)[0]!.raw);
      expect(mail.text).toContain('News for you.');
      expect(mail.attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([
        ['Übersicht.pdf', 'application/pdf'],
      ]);
      expect(Buffer.from(mail.attachments[0]!.content as ArrayBuffer).equals(content)).toBe(true);
    }
  });

  it('fetches a template once', async () => {
    const before = service.outside.templateCalls;
    await outcomeOf(newId());
    expect(service.outside.templateCalls).toBe(before);
  });

  it('writes to an address once by each step of a campaign, though two people have it', async () => {
    const [one, other, nextStep] = [newId(), newId(), newId()];
    office().shares.set(other, one).set(nextStep, one);
    const ended = service.nextEnd(2);
    await service.dispatch([one, other]);
    await ended;
    expect([await resultFor(one), await resultFor(other)].sort()).toEqual([
      ['sent', ''],
      ['skipped', 'duplicate_address'],
    ]);
    expect(keptFor(one).length + keptFor(other).length).toBe(1);
    expect(await outcomeOf(nextStep, { step: 2 })).toEqual(['sent', '']);
  });

  it('7.3 gives back what a denial defers, and sends it when it is asked for once more, and not before', async () => {
    const contactId = newId();
    const retryAt = new Date(clock.now().getTime() + 3_600_000).toISOString();
    office().deny(contactId, DenialReason.DENIAL_REASON_QUARANTINE, retryAt);
    const [request] = await service.dispatch([contactId]);
    const wordsOf = async () =>
      (await service.cluster.published(AttemptConcluded)).filter((word) => word.contactId === contactId);
    while ((await wordsOf()).length === 0) await systemClock.wait(20);
    expect(await wordsOf()).toMatchObject([
      { outcome: typesV1.Outcome.OUTCOME_DEFERRED, reason: 'quarantine', retryAt, deferrals: 0 },
    ]);
    office().allow(contactId);
    // The request that was answered already, as a bus may bring it again.
    await service.dispatch([contactId], request);
    await outcomeOf(newId());
    expect(begunFor(contactId)).toEqual([]);
    expect(await outcomeOf(contactId, { ...request, deferrals: 1 })).toEqual(['sent', '']);
    expect(keptFor(contactId)).toHaveLength(1);
    expect((await wordsOf()).at(-1)).toMatchObject({ outcome: typesV1.Outcome.OUTCOME_SENT });
  });

  it('skips whom contacts denies, and writes not a byte to them', async () => {
    const contactId = newId();
    office().deny(contactId, DenialReason.DENIAL_REASON_NO_CONSENT);
    expect(await outcomeOf(contactId)).toEqual(['skipped', 'no_consent']);
    expect(begunFor(contactId)).toEqual([]);
  });

  it('waits and asks again where contacts can answer nothing now', async () => {
    const contactId = newId();
    office().deny(contactId, DenialReason.DENIAL_REASON_QUARANTINE);
    const asked = service.nextStep('permitted');
    const ended = service.nextEnd();
    await service.dispatch([contactId]);
    await asked;
    office().allow(contactId);
    await ended;
    expect(await resultFor(contactId)).toEqual(['sent', '']);
  });

  it('is silent while contacts cannot be reached, and loses nothing', async () => {
    const contactId = newId();
    let tries = 0;
    office().beforeAnswer = () => {
      tries += 1;
      if (tries <= 2) throw Object.assign(new Error('down'), { code: 14 });
    };
    expect(await outcomeOf(contactId)).toEqual(['sent', '']);
    // A permit of a second may die of age on a slow machine, here and below: then there is one question more.
    expect(tries).toBeGreaterThanOrEqual(3);
    expect(begunFor(contactId)).toHaveLength(1);
  });

  it('uses no permit that contacts did not sign', async () => {
    const contactId = newId();
    const genuine = office().batchIssuePermits.bind(office());
    let forged = 0;
    office().batchIssuePermits = async (...args) => {
      const response = await genuine(...args);
      if (forged > 0) return response;
      forged += 1;
      return { ...response, signature: Buffer.alloc(64) };
    };
    expect(await outcomeOf(contactId)).toEqual(['sent', '']);
    expect(forged).toBe(1);
    expect(begunFor(contactId)).toHaveLength(1);
    office().batchIssuePermits = genuine;
  });

  it.each([450, 550])(
    '1.4 has failed with the code, and no word of the server, where the recipient is refused with %i',
    async (code) => {
      service.peer.onRecipient = () => smtpError(code);
      const contactId = newId();
      expect(await outcomeOf(contactId)).toEqual(['failed', `smtp_${code}`]);
    },
  );

  it.each([451, 554])(
    '1.4 has failed with the code, and no word of the server, where the message is refused with %i',
    async (code) => {
      service.peer.onMessage = () => smtpError(code);
      expect(await outcomeOf(newId())).toEqual(['failed', `smtp_${code}`]);
    },
  );

  it('7.3 gives back whoever is at a domain that said it has enough, and writes to nobody there until then', async () => {
    service.peer.onRecipient = () => smtpError(451, '4.7.1 slow down');
    await outcomeOf(newId());
    service.peer.onRecipient = () => null;
    const contactId = newId();
    const [request] = await service.dispatch([contactId]);
    const wordsOf = async () =>
      (await service.cluster.published(AttemptConcluded)).filter((word) => word.contactId === contactId);
    while ((await wordsOf()).length === 0) await systemClock.wait(20);
    expect(await wordsOf()).toMatchObject([
      { outcome: typesV1.Outcome.OUTCOME_DEFERRED, reason: 'mail_server_busy' },
    ]);
    expect(begunFor(contactId)).toEqual([]);
    clock.skip(15 * 60_000);
    expect(await outcomeOf(contactId, { ...request, deferrals: 1 })).toEqual(['sent', '']);
  });

  it('7.2 has failed where the connection was lost before the final dot, and is not tried again', async () => {
    service.peer.onRecipient = (_, hangUp) => {
      hangUp();
      return null;
    };
    const contactId = newId();
    expect(await outcomeOf(contactId)).toEqual(['failed', 'connection_lost']);
    expect(begunFor(contactId)).toHaveLength(1);
  });

  it('7.2 is unknown where the connection was lost after the final dot, and is not tried again', async () => {
    service.peer.onMessage = (_, hangUp) => {
      hangUp();
      return null;
    };
    const contactId = newId();
    expect(await outcomeOf(contactId)).toEqual(['unknown', 'connection_lost']);
    expect(begunFor(contactId)).toHaveLength(1);
  });

  it('2.2 10.1 begins nothing where somebody opts out between the permit and the first byte', async () => {
    const contactId = newId();
    const door = gate();
    service.onStep = (step) => (step === 'before-recipient' ? door() : undefined);
    const ended = service.nextEnd();
    await service.dispatch([contactId]);
    await door.reached;
    optOut(contactId);
    door.open();
    await ended;
    expect(await resultFor(contactId)).toEqual(['skipped', 'opted_out']);
    expect(begunFor(contactId)).toEqual([]);
  });

  it('2.8 leaves the server without a message where somebody opts out while it is under way', async () => {
    const contactId = newId();
    const door = gate();
    service.onStep = (step) => (step === 'before-dot' ? door() : undefined);
    const ended = service.nextEnd();
    await service.dispatch([contactId]);
    await door.reached;
    optOut(contactId);
    door.open();
    await ended;
    expect(await resultFor(contactId)).toEqual(['skipped', 'opted_out']);
    expect(begunFor(contactId)).toHaveLength(1);
    expect(keptFor(contactId)).toEqual([]);
  });

  it('2.8 asks again for the same attempt where a permit died of age before the first byte', async () => {
    const contactId = newId();
    const door = gate();
    service.onStep = (step) => (step === 'before-recipient' ? door() : undefined);
    const ended = service.nextEnd();
    await service.dispatch([contactId]);
    await door.reached;
    clock.skip(1_000);
    door.open();
    await ended;
    expect(await resultFor(contactId)).toEqual(['sent', '']);
    const asks = asksFor(contactId);
    expect(new Set(asks.map(({ attemptId }) => attemptId)).size).toBe(1);
    expect(new Set(asks.map(({ nonce }) => nonce.toString('hex'))).size).toBeGreaterThanOrEqual(2);
    expect(begunFor(contactId)).toHaveLength(1);
  });

  it('2.8 renews the permit where a dialogue outlives it, and the proof is that of the second', async () => {
    const contactId = newId();
    const door = gate();
    service.onStep = (step) => (step === 'before-dot' ? door() : undefined);
    const ended = service.nextEnd();
    await service.dispatch([contactId]);
    await door.reached;
    clock.skip(1_500);
    door.open();
    await ended;
    expect(await resultFor(contactId)).toEqual(['sent', '']);
    expect(begunFor(contactId)).toHaveLength(1);
    expect(asksFor(contactId).length).toBeGreaterThanOrEqual(2);
  });

  it('2.7 begins nothing after the machine slept', async () => {
    const contactId = newId();
    const door = gate();
    service.onStep = (step) => (step === 'before-recipient' ? door() : undefined);
    const ended = service.nextEnd();
    await service.dispatch([contactId]);
    await door.reached;
    clock.suspend(3_600_000);
    door.open();
    await ended;
    expect(await resultFor(contactId)).toEqual(['sent', '']);
    expect(asksFor(contactId).length).toBeGreaterThanOrEqual(2);
  });

  it('skips whom an erasure reached between the claim and the arming', async () => {
    const contactId = newId();
    const uow = service.cluster.service('messaging').get(UnitOfWork);
    service.onStep = async (step) => {
      if (step !== 'permitted') return;
      service.onStep = () => undefined;
      await uow.run(
        service.tenantId,
        async (tx) => {
          await lockSubjectsForErasure(tx, [contactId]);
          await new OpenAttemptStore().endAll(tx, [contactId], clock.now());
          await tx.execute('update attempt set contact_id = null where contact_id = $1', [contactId]);
          await raiseFence(tx, [contactId]);
        },
        { role: 'eraser' },
      );
    };
    const settled = service.nextEnd();
    await service.dispatch([contactId]);
    await settled;
    expect(begunFor(contactId)).toEqual([]);
  });

  it('has failed where the template is not there', async () => {
    expect(await outcomeOf(newId(), { templateId: newId() })).toEqual(['failed', 'template_not_found']);
  });

  it('has failed where the template does not render with real values', async () => {
    const templateId = service.outside.template({
      textBody: '{% if first_name contains "some" %}{% for i in (1..99999999) %}a{% endfor %}{% endif %}',
    });
    expect(await outcomeOf(newId(), { templateId })).toEqual(['failed', 'template_too_large']);
  });

  it('leaves requests for other channels to their senders', async () => {
    const [voice, email] = [newId(), newId()];
    await service.dispatch([voice], { channel: typesV1.Channel.CHANNEL_VOICE });
    await outcomeOf(email);
    expect(await resultFor(voice)).toEqual([undefined, undefined]);
  });

  it('sends many, each once', async () => {
    const contacts = Array.from({ length: 100 }, () => newId());
    const before = service.peer.connections;
    const ended = service.nextEnd(100);
    await service.dispatch(contacts);
    await ended;
    expect(contacts.map((id) => keptFor(id).length)).toEqual(contacts.map(() => 1));
    // Over connections that are used again, as many as there are slots.
    expect(service.peer.connections - before).toBeLessThan(contacts.length);
  });
});
