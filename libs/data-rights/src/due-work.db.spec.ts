import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainError, newId } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { currentTraceparent, logger, withRemoteParent } from '@heed/telemetry';
import { createTestDatabase, gate, TestClock, type TestDatabase } from '@heed/testing';
import { DueWork, type DueItem } from './due-work.js';
import { dataRightsMigrations } from './infrastructure.js';

const traceOf = (traceparent: string | undefined): string | undefined => traceparent?.split('-')[1];

describe('durable work', () => {
  let database: TestDatabase;
  let work: UnitOfWork;
  const tenant = newId();
  const clock = new TestClock();
  const log = logger({}, { write: () => undefined });
  const due = (): DueWork => new DueWork({ work, clock, log });

  beforeAll(async () => {
    database = await createTestDatabase('privacy', [dataRightsMigrations]);
    work = new UnitOfWork(database.open());
  });
  afterAll(() => database.drop());

  const add = (to: DueWork, queue: string, ref: string, at?: Date): Promise<void> =>
    work.run(tenant, (tx) => to.add(tx, queue, [ref], at));
  const done = (item: DueItem): Promise<void> => work.run(tenant, (tx) => item.done(tx));

  it('is done once, in the transaction of what was done', async () => {
    const worker = due();
    const seen: string[] = [];
    worker.serve('once', async (item) => {
      seen.push(item.ref);
      await done(item);
    });
    const ref = newId();
    await add(worker, 'once', ref);
    await add(worker, 'once', ref);
    expect(await worker.runDue()).toBe(1);
    expect(await worker.runDue()).toBe(0);
    expect(seen).toEqual([ref]);
  });

  it('is tried again later and later, with the reason in its row, until it succeeds', async () => {
    const worker = due();
    const attempts: number[] = [];
    worker.serve('stubborn', async (item) => {
      attempts.push(item.attempt);
      if (item.attempt < 3) throw new DomainError('SUBJECT_STILL_HELD', 'failed-precondition');
      await done(item);
    });
    await add(worker, 'stubborn', newId());
    await worker.runDue();
    const rows = await work.runAcross('service', (tx) =>
      tx.query<{ reason: string }>(`select reason from heed.due_work where queue = 'stubborn'`),
    );
    expect(rows).toEqual([{ reason: 'SUBJECT_STILL_HELD' }]);
    expect(await worker.runDue()).toBe(0);
    await clock.advance(1_000);
    await worker.runDue();
    await clock.advance(1_999);
    expect(await worker.runDue()).toBe(0);
    await clock.advance(1);
    await worker.runDue();
    expect(attempts).toEqual([1, 2, 3]);
  });

  it('goes on with the trace of whoever asked for it, of several with a link to each', async () => {
    const worker = due();
    const traces: (string | undefined)[] = [];
    worker.serve('traced', async (item) => {
      traces.push(traceOf(currentTraceparent()));
      await done(item);
    });
    const [one, other] = ['0af7651916cd43dd8448eb211c80319c', '4bf92f3577b34da6a3ce929d0e0e4736'];
    const asked = (trace: string, ref: string) =>
      withRemoteParent(`00-${trace}-00f067aa0ba902b7-01`, () => add(worker, 'traced', ref));
    await asked(one, newId());
    await worker.runDue();
    expect(traces).toEqual([one]);
    const both = newId();
    await asked(one, both);
    await asked(other, both);
    const rows = await work.runAcross('service', (tx) =>
      tx.query<{ traceparents: string[] }>(`select traceparents from heed.due_work where ref = $1`, [both]),
    );
    expect(rows[0]?.traceparents.map(traceOf)).toEqual([one, other]);
    await worker.runDue();
    expect([one, other]).not.toContain(traces[1]);
  });

  it('that waits for something is not counted as failed', async () => {
    const worker = due();
    const attempts: number[] = [];
    worker.serve('patient', async (item) => {
      attempts.push(item.attempt);
      if (attempts.length > 2) return done(item);
      await work.run(tenant, (tx) => item.putOff(tx, new Date(clock.now().getTime() + 100)));
    });
    await add(worker, 'patient', newId());
    for (let n = 0; n < 3; n++) {
      await worker.runDue();
      await clock.advance(100);
    }
    expect(attempts).toEqual([1, 1, 1]);
  });

  it('that is added while it is in hand is done once more', async () => {
    const worker = due();
    const door = gate();
    let runs = 0;
    worker.serve('busy', async (item) => {
      runs += 1;
      await door();
      await done(item);
    });
    const ref = newId();
    await add(worker, 'busy', ref);
    const running = worker.runDue();
    await door.reached;
    await add(worker, 'busy', ref);
    await add(worker, 'busy', ref);
    door.open();
    await running;
    expect(runs).toBe(2);
    expect(await worker.runDue()).toBe(0);
  });

  it('that waits for a machine of somebody else holds up nothing else', async () => {
    const worker = due();
    const hanging = gate();
    let others = 0;
    worker.serve(
      'theirs',
      async (item) => {
        await hanging();
        await done(item);
      },
      { apart: 1 },
    );
    worker.serve('ours', async (item) => {
      others += 1;
      await done(item);
    });
    for (let n = 0; n < 6; n++) await add(worker, 'theirs', newId());
    const theirs = worker.runDue(['theirs']);
    await hanging.reached;
    await add(worker, 'ours', newId());
    await worker.runDue(['ours']);
    expect(others).toBe(1);
    hanging.open();
    expect(await theirs).toBe(6);
  });

  it('is taken back only where nobody has begun it', async () => {
    const worker = due();
    const takeBack = (ref: string): Promise<boolean> =>
      work.run(tenant, (tx) => worker.takeBack(tx, 'retracted', [ref]));
    const runs: string[] = [];
    worker.serve('retracted', async (item) => {
      expect(await takeBack(item.ref)).toBe(false);
      runs.push(item.ref);
      if (item.attempt < 2) throw new DomainError('NOT_YET', 'unavailable');
      await done(item);
    });
    const [early, late] = [newId(), newId()];
    await add(worker, 'retracted', early);
    await add(worker, 'retracted', late);
    expect(await takeBack(early)).toBe(true);
    expect(await takeBack(early)).toBe(false);
    await worker.runDue();
    // It failed: how far it came is not known.
    expect(await takeBack(late)).toBe(false);
    await clock.advance(1_000);
    await worker.runDue();
    expect(runs).toEqual([late, late]);
  });

  it('of a process that hangs is taken over, and what that process does afterwards is rolled back', async () => {
    const hanging = due();
    const door = gate();
    let late: Promise<unknown> = Promise.resolve();
    hanging.serve('hung', async (item) => {
      await door();
      late = work.run(tenant, async (tx) => {
        await tx.execute(`insert into heed.retention values ($1, $2, 's', 'too_late', $3)`, [
          tenant,
          item.ref,
          clock.now(),
        ]);
        await item.done(tx);
      });
      await late.catch(() => undefined);
    });
    const ref = newId();
    await add(hanging, 'hung', ref);
    const stuck = hanging.runDue();
    await door.reached;
    // Its claim is as old as one of a process that was killed.
    await work.runAcross('service', (tx) =>
      tx.execute(`update heed.due_work set claimed_until = $1 where queue = 'hung'`, [clock.now()]),
    );
    const heir = due();
    let taken = 0;
    heir.serve('hung', async (item) => {
      taken += 1;
      await done(item);
    });
    expect(await heir.runDue()).toBe(1);
    expect(taken).toBe(1);
    door.open();
    await stuck;
    await expect(late).rejects.toMatchObject({ reason: 'WORK_LOST' });
    const rows = await work.run(tenant, (tx) =>
      tx.query(`select 1 from heed.retention where subject_id = $1`, [ref]),
    );
    expect(rows).toEqual([]);
  });

  it('is done by the loop as soon as it is committed, and what is in hand is finished before it stops', async () => {
    const worker = due();
    const door = gate();
    let finished = 0;
    worker.serve('looped', async (item) => {
      await door();
      await done(item);
      finished += 1;
    });
    worker.start();
    await add(worker, 'looped', newId());
    await door.reached;
    const stopped = worker.stop();
    door.open();
    await stopped;
    expect(finished).toBe(1);
  });
});
