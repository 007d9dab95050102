import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SpecialCases, type Order } from '@heed/data-rights';
import { newId } from '@heed/kernel';
import { constraintOf, restrictSubjects, sqlstate } from '@heed/postgres';
import { TestClock } from '@heed/testing';
import { RestrictPermits } from '../src/restriction/restrict-permits.js';
import { Revocations } from '../src/suppression/revocations.js';
import { ContactsFixture } from './contacts-fixture.js';

describe('somebody whose data are restricted', () => {
  const clock = new TestClock();
  let fixture: ContactsFixture;
  let restricting: RestrictPermits;
  let tenantId: string;
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock });
    restricting = new RestrictPermits(new SpecialCases(), new Revocations(fixture.signals), clock);
  });
  beforeEach(() => {
    tenantId = newId();
  });
  afterAll(() => fixture.drop());

  /** What an order does to the rows here; libs/data-rights carries it out, and privacy's specs the whole way. */
  async function ordered(
    action: 'restrict' | 'lift',
    contactId: string,
    requestId: string = newId(),
  ): Promise<void> {
    const order: Order = {
      ...{ orderId: newId(), requestId, orderNumber: 1, subjectId: contactId, kind: 'contact' },
      ...{ subjectIds: [contactId], handle: '', objects: false, corrects: false },
    };
    await fixture.uow.run(
      tenantId,
      async (tx) => {
        await restrictSubjects(tx, [contactId], 'contact', action === 'restrict' ? order.requestId : null);
        await restricting[action](tx, order);
      },
      { role: 'eraser' },
    );
  }
  const stop = (contactId: string, restricts: boolean) =>
    fixture.stopPermits.stop(fixture.caller(tenantId), {
      ...{ contactIds: [contactId], requestId: newId(), restricts, requestIds: [] },
    });
  const outcome = (contactId: string) => fixture.outcome(tenantId, fixture.ask(contactId));
  const profileOf = async (contactId: string) =>
    (await fixture.reading.get(fixture.caller(tenantId), contactId)).lastName;

  it('gets no permit from the moment of the request on, and is revoked what senders hold', async () => {
    const { contactId } = await fixture.person(tenantId);
    expect(await outcome(contactId)).toBe('permit');
    await stop(contactId, true);
    expect(await outcome(contactId)).toBe('restricted');
    expect(fixture.signals.heard.some(({ data }) => JSON.stringify(data).includes(contactId))).toBe(true);
    await ordered('restrict', contactId);
    expect(await outcome(contactId)).toBe('restricted');
  });

  it('gets none once contacts, which was restored, has heard whom open requests silence', async () => {
    const [held, restricted] = await fixture.people(tenantId, 2);
    const [requestId, contactId] = [newId(), held!.contactId];
    for (let again = 0; again < 2; again += 1)
      await fixture.stopPermits.again(tenantId, [{ contactId, requestId }], false);
    await fixture.stopPermits.again(
      tenantId,
      [
        { contactId: restricted!.contactId, requestId: newId() },
        { contactId: newId(), requestId },
      ],
      true,
    );
    expect(await outcome(contactId)).toBe('stopped');
    expect(await outcome(restricted!.contactId)).toBe('restricted');
  });

  it('gets permits again once it is lifted, and not where another request stops them too', async () => {
    const [free, stopped] = await fixture.people(tenantId, 2);
    for (const { contactId } of [free!, stopped!]) {
      await stop(contactId, true);
      await ordered('restrict', contactId);
    }
    await stop(stopped!.contactId, false);
    expect(await outcome(stopped!.contactId)).toBe('stopped');
    for (const { contactId } of [free!, stopped!]) await ordered('lift', contactId);
    expect(await outcome(free!.contactId)).toBe('permit');
    expect(await outcome(stopped!.contactId)).toBe('stopped');
  });

  it('is not stopped where they and others have more addresses than an answer holds, none of which may be lost', async () => {
    const [busy, other] = await fixture.people(tenantId, 2);
    await fixture.as(tenantId, (tx) =>
      tx.execute(
        `insert into endpoint (tenant_id, endpoint_id, contact_id, channel, address, endpoint_hash, normaliser, created_at)
         select $1, gen_random_uuid(), $2, 'email', n || '@example.org', decode(lpad(to_hex(n), 68, '0'), 'hex'), 1, $3
         from generate_series(1, 9999) n`,
        [tenantId, busy!.contactId, clock.now()],
      ),
    );
    const both = {
      ...{ contactIds: [busy!.contactId, other!.contactId], requestId: newId() },
      ...{ restricts: false, requestIds: [] },
    };
    const stopped = () => fixture.rows(tenantId, 'select 1 from stopped where tenant_id = $1');
    await expect(fixture.stopPermits.stop(fixture.caller(tenantId), both)).rejects.toMatchObject({
      violations: [{ field: 'contact_ids', reason: 'TOO_MANY_ADDRESSES' }],
    });
    expect(await stopped()).toEqual([]);
    const one = { ...both, contactIds: [busy!.contactId] };
    const { addresses } = await fixture.stopPermits.stop(fixture.caller(tenantId), one);
    expect(addresses).toHaveLength(10_000);
    expect(await stopped()).toHaveLength(1);
  });

  it('gets none from a newer request on, though an order to lift the older one comes late', async () => {
    const { contactId } = await fixture.person(tenantId);
    await stop(contactId, true);
    await ordered('restrict', contactId);
    const lifting = newId();
    await stop(contactId, true);
    await ordered('lift', contactId, lifting);
    expect(await outcome(contactId)).toBe('restricted');
    await ordered('lift', contactId);
    expect(await outcome(contactId)).toBe('permit');
  });

  it('gets permits again once the request that stopped them is refused or cancelled, and no other needs the stop', async () => {
    const [free, twice, restricted, other] = await fixture.people(tenantId, 4);
    const by = async (contactId: string, restricts = false) => {
      const requestId = newId();
      await fixture.stopPermits.stop(fixture.caller(tenantId), {
        ...{ contactIds: [contactId], requestId, requestIds: [], restricts },
      });
      return requestId;
    };
    const lift = async (requestIds: string[]) =>
      (await fixture.liftStops.lift(fixture.caller(tenantId), { requestIds })).lifted;
    const requestIds = [await by(free!.contactId), await by(twice!.contactId)];
    requestIds.push(await by(restricted!.contactId));
    await by(twice!.contactId);
    await by(restricted!.contactId, true);
    await by(other!.contactId);
    const stranger = { ...fixture.caller(tenantId), tenantId: newId() };
    expect(await fixture.liftStops.lift(stranger, { requestIds })).toEqual({ lifted: 0 });
    expect(await lift(requestIds)).toBe(3);
    expect(await lift(requestIds)).toBe(0);
    expect(await outcome(free!.contactId)).toBe('permit');
    expect(await outcome(twice!.contactId)).toBe('stopped');
    expect(await outcome(restricted!.contactId)).toBe('restricted');
    expect(await outcome(other!.contactId)).toBe('stopped');
  });

  it('is stopped by the order too, where the request found nobody to stop', async () => {
    const { contactId } = await fixture.person(tenantId);
    await ordered('restrict', contactId);
    expect(await outcome(contactId)).toBe('restricted');
  });

  it('2.4 may still say no, which is recorded and outlasts the restriction', async () => {
    const { contactId } = await fixture.person(tenantId);
    await stop(contactId, true);
    await ordered('restrict', contactId);
    await expect(fixture.optOut(tenantId, contactId)).resolves.toBeDefined();
    await ordered('lift', contactId);
    expect(await outcome(contactId)).toBe('opted_out');
  });

  it('is not changed by an import, which says so of the row, and is once it is lifted', async () => {
    const { contactId, email } = await fixture.person(tenantId);
    await ordered('restrict', contactId);
    const listId = await fixture.list(tenantId);
    const csv = `email,phone,last_name\n${email},+447400123456,Changed\nother-${email},,Other\n`;
    expect(await fixture.import(tenantId, listId, csv)).toMatchObject({
      ...{ state: 'completed', accepted: 1, created: 1, updated: 0, rejected: { RESTRICTED: 1 } },
    });
    expect(await profileOf(contactId)).toBe('Okafor');
    await ordered('lift', contactId);
    expect(await fixture.import(tenantId, listId, csv)).toMatchObject({ accepted: 2, rejected: {} });
    expect(await profileOf(contactId)).toBe('Changed');
  });

  it('is not changed by anybody’s statement, nor is an address of theirs removed', async () => {
    const { contactId } = await fixture.person(tenantId);
    await ordered('restrict', contactId);
    const refused = (statement: string): Promise<unknown> =>
      fixture
        .as(tenantId, (tx) =>
          tx.execute(`${statement} where tenant_id = $1 and contact_id = $2`, [tenantId, contactId]),
        )
        .then(
          () => undefined,
          (error: unknown) => constraintOf(error) ?? sqlstate(error),
        );
    expect(await refused(`update contact set last_name = 'Changed'`)).toBe('subject_restricted');
    for (const statement of [
      `update endpoint set address = 'eve@example.org'`,
      'delete from endpoint',
      'delete from contact',
    ]) {
      expect(await refused(statement)).toBe('42501');
    }
  });
});
