import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contactsV1, SIGN_UP_CONFIRMATION, SignUpConfirmationDue } from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { PermitOffice } from '@heed/testing';
import PostalMime from 'postal-mime';
import { AcceptSignUpsConsumer } from '../src/confirmations/accept-sign-ups.consumer.js';
import { addressesIn, bring, inboundEnv, mail } from './answering.js';
import { MessagingService } from './messaging-service.js';

describe('mails that ask whether a sign-up was theirs', () => {
  const service = new MessagingService();
  beforeAll(() => service.start({ env: inboundEnv }));
  afterAll(() => service.stop());

  const due = (): contactsV1.SignUpConfirmationDue =>
    contactsV1.SignUpConfirmationDue.fromPartial({
      ...{ attemptId: newId(), contactId: newId(), templateId: service.templateId, language: 'en' },
    });
  async function ended(attemptId: string): Promise<Record<string, unknown>> {
    for (;;) {
      const { rows } = await service.database
        .pool('probe')
        .query<Record<string, unknown>>('select * from attempt where attempt_id = $1', [attemptId]);
      if (rows[0]?.['state'] === 'concluded') return rows[0];
      await systemClock.wait(20);
    }
  }
  const keptFor = (contactId: string) =>
    service.peer.kept.filter(({ to }) => to[0] === PermitOffice.addressOf(contactId));
  async function asked(): Promise<contactsV1.SignUpConfirmationDue> {
    const event = due();
    await service.cluster.publish(service.tenantId, SignUpConfirmationDue, event);
    expect(await ended(event.attemptId)).toMatchObject({ outcome: 'sent', purpose: SIGN_UP_CONFIRMATION });
    return event;
  }

  it('leave once, with what came with their permit, of which nothing is kept', async () => {
    const { contactId } = await asked();
    const [sent, ...more] = keptFor(contactId);
    expect(more).toEqual([]);
    const { text } = await PostalMime.parse(sent!.raw);
    for (const value of ['some form', 'some link', 'some hours']) expect(text).toContain(value);
    expect(text).not.toContain('News for you');
    expect(sent!.raw).not.toMatch(/list-unsubscribe/i);
    const { rows } = await service.database.pool('probe').query('select 1 from message');
    expect(rows).toEqual([]);
  });

  it('2.10 do not leave again where the event is read anew after a restore: what became of them is unknown', async () => {
    const data = due();
    const consumer = service.cluster.service('messaging').get(AcceptSignUpsConsumer);
    const uow = service.cluster.service('messaging').get(UnitOfWork);
    const event = { data, replayed: true } as Parameters<typeof consumer.handle>[1][number];
    await uow.run(service.tenantId, (tx) => consumer.handle(tx, [event]));
    expect(await ended(data.attemptId)).toMatchObject({ outcome: 'unknown' });
    expect(keptFor(data.contactId)).toEqual([]);
  });

  it('2.5 tell contacts of a STOP with the address that it is said from, beside the hash that stands for it', async () => {
    const { contactId } = await asked();
    const { reply } = addressesIn(keptFor(contactId)[0]!);
    expect(await bring(service, { from: 'jane@people.test', to: reply }, mail({}, 'STOP'))).toBe(250);
    const heard = () => service.outside.optOuts.filter((each) => each.contactId === contactId);
    while (heard().length === 0) await systemClock.wait(20);
    const [{ purpose, heardFrom } = {}] = heard();
    expect(purpose).toBe('');
    expect(heardFrom).toMatchObject({ address: 'jane@people.test', endpointId: contactId });
    expect(Buffer.from(heardFrom!.endpointHash)).toEqual(PermitOffice.endpointHashOf(contactId));
  });
});
