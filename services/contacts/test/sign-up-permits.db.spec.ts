import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { contactsV1, SIGN_UP_CONFIRMATION, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { TestClock } from '@heed/testing';
import { endpointsOf, insertEndpoints } from '../src/contacts/endpoint.store.js';
import { asksOf } from '../src/permits/permit-asks.js';
import { ContactsFixture, outcomeOf, reasonOf } from './contacts-fixture.js';
import { SignUpDesk } from './sign-up-desk.js';

describe('leave to ask whether somebody signed up', () => {
  let fixture: ContactsFixture;
  const clock = new TestClock();
  let tenantId: string;
  let desk: SignUpDesk;
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock });
  });
  beforeEach(async () => {
    tenantId = newId();
    desk = new SignUpDesk(fixture, tenantId);
    await fixture.tendDays();
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(() => fixture.drop());

  const stop = (contactId: string) =>
    fixture.stopPermits.stop(
      fixture.caller(tenantId),
      contactsV1.StopPermitsRequest.fromPartial({ contactIds: [contactId], requestId: newId() }),
    );
  async function mailTo(address: string): Promise<contactsV1.SignUpConfirmationDue> {
    await desk.send(await desk.form(), address);
    return (await desk.mails()).at(-1)!;
  }
  const askOf = ({ attemptId, contactId }: contactsV1.SignUpConfirmationDue, fields: readonly string[]) =>
    fixture.ask(contactId, { attemptId, purpose: SIGN_UP_CONFIRMATION, fields: [...fields] });

  it('is given to nobody whose request to be deleted is open, whoever typed their address', async () => {
    const { contactId, email } = await fixture.person(tenantId);
    await stop(contactId);
    expect(outcomeOf(await desk.permit(await mailTo(email)))).toBe('stopped');
    expect(outcomeOf(await desk.permit(await mailTo(`${newId()}@example.org`)))).toBe('permit');
  });

  it('is given to none who typed the address into another form before their request', async () => {
    const address = `${newId()}@example.org`;
    const before = await mailTo(address);
    await stop(before.contactId);
    await clock.advance(3_600_000);
    const after = await mailTo(address);
    expect(after.contactId).not.toBe(before.contactId);
    expect(outcomeOf(await desk.permit(after))).toBe('stopped');
  });

  it('confirms nothing where one of several who have the address has asked to be deleted', async () => {
    const { contactId, email } = await fixture.person(tenantId, { agrees: false });
    const { contactId: other } = await fixture.person(tenantId, { agrees: false });
    await fixture.as(tenantId, async (tx) => {
      const [endpoint] = await endpointsOf(tx, [contactId]);
      const forms = { hashes: [endpoint!.endpointHash], formed: 1_001 };
      const theirs = { ...endpoint!, endpointId: newId(), contactId: other, forms };
      await insertEndpoints(tx, [theirs], clock.now());
    });
    const token = await desk.token(await mailTo(email));
    await stop(contactId);
    expect(await reasonOf(desk.confirm(token))).toBe('SIGN_UP_OVER');
  });

  it('is for our own text alone; whoever asks by another is denied, and nobody else in the batch', async () => {
    const { contactId } = await fixture.person(tenantId);
    const mail = await mailTo(`${newId()}@example.org`);
    const wireOf = ({ fields, ...ask }: ReturnType<typeof askOf>): contactsV1.PermitAsk =>
      contactsV1.PermitAsk.fromPartial({
        ...{ ...ask, channel: typesV1.Channel.CHANNEL_EMAIL, sender: 'news@acme.example' },
        templateFields: [...fields],
      });
    const asks = asksOf({
      asks: [
        ...[[], ['first_name'], ['form', 'link'], ['form', 'link', 'link']].map((each) => askOf(mail, each)),
        fixture.ask(contactId),
        askOf(mail, ['hours', 'form', 'link']),
      ].map(wireOf),
    });
    const { answers } = await fixture.issue(tenantId, ...asks);
    expect(answers.map(outcomeOf)).toEqual([
      ...['not_asked', 'not_asked', 'not_asked', 'not_asked', 'permit', 'permit'],
    ]);
  });

  it('is asked for again where the keys of sign-ups are away, and the others in the batch need none', async () => {
    const { contactId } = await fixture.person(tenantId);
    const mail = await mailTo(`${newId()}@example.org`);
    const ask = () => askOf(mail, ['form', 'link', 'hours']);
    const opening = jest.spyOn(fixture.sealing, 'openMany').mockRejectedValueOnce(new Error('no database'));
    const { answers } = await fixture.issue(tenantId, fixture.ask(contactId), ask());
    expect(answers.map(outcomeOf)).toEqual(['permit', 'too_late']);
    expect(answers[1]!.answer).toMatchObject({ value: { retryAfter: expect.any(String) } });
    // One that does not answer at all.
    opening.mockReturnValueOnce(new Promise(() => undefined));
    const issued = fixture.issue(tenantId, fixture.ask(contactId), ask());
    await clock.waiting();
    await clock.advance(300);
    expect((await issued).answers.map(outcomeOf)).toEqual(['permit', 'too_late']);
    expect((await fixture.issue(tenantId, ask())).answers.map(outcomeOf)).toEqual(['permit']);
  });
});
