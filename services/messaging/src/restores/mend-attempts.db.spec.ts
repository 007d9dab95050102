import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AttemptConcluded, type messagingV1, topics, typesV1 } from '@heed/contracts';
import { enterQuarantine, leaveQuarantine, liftQuarantine, Outbox } from '@heed/events';
import { newId } from '@heed/kernel';
import { TestClock } from '@heed/testing';
import { AttemptsDatabase, dispatch } from '../../test/attempts-database.js';
import { AcceptDispatch } from '../dispatch/accept-dispatch.js';
import { AnnounceConclusions } from '../dispatch/announce-conclusions.js';
import { AttemptStore } from '../dispatch/attempt.store.js';
import { type Dispatch } from '../dispatch/attempt.js';
import { MessageValuesStore } from '../dispatch/message-values.store.js';
import { SendingTenantStore } from '../dispatch/sending-tenant.store.js';
import { WorkBell } from '../dispatch/work-bell.js';
import { InHandStore } from '../sending/in-hand.store.js';
import { SenderStore } from '../sending/sender.store.js';
import { messaging } from '../service.js';
import { LostAttemptsStore } from './lost-attempts.store.js';
import { MendAttempts } from './mend-attempts.js';

const { OUTCOME_SENT, OUTCOME_FAILED, OUTCOME_UNKNOWN, OUTCOME_DEFERRED } = typesV1.Outcome;

