import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AttemptConcluded, topics, typesV1 } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { lockSubjectsForErasure, raiseFence } from '@heed/postgres';
import { TestClock } from '@heed/testing';
import { AttemptsDatabase, dispatch } from '../../test/attempts-database.js';
import { AcceptDispatch } from './accept-dispatch.js';
import { AnnounceConclusions } from './announce-conclusions.js';
import { AttemptStore } from './attempt.store.js';
import { type Dispatch } from './attempt.js';
import { MessageValuesStore } from './message-values.store.js';
import { SendingTenantStore } from './sending-tenant.store.js';
import { WorkBell } from './work-bell.js';

describe('requests to send', () => {
  const database = new AttemptsDatabase();
  const { tenantId } = database;
  const clock = new TestClock();
  const bell = new WorkBell();
  const rung: string[] = [];
  const outbox = new Outbox({ service: 'messaging', topics, clock, committed: () => undefined });
  const acceptDispatch = new AcceptDispatch(
    new AttemptStore(),
    new SendingTenantStore(),
    new AnnounceConclusions(outbox, new MessageValuesStore()),
    bell,
    clock,
  );
  beforeAll(async () => {
    await database.open();
    bell.onRing((tenant) => rung.push(tenant));
  });
  afterAll(() => database.drop());

  const accept = (...dispatches: Dispatch[]) =>
    database.uow.run(tenantId, (tx) => acceptDispatch.accept(tx, dispatches));
  const acceptReplayed = (...dispatches: Dispatch[]) =>
    database.uow.run(tenantId, (tx) => acceptDispatch.acceptReplayed(tx, dispatches));
  const rowsOf = async ({ attemptId }: Dispatch) =>
    (await database.rows()).filter((row) => row.attempt_id === attemptId);
  const toldOf = async ({ intentId }: Dispatch) => {
    const rows = await database.uow.runAcross('relay', (tx) =>
      tx.query<{ payload: Buffer }>('select payload from heed.outbox order by seq'),
    );
    const told = rows.map(({ payload }) => AttemptConcluded.codec.decode(payload));
    return told.filter((event) => event.intentId === intentId);
  };
  const erase = (contactId: string) =>
    database.uow.run(
      tenantId,
      async (tx) => {
        await lockSubjectsForErasure(tx, [contactId]);
        await raiseFence(tx, [contactId]);
      },
      { role: 'eraser' },
    );

  it('become attempts that wait, and ring the bell once the commit stands', async () => {
    const asked = dispatch();
    await accept(asked);
    expect(await rowsOf(asked)).toMatchObject([{ state: 'queued', sender_id: null }]);
    expect(rung).toEqual([tenantId]);
    expect(await toldOf(asked)).toEqual([]);
  });

  it('that come twice become one attempt', async () => {
    const asked = dispatch();
    await accept(asked);
    await accept(asked);
    expect(await rowsOf(asked)).toHaveLength(1);
  });

  it('about somebody who was erased leave no row, and are answered all the same', async () => {
    const [dead, living] = [dispatch(), dispatch()];
    await erase(dead.contactId);
    await accept(dead, living);
    expect(await rowsOf(dead)).toEqual([]);
    expect(await rowsOf(living)).toHaveLength(1);
    expect(await toldOf(dead)).toMatchObject([
      { outcome: typesV1.Outcome.OUTCOME_SKIPPED, reason: 'erased', contactId: dead.contactId },
    ]);
  });

  it('7.1 of a past that this database has lost are never acted on: unknown, and campaigns is told', async () => {
    const asked = dispatch();
    await acceptReplayed(asked);
    expect(await rowsOf(asked)).toMatchObject([{ state: 'concluded', outcome: 'unknown' }]);
    expect(await toldOf(asked)).toMatchObject([
      { outcome: typesV1.Outcome.OUTCOME_UNKNOWN, reason: 'restored' },
    ]);
  });

  it('7.1 of a lost past leave alone what this database still knows', async () => {
    const asked = dispatch();
    await accept(asked);
    await acceptReplayed(asked);
    expect(await rowsOf(asked)).toMatchObject([{ state: 'queued' }]);
    expect(await toldOf(asked)).toEqual([]);
  });
});
