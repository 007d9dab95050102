import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ALL_OUTREACH,
  AttemptConcluded,
  contactsV1,
  DeliveryReported,
  messagingV1,
  typesV1,
} from '@heed/contracts';
import { newId } from '@heed/kernel';
import { PermitOffice } from '@heed/testing';
import { StandingDenials } from '../src/inbound/standing-denials.js';
import {
  addressesIn,
  bounceMail,
  bring,
  complaintMail,
  inboundEnv,
  INBOUND_DOMAIN,
  mail,
} from './answering.js';
import { MessagingService } from './messaging-service.js';
import { SkippingClock } from './skipping-clock.js';
import { smtpError } from './smtp-peer.js';

const { ConsentSource } = contactsV1;
const { Delivery } = messagingV1;
const { Channel, Outcome } = typesV1;

describe('mail that comes back', () => {
  const service = new MessagingService();
  const clock = new SkippingClock();
  beforeAll(() => service.start({ clock, env: inboundEnv }), 60_000);
  afterAll(() => service.stop());
  afterEach(() => {
    service.outside.consentIsAway = false;
    service.peer.onRecipient = () => null;
    service.peer.onMessage = () => null;
    service.onStep = () => undefined;
  });

  const sendTo = async (contactId: string) => {
    const end = service.nextEnd();
    const [request] = await service.dispatch([contactId]);
    await end;
    return { ...request!, ...(await sentTo(contactId)) };
  };
  const sentTo = async (contactId: string) => {
    const kept = service.peer.kept.findLast(({ to }) => to[0] === PermitOffice.addressOf(contactId))!;
    return { kept, ...addressesIn(kept) };
  };
  const outcomeOf = async (contactId: string) => {
    const end = service.nextEnd();
    await service.dispatch([contactId]);
    await end;
    const attempt = (await service.attempts()).findLast((candidate) => candidate.contactId === contactId);
    return [attempt?.outcome, attempt?.reason];
  };
  const rows = async <R extends object>(sql: string, params: unknown[] = []): Promise<R[]> =>
    (await service.database.pool('probe').query<R>(sql, params)).rows;
  const mailsOf = (contactId: string) =>
    rows<{ kind: string; raw: Buffer | null; handled_at: Date | null; code: string }>(
      'select kind, raw, handled_at, code from inbound_mail where contact_id = $1 order by mail_id',
      [contactId],
    );
  /** Until something is so. */
  const until = async (so: () => Promise<boolean>): Promise<void> => {
    while (!(await so())) await clock.wait(10);
  };
  const handled = (contactId: string) =>
    until(async () => (await mailsOf(contactId)).every(({ handled_at }) => handled_at !== null));
  const heardOf = (contactId: string) =>
    service.outside.optOuts.filter((heard) => heard.contactId === contactId);
  const from = 'jane@people.test';

  it('comes to addresses that each message bears, in every way that mail programs know', async () => {
    const contactId = newId();
    const { kept, bounce, reply, unsubscribe, token } = await sendTo(contactId);
    expect(new Set([bounce, reply, unsubscribe]).size).toBe(3);
    for (const address of [bounce, reply, unsubscribe])
      expect(address).toMatch(/^[bru][a-z2-7]{56}@in\.sender\.test$/);
    expect(kept.raw).toMatch(/^List-Unsubscribe: <https?:\/\//m);
    expect(token).not.toBe('');
    expect(kept.raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  });

  it('is not taken for anybody else: no relay, and what is guessed is answered as what is unknown', async () => {
    const { reply, bounce } = await sendTo(newId());
    const local = reply.slice(0, reply.indexOf('@'));
    const flipped = `${local.slice(0, -1)}${local.endsWith('a') ? 'b' : 'a'}`;
    const other = [
      'somebody@elsewhere.test',
      `info@${INBOUND_DOMAIN}`,
      `${flipped}@${INBOUND_DOMAIN}`,
      `r${'a'.repeat(56)}@${INBOUND_DOMAIN}`,
      `${local}@elsewhere.test`,
      // An address for bounces is none for unsubscribing.
      `u${bounce.slice(1)}`,
    ];
    for (const to of other)
      expect([to, await bring(service, { from, to }, mail({}, 'stop'))]).toEqual([to, 550]);
    expect(await bring(service, { from, to: reply.toUpperCase() }, mail({}, 'Thanks!'))).toBe(250);
  });

  it('in which somebody says no is an opt-out at contacts, and what waits for them is not sent', async () => {
    const contactId = newId();
    const { reply, token } = await sendTo(contactId);
    const text = `Please stop writing to me.\n\nOn Monday, Acme wrote:\n> News for you.\n> Unsubscribe: https://x/u/${token}`;
    expect(await bring(service, { from, to: reply }, mail({}, text))).toBe(250);
    await handled(contactId);
    const [heard, ...more] = heardOf(contactId);
    expect(more).toEqual([]);
    expect(heard).toMatchObject({
      ...{ channel: Channel.CHANNEL_EMAIL, purpose: '', source: ConsentSource.CONSENT_SOURCE_REPLY },
      evidence: 'Please stop writing to me.',
    });
    expect(heard!.heardFrom!.endpointId).not.toBe('');
    expect(heard!.heardFrom!.optOutToken).toBe(token);
    // Reduced to codes: nothing of their words is left here.
    expect(await mailsOf(contactId)).toMatchObject([{ kind: 'opt_out', raw: null }]);
  });

  it('that only says STOP ends all that may be refused, and names no more than that', async () => {
    const contactId = newId();
    const { reply } = await sendTo(contactId);
    expect(await bring(service, { from, to: reply }, mail({}, 'STOP'))).toBe(250);
    await handled(contactId);
    expect(heardOf(contactId)).toMatchObject([{ channel: Channel.CHANNEL_EMAIL, purpose: ALL_OUTREACH }]);
  });

  it('2.11 is heard while contacts is away: nothing leaves, though contacts would permit it', async () => {
    const contactId = newId();
    const { reply } = await sendTo(contactId);
    service.outside.consentIsAway = true;
    expect(await bring(service, { from, to: reply }, mail({}, 'Bitte schreiben Sie mir nicht mehr.'))).toBe(
      250,
    );
    expect(heardOf(contactId)).toEqual([]);
    expect(await outcomeOf(contactId)).toEqual(['skipped', 'opted_out']);
    const standing = service.cluster.service('messaging').get(StandingDenials);
    clock.skip(30_000);
    await standing.look();
    expect(standing.oldestSeconds()).toBeGreaterThanOrEqual(30);
    service.outside.consentIsAway = false;
    clock.skip(61_000);
    await handled(contactId);
    expect(heardOf(contactId)).toHaveLength(1);
    await standing.look();
    expect(standing.oldestSeconds()).toBe(0);
  });

  it('2.5 binds whoever has the address, before contacts knows of it', async () => {
    const [one, other] = [newId(), newId()];
    service.outside.office.shares.set(other, one);
    const { reply } = await sendTo(one);
    service.outside.consentIsAway = true;
    expect(await bring(service, { from, to: reply }, mail({}, 'unsubscribe'))).toBe(250);
    expect(await outcomeOf(other)).toEqual(['skipped', 'opted_out']);
    service.outside.consentIsAway = false;
    clock.skip(61_000);
    await handled(one);
  });

  it('that a mail program sends to unsubscribe is an opt-out of that purpose, whatever it says', async () => {
    const contactId = newId();
    const { unsubscribe, token } = await sendTo(contactId);
    const raw = mail({ Subject: token, 'Auto-Submitted': 'auto-generated' }, '');
    expect(await bring(service, { from, to: unsubscribe }, raw)).toBe(250);
    await handled(contactId);
    expect(heardOf(contactId)).toMatchObject([
      { purpose: 'news', source: ConsentSource.CONSENT_SOURCE_MAILTO, heardFrom: { optOutToken: token } },
    ]);
  });

  it('that a program wrote, or that says nothing of the kind, changes nothing', async () => {
    const contactId = newId();
    const { reply, bounce } = await sendTo(contactId);
    const absent = mail(
      { Subject: 'Out of office', 'Auto-Submitted': 'auto-replied' },
      'Stop. I am away until May.',
    );
    expect(await bring(service, { from: '', to: bounce }, absent)).toBe(250);
    expect(await bring(service, { from, to: reply }, mail({}, 'Thanks, please do not stop!'))).toBe(250);
    expect(await mailsOf(contactId)).toMatchObject([{ kind: 'answer' }]);
    expect(await outcomeOf(contactId)).toEqual(['sent', '']);
    expect(heardOf(contactId)).toEqual([]);
  });

  it('1.4 that bounces says so beside the outcome, in codes, and once', async () => {
    const contactId = newId();
    const { bounce, intentId, kept } = await sendTo(contactId);
    const raw = bounceMail(
      { action: 'failed', status: '5.0.0', diagnostic: '550 5.1.1 <jane.secret@people.test>' },
      kept.raw,
    );
    for (let n = 0; n < 2; n++) expect(await bring(service, { from: '', to: bounce }, raw)).toBe(250);
    await handled(contactId);
    const told = (await service.cluster.published(DeliveryReported)).filter(
      (event) => event.intentId === intentId,
    );
    expect(told).toMatchObject([{ contactId, delivery: Delivery.DELIVERY_HARD_BOUNCE, code: '5_1_1' }]);
    const [attempt] = await rows<object>('select outcome, delivery from attempt where contact_id = $1', [
      contactId,
    ]);
    expect(attempt).toEqual({ outcome: 'sent', delivery: 'hard_bounce' });
    // Of the texts nothing stays: not in the rows, and not in what was told.
    const everything = JSON.stringify(
      [await rows('select * from inbound_mail'), told],
      (_, value: unknown) =>
        Buffer.isBuffer(value) ? value.toString('latin1') : typeof value === 'bigint' ? String(value) : value,
    );
    expect(everything).not.toContain('secret');
    expect(heardOf(contactId)).toEqual([]);
  });

  it('that a mail server refused in the dialogue is reported as a bounce as well', async () => {
    const contactId = newId();
    service.peer.onRecipient = () => smtpError(550, '5.1.1 No such user jane.secret@people.test');
    expect(await outcomeOf(contactId)).toEqual(['failed', 'smtp_550']);
    const told = (await service.cluster.published(DeliveryReported)).filter(
      (event) => event.contactId === contactId,
    );
    expect(told).toMatchObject([{ delivery: Delivery.DELIVERY_HARD_BOUNCE, code: '5_1_1' }]);
  });

  it('says of an attempt that was unknown that it was sent, and nobody sends it again', async () => {
    const contactId = newId();
    let bounce = '';
    // The server takes the message and is gone before it can say so.
    service.peer.onMessage = ({ from: sender }, hangUp) => {
      bounce = sender;
      hangUp();
      return null;
    };
    expect(await outcomeOf(contactId)).toEqual(['unknown', 'connection_lost']);
    const before = service.peer.recipients.length;
    const raw = bounceMail({ action: 'failed', status: '4.2.2' });
    expect(await bring(service, { from: '', to: bounce }, raw)).toBe(250);
    await handled(contactId);
    const [attempt] = await rows<object>(
      'select outcome, reason, delivery from attempt where contact_id = $1',
      [contactId],
    );
    expect(attempt).toEqual({ outcome: 'sent', reason: '', delivery: 'soft_bounce' });
    const told = (await service.cluster.published(AttemptConcluded)).filter(
      (event) => event.contactId === contactId,
    );
    expect(told.map(({ outcome }) => outcome)).toEqual([Outcome.OUTCOME_UNKNOWN, Outcome.OUTCOME_SENT]);
    expect(service.peer.recipients).toHaveLength(before);
  });

  it('as a complaint of the mail provider is an opt-out, wherever it was sent to', async () => {
    const [one, other] = [newId(), newId()];
    const first = await sendTo(one);
    const second = await sendTo(other);
    expect(await bring(service, { from: '', to: first.bounce }, complaintMail(first.kept.raw))).toBe(250);
    const box = `complaints@${INBOUND_DOMAIN}`;
    // Providers have one address for all complaints: whose it is stands in what they return.
    const returned = second.kept.raw;
    expect(await bring(service, { from: 'fbl@provider.test', to: box }, complaintMail(returned))).toBe(250);
    expect(
      await bring(service, { from: 'fbl@provider.test', to: box }, complaintMail('From: x\r\n\r\nx')),
    ).toBe(250);
    for (const contactId of [one, other]) {
      await until(async () => heardOf(contactId).length > 0);
      await handled(contactId);
      expect(heardOf(contactId)).toMatchObject([
        { channel: Channel.CHANNEL_EMAIL, purpose: '', source: ConsentSource.CONSENT_SOURCE_COMPLAINT },
      ]);
    }
  });

  it('that is too large is refused, and kept nowhere', async () => {
    const contactId = newId();
    const { reply } = await sendTo(contactId);
    const raw = mail({}, 'stop '.repeat(600_000));
    expect(await bring(service, { from, to: reply }, raw)).toBe(552);
    expect(await mailsOf(contactId)).toEqual([]);
  });
});