describe('7.1 messaging restored in mid-campaign', () => {
  const database = new AttemptsDatabase();
  const { tenantId } = database;
  const clock = new TestClock();
  const outbox = new Outbox({ service: 'messaging', topics, clock, committed: () => undefined });
  const announce = new AnnounceConclusions(outbox, new MessageValuesStore());
  const acceptDispatch = new AcceptDispatch(
    new AttemptStore(),
    new SendingTenantStore(),
    announce,
    new WorkBell(),
    clock,
  );
  let mend: MendAttempts;
  beforeAll(async () => {
    await database.open();
    mend = new MendAttempts(database.uow, new LostAttemptsStore(), announce, clock);
  });
  afterAll(() => database.drop());

  const accept = (...dispatches: Dispatch[]) =>
    database.uow.run(tenantId, (tx) => acceptDispatch.accept(tx, dispatches));
  const replay = (...dispatches: Dispatch[]) =>
    database.uow.run(tenantId, (tx) => acceptDispatch.acceptReplayed(tx, dispatches));
  const toldOnce = (of: Dispatch, word: Partial<messagingV1.AttemptConcluded>) => ({
    data: { ...of, reason: '', concludedAt: '2026-11-23T10:00:00.000Z', version: 1, retryAt: '', ...word },
  });
  const read = (...words: ReturnType<typeof toldOnce>[]) =>
    database.uow.run(tenantId, (tx) => mend.take(tx, words as Parameters<MendAttempts['take']>[1]));
  const told = async () => {
    const rows = await database.uow.runAcross('relay', (tx) =>
      tx.query<{ payload: Buffer }>('select payload from heed.outbox order by seq'),
    );
    return rows.map(({ payload }) => AttemptConcluded.codec.decode(payload));
  };
  /** What a sender would be given: attempts that wait. */
  const claim = () =>
    database.uow.run(tenantId, async (tx) => {
      const senderId = newId();
      await new SenderStore().begin(tx, senderId, clock.now());
      return (await new InHandStore().claim(tx, senderId, 100, clock.now())).map(
        ({ attemptId }) => attemptId,
      );
    });

  it('sends nothing that may have left before, and what it had told the others stands', async () => {
    // In the backup: two that wait, one that went back to its campaign.
    const [sentSince, lostSince, deferred] = [dispatch(), dispatch(), dispatch()];
    await accept(sentSince, lostSince, deferred);
    // Asked for since the backup: one was refused, of one nobody knows, two came back, and one of them was asked for again.
    const [failedSince, unknownSince, waits, askedAgain] = [dispatch(), dispatch(), dispatch(), dispatch()];

    await database.uow.runAcross('service', (tx) => enterQuarantine(tx, 'RESTORED_FROM_BACKUP', clock.now()));
    await mend.endOpen([tenantId]);
    await replay(failedSince, unknownSince, waits, askedAgain);
    await replay({ ...askedAgain, deferrals: 1 });
    expect(await told()).toEqual([]);
    expect(await claim()).toEqual([]);

    await read(
      toldOnce(sentSince, { outcome: OUTCOME_UNKNOWN, reason: 'connection_lost' }),
      toldOnce(sentSince, { outcome: OUTCOME_SENT, version: 2 }),
      toldOnce(failedSince, { outcome: OUTCOME_FAILED, reason: 'smtp_550' }),
      toldOnce(deferred, { outcome: OUTCOME_DEFERRED, reason: 'quiet_hours', deferrals: 0 }),
      toldOnce(waits, { outcome: OUTCOME_DEFERRED, reason: 'quiet_hours', deferrals: 0 }),
      toldOnce(askedAgain, { outcome: OUTCOME_DEFERRED, reason: 'quiet_hours', deferrals: 0 }),
    );
    await mend.tellRest([tenantId]);
    await database.uow.runAcross('service', (tx) => leaveQuarantine(tx, clock.now()));

    const rows = new Map((await database.rows()).map((row) => [row.attempt_id, row]));
    const stateOf = ({ attemptId }: Dispatch) => rows.get(attemptId);
    // Its permit is known to contacts alone.
    expect(stateOf(sentSince)).toMatchObject({ state: 'concluded', outcome: 'sent', reason: 'restored' });
    expect(stateOf(failedSince)).toMatchObject({ state: 'concluded', outcome: 'failed', reason: 'smtp_550' });
    for (const asked of [deferred, waits])
      expect(stateOf(asked)).toMatchObject({ state: 'deferred', outcome: null, deferrals: 0 });
    const unknowns = [lostSince, unknownSince, askedAgain];
    for (const asked of unknowns)
      expect(stateOf(asked)).toMatchObject({ state: 'concluded', outcome: 'unknown', reason: 'restored' });
    // Campaigns balances: whoever it had not been told of it is told of now, and of nobody twice.
    expect((await told()).map(({ intentId, outcome }) => [intentId, outcome]).sort()).toEqual(
      unknowns.map(({ intentId }) => [intentId, OUTCOME_UNKNOWN]).sort(),
    );
    expect(await claim()).toEqual([]);
    // Its time has come, and nothing was begun of it: now it waits for a sender like any other.
    await accept({ ...waits, deferrals: 1 });
    expect(await claim()).toEqual([waits.attemptId]);
  });

  it('is asked anew, while it catches up, for one of which nobody knows the end: it stays ended', async () => {
    const asked = dispatch();
    await database.uow.runAcross('service', (tx) => enterQuarantine(tx, 'RESTORED_FROM_BACKUP', clock.now()));
    await replay(asked);
    await accept({ ...asked, deferrals: 1 });
    await read(toldOnce(asked, { outcome: OUTCOME_DEFERRED, reason: 'quiet_hours', deferrals: 0 }));
    await mend.tellRest([tenantId]);
    await database.uow.runAcross('service', (tx) => leaveQuarantine(tx, clock.now()));
    expect((await told()).at(-1)).toMatchObject({ intentId: asked.intentId, outcome: OUTCOME_UNKNOWN });
    expect(await claim()).toEqual([]);
  });

  it('tells the rest before it serves, where an operator opened it in mid-resync', async () => {
    const asked = dispatch();
    await database.uow.runAcross('service', (tx) => enterQuarantine(tx, 'RESTORED_FROM_BACKUP', clock.now()));
    await replay(asked);
    const lifted = { because: 'INC-4711', resynced: false, liftedBy: 'ops' };
    await database.uow.runAcross('service', (tx) => liftQuarantine(tx, lifted, clock.now()));
    const others = { start: async () => undefined };
    const get = (token: unknown) => (token === MendAttempts ? mend : others) as never;
    await messaging.beforeServing!(get, async () => [tenantId]);
    const words = (await told()).filter(({ intentId }) => intentId === asked.intentId);
    expect(words.map(({ outcome }) => outcome)).toEqual([OUTCOME_UNKNOWN]);
  });

  it('takes words about what it knows for certain for what they are: old', async () => {
    const asked = dispatch();
    await replay(asked);
    await read(toldOnce(asked, { outcome: OUTCOME_SENT }));
    await read(toldOnce(asked, { outcome: OUTCOME_FAILED, reason: 'smtp_550' }));
    const row = (await database.rows()).find(({ attempt_id: id }) => id === asked.attemptId);
    expect(row).toMatchObject({ outcome: 'sent' });
  });
});
