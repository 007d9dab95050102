import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type contactsV1, topics } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { newId } from '@heed/kernel';
import { lockSubjectsForErasure, raiseFence } from '@heed/postgres';
import { type RpcClients } from '@heed/rpc';
import { TestClock } from '@heed/testing';
import { AttemptsDatabase, at, proof } from '../../test/attempts-database.js';
import { type Dispatch } from '../dispatch/attempt.js';
import { InHandStore } from '../sending/in-hand.store.js';
import { SenderStore } from '../sending/sender.store.js';
import { type EngagementEntity } from './engagement.entity.js';
import { type Seen } from './engagement.js';
import { EngagementStore } from './engagement.store.js';
import { RecordEngagements } from './record-engagements.js';

const DAY_MS = 24 * 3_600_000;

describe('opens and clicks are recorded', () => {
  const database = new AttemptsDatabase();
  const { tenantId } = database;
  const store = new EngagementStore();
  const clock = new TestClock();
  const consents: contactsV1.FilterAgreeingRequest[] = [];
  let recording: RecordEngagements;
  beforeAll(async () => {
    await database.open();
    const consent = {
      filterAgreeing: (request: contactsV1.FilterAgreeingRequest) => {
        consents.push(request);
        return Promise.resolve({ contactIds: request.contactIds });
      },
    };
    recording = new RecordEngagements(
      database.uow,
      store,
      new Outbox({ service: 'messaging', topics, clock, committed: () => undefined }),
      { of: () => consent } as unknown as RpcClients,
      clock,
      { HEED_TRACKING_KEEP_DAYS: 30 },
    );
  });
  afterAll(() => database.drop());

  /** A message that is under way since `at`. */
  const armed = async (): Promise<Dispatch> => {
    const [attempt] = await database.queued(1);
    const senderId = newId();
    await database.uow.runAcross('service', (tx) => new SenderStore().begin(tx, senderId, at));
    await database.uow.run(tenantId, async (tx) => {
      await new InHandStore().claim(tx, senderId, 1, at);
      const armament = { attemptId: attempt!.attemptId, proof: proof(), endpointHash: randomBytes(32) };
      await new InHandStore().arm(tx, senderId, [armament], at);
    });
    return attempt!;
  };
  const click = ({ attemptId, templateId }: Dispatch, change: Partial<Seen> = {}): Seen => ({
    ...{ tenantId, attemptId, templateId, kind: 'click', link: 1, of: 9, evidence: '' },
    at: new Date(at.getTime() + 60_000),
    ...change,
  });
  const recorded = ({ attemptId }: Dispatch): Promise<EngagementEntity[]> =>
    database.uow.run(tenantId, (tx) => store.of(tx, [attemptId]));

  it('of the message that a link belongs to, and of no other template’s', async () => {
    const attempt = await armed();
    await recording.record(tenantId, [click(attempt), click(attempt, { templateId: newId() })]);
    const { contactId, campaignId, attemptId } = attempt;
    expect(await recorded(attempt)).toMatchObject([{ contactId, campaignId, attemptId, reason: '' }]);
    expect(consents.at(-1)).toMatchObject({ contactIds: [contactId], purpose: 'tracking' });
  });

  it('not of an attempt that is not there, nor of another tenant’s', async () => {
    const attempt = await armed();
    const asked = consents.length;
    await recording.record(tenantId, [click(attempt, { attemptId: newId() })]);
    await recording.record(newId(), [click(attempt)]);
    expect(consents).toHaveLength(asked);
    expect(await recorded(attempt)).toEqual([]);
  });

  it('judged as a whole, whoever records a part of it at the same time', async () => {
    const attempt = await armed();
    await Promise.all(
      [1, 2, 3, 4, 5, 6].map((link) =>
        recording.record(tenantId, [
          click(attempt, { link, at: new Date(at.getTime() + 60_000 + link * 100) }),
        ]),
      ),
    );
    expect((await recorded(attempt)).map(({ reason }) => reason)).toEqual(Array(6).fill('burst'));
  });

  it('up to so many of a message, the trap first', async () => {
    const attempt = await armed();
    const clicks = Array.from({ length: 80 }, () => click(attempt));
    await recording.record(tenantId, [...clicks, click(attempt, { kind: 'trap', link: 0 })]);
    await recording.record(tenantId, [click(attempt)]);
    const rows = await recorded(attempt);
    expect(rows).toHaveLength(60);
    expect(rows.filter(({ kind }) => kind === 'trap')).toHaveLength(1);
    expect(new Set(rows.map(({ reason }) => reason))).toEqual(new Set(['trap']));
  });

  it('for so many days after the message, and go all at once', async () => {
    const attempt = await armed();
    const end = at.getTime() + 30 * DAY_MS;
    await recording.record(tenantId, [click(attempt, { at: new Date(end) })]);
    expect(await recorded(attempt)).toEqual([]);
    await recording.record(tenantId, [click(attempt, { at: new Date(end - 1) })]);
    const removed = (time: number) =>
      database.uow.run(tenantId, (tx) => store.removeExpired(tx, new Date(time), 1_000));
    await removed(end);
    expect(await recorded(attempt)).toHaveLength(1);
    await removed(end + 1);
    expect(await recorded(attempt)).toEqual([]);
  });

  it('for longer of whom a hold keeps, until it is released', async () => {
    const [held, other] = [await armed(), await armed()];
    await recording.record(tenantId, [click(held), click(other)]);
    const told = (released: boolean) =>
      database.uow.run(tenantId, (tx) =>
        tx.execute(
          `insert into heed.hold values ($1, $2, $2, $3)
           on conflict (tenant_id, hold_id) do update set released = excluded.released`,
          [tenantId, held.contactId, released],
        ),
      );
    await told(false);
    const long = new Date(at.getTime() + 31 * DAY_MS);
    const removed = () => database.uow.run(tenantId, (tx) => store.removeExpired(tx, long, 1_000));
    await removed();
    expect([await recorded(held), await recorded(other)]).toMatchObject([[{}], []]);
    await told(true);
    expect(await removed()).toBe(1);
    expect(await recorded(held)).toEqual([]);
  });

  it('not of who was erased, though contacts agreed a moment before', async () => {
    const attempt = await armed();
    await database.uow.run(
      tenantId,
      async (tx) => {
        await lockSubjectsForErasure(tx, [attempt.contactId]);
        await tx.execute('delete from attempt where contact_id = $1', [attempt.contactId]);
        await raiseFence(tx, [attempt.contactId]);
      },
      { role: 'eraser' },
    );
    await recording.record(tenantId, [click(attempt)]);
    expect(await recorded(attempt)).toEqual([]);
  });
});
