import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CallConcluded, telephonyV1, topics, typesV1 } from '@heed/contracts';
import { enterQuarantine, liftQuarantine, Outbox } from '@heed/events';
import { newId } from '@heed/kernel';
import { type Tx, UnitOfWork } from '@heed/postgres';
import { migrationsOf } from '@heed/service';
import { createTestDatabase, type TestDatabase, TestClock } from '@heed/testing';
import { type CallLines } from '../calling/call-lines.js';
import { AcceptDispatch } from '../dispatch/accept-dispatch.js';
import { AnnounceCalls } from '../dispatch/announce-calls.js';
import { type Dispatch } from '../dispatch/dispatch.js';
import { DispatchedCallStore } from '../dispatch/dispatched-call.store.js';
import { telephony } from '../service.js';
import { LostCallsStore } from './lost-calls.store.js';
import { MendCalls } from './mend-calls.js';

const { OUTCOME_SENT, OUTCOME_UNKNOWN, OUTCOME_DEFERRED } = typesV1.Outcome;
const dispatch = (): Dispatch => ({
  ...{ callId: newId(), intentId: newId(), campaignId: newId(), step: 1, contactId: newId() },
  ...{ purpose: 'news', templateId: newId(), deferrals: 0, traceparent: undefined },
});

describe('7.1 telephony restored in mid-campaign', () => {
  const tenantId = newId();
  const clock = new TestClock();
  const announce = new AnnounceCalls(
    new Outbox({ service: 'telephony', topics, clock, committed: () => undefined }),
  );
  /** Given to the lines: what would be dialled. */
  const lined: string[] = [];
  const lines = { queueForCampaigns: async (_: Tx, ids: readonly string[]) => void lined.push(...ids) };
  const accepting = new AcceptDispatch(
    new DispatchedCallStore(),
    lines as unknown as CallLines,
    announce,
    clock,
  );
  let database: TestDatabase;
  let uow: UnitOfWork;
  let mend: MendCalls;
  beforeAll(async () => {
    database = await createTestDatabase('telephony', migrationsOf(telephony));
    uow = new UnitOfWork(database.open({ entities: [...telephony.entities] }));
    mend = new MendCalls(uow, new LostCallsStore(), announce, clock);
  });
  afterAll(() => database?.drop());

  it('places nothing that may have rung before, and what it had told the others stands', async () => {
    const [answeredSince, lostSince] = [dispatch(), dispatch()];
    await uow.run(tenantId, (tx) => accepting.accept(tx, [answeredSince, lostSince]));
    lined.length = 0;
    const [unknownSince, waits] = [dispatch(), dispatch()];
    await uow.runAcross('service', (tx) => enterQuarantine(tx, 'RESTORED_FROM_BACKUP', clock.now()));
    await mend.endOpen([tenantId]);
    await uow.run(tenantId, (tx) => accepting.acceptReplayed(tx, [unknownSince, waits]));

    const word = (of: Dispatch, outcome: typesV1.Outcome, more: Partial<telephonyV1.CallConcluded> = {}) => ({
      data: { ...CallConcluded.codec.decode(new Uint8Array()), ...of, outcome, ...more },
    });
    const concludedAt = '2026-11-23T10:00:00.000Z';
    await uow.run(tenantId, (tx) =>
      mend.take(tx, [
        word(answeredSince, OUTCOME_SENT, {
          concludedAt,
          endedBy: telephonyV1.CallEndedBy.CALL_ENDED_BY_OTHER_SIDE,
        }),
        word(waits, OUTCOME_DEFERRED, { concludedAt, reason: 'quiet_hours' }),
      ]),
    );
    await mend.tellRest([tenantId]);

    const rows = await uow.run(tenantId, (tx) =>
      tx.query<{ callId: string }>('select call_id as "callId", state, outcome, reason from call'),
    );
    const stateOf = ({ callId }: Dispatch) => rows.find((row) => row.callId === callId);
    expect(stateOf(answeredSince)).toMatchObject({ state: 'ended', outcome: 'sent', reason: 'restored' });
    expect(stateOf(waits)).toMatchObject({ state: 'deferred', outcome: null });
    for (const asked of [lostSince, unknownSince])
      expect(stateOf(asked)).toMatchObject({ state: 'ended', outcome: 'unknown', reason: 'restored' });
    const told = await uow.runAcross('relay', (tx) =>
      tx.query<{ payload: Buffer }>('select payload from heed.outbox order by seq'),
    );
    const words = told.map(({ payload }) => CallConcluded.codec.decode(payload));
    expect(words.map(({ intentId, outcome }) => [intentId, outcome]).sort()).toEqual(
      [lostSince, unknownSince].map(({ intentId }) => [intentId, OUTCOME_UNKNOWN]).sort(),
    );
    expect(lined).toEqual([]);
    // Its time has come, and it never began.
    await uow.run(tenantId, (tx) => accepting.accept(tx, [{ ...waits, deferrals: 1 }]));
    expect(lined).toEqual([waits.callId]);
  });

  it('tells the rest before it serves, where an operator opened it in mid-resync', async () => {
    const asked = dispatch();
    // Still in quarantine, as the first case left it.
    await uow.run(tenantId, (tx) => accepting.acceptReplayed(tx, [asked]));
    const lifted = { because: 'INC-4711', resynced: false, liftedBy: 'ops' };
    expect(await uow.runAcross('service', (tx) => liftQuarantine(tx, lifted, clock.now()))).toBe(true);
    const others = { start: () => undefined };
    const get = (token: unknown) => (token === MendCalls ? mend : others) as never;
    await telephony.beforeServing!(get, async () => [tenantId]);
    const told = await uow.runAcross('relay', (tx) =>
      tx.query<{ payload: Buffer }>('select payload from heed.outbox order by seq'),
    );
    const words = told.map(({ payload }) => CallConcluded.codec.decode(payload));
    expect(words.filter(({ intentId }) => intentId === asked.intentId).map(({ outcome }) => outcome)).toEqual(
      [OUTCOME_UNKNOWN],
    );
  });
});
