import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contactsV1 } from '@heed/contracts';
import { type Caller, newId } from '@heed/kernel';
import { type Tx, UnitOfWork } from '@heed/postgres';
import { blocked, createTestDatabase, deferred, gate, TestClock, type TestDatabase } from '@heed/testing';
import { RequestReplay, rpcMigrations } from '../src/index.js';
import { optOut } from './consent-controller.js';
import { refusal } from './server.js';

const { RecordOptOutRequest, RecordOptOutResponse } = contactsV1;
const METHOD = '/heed.contacts.v1.ConsentService/RecordOptOut';

describe('a request with a request_id', () => {
  const clock = new TestClock();
  const replay = new RequestReplay(clock);
  const tenantId = newId();
  const caller: Pick<Caller, 'kind' | 'actorId' | 'method'> = {
    kind: 'member',
    actorId: newId(),
    method: METHOD,
  };
  let database: TestDatabase;
  let uow: UnitOfWork;
  beforeAll(async () => {
    database = await createTestDatabase('contacts', [rpcMigrations]);
    uow = new UnitOfWork(database.open());
  });
  afterAll(() => database.drop());

  /** The use case: counts how often it ran, and answers something new each time. */
  function counting() {
    const state = { runs: 0 };
    const work = async (): Promise<contactsV1.RecordOptOutResponse> => {
      state.runs += 1;
      return { entry: undefined, effect: 1, effectiveAt: newId() };
    };
    return { state, work };
  }
  const once = (
    request: contactsV1.RecordOptOutRequest,
    work: (tx: Tx) => Promise<contactsV1.RecordOptOutResponse>,
    { as = caller, tenant = tenantId, begun = (_: Tx): void => undefined } = {},
  ) =>
    uow.run(tenant, (tx) => {
      begun(tx);
      return replay.once(
        ...[tx, as, request.requestId, RecordOptOutRequest.encode(request).finish()],
        ...([RecordOptOutResponse, () => work(tx)] as const),
      );
    });
  const request = () => optOut({ requestId: newId() });

  it('is done once, and answered as the first time', async () => {
    const { state, work } = counting();
    const asked = request();
    const first = await once(asked, work);
    expect(await once(asked, work)).toEqual(first);
    expect(state.runs).toBe(1);
  });

  it('is refused when the id belongs to another request', async () => {
    const { state, work } = counting();
    const asked = request();
    await once(asked, work);
    expect(await refusal(once({ ...asked, contactId: newId() }, work))).toMatchObject({
      kind: 'failed-precondition',
      reason: 'REQUEST_ID_REUSED',
    });
    expect(state.runs).toBe(1);
  });

  it('is another request for another member, and for another tenant', async () => {
    const { state, work } = counting();
    const asked = request();
    await once(asked, work);
    await once(asked, work, { as: { ...caller, actorId: newId() } });
    await once(asked, work, { tenant: newId() });
    expect(state.runs).toBe(3);
  });

  it('is done again when the first time failed: nothing of it was kept', async () => {
    const { state, work } = counting();
    const asked = request();
    await refusal(once(asked, () => Promise.reject(new Error('halfway'))));
    await once(asked, work);
    expect(state.runs).toBe(1);
  });

  it('waits for the same request in flight, and gets its answer', async () => {
    const { state, work } = counting();
    const asked = request();
    const door = gate();
    const first = once(asked, async () => {
      await door();
      return work();
    });
    await door.reached;
    const begun = deferred<Tx>();
    const second = once(asked, work, { begun: begun.resolve });
    await blocked((await begun.promise).client);
    door.open();
    expect(await second).toEqual(await first);
    expect(state.runs).toBe(1);
  });

  it('takes its turn when the same request in flight fails', async () => {
    const { state, work } = counting();
    const asked = request();
    const door = gate();
    const first = refusal(
      once(asked, async () => {
        await door();
        throw new Error('halfway');
      }),
    );
    await door.reached;
    const begun = deferred<Tx>();
    const second = once(asked, work, { begun: begun.resolve });
    await blocked((await begun.promise).client);
    door.open();
    await first;
    await second;
    expect(state.runs).toBe(1);
  });

  it('is forgotten after 7 days', async () => {
    const { state, work } = counting();
    const asked = request();
    await once(asked, work);
    await clock.advance(7 * 24 * 3_600_000);
    await once(asked, work);
    expect(state.runs).toBe(2);
    await clock.advance(7 * 24 * 3_600_000);
    expect(await replay.forgetExpired(uow)).toBeGreaterThan(0);
    expect(await replay.forgetExpired(uow)).toBe(0);
  });

  it('leaves an answer that only the same request can open', async () => {
    const asked = request();
    const secret = 'jane@example.org';
    await once(asked, async () => ({ entry: undefined, effect: 1, effectiveAt: secret }));
    const rows = await uow.run(tenantId, (tx) =>
      tx.query<{ row: string }>('select r::text as row from heed.rpc_replay r'),
    );
    const everything = JSON.stringify(rows);
    for (const trace of [secret, asked.requestId, asked.contactId]) {
      expect(everything).not.toContain(trace);
      expect(everything).not.toContain(Buffer.from(trace).toString('hex'));
    }
  });

  it('is kept behind the wall of its tenant (I8)', async () => {
    await once(request(), counting().work);
    const seen = await uow.run(newId(), (tx) => tx.query('select 1 from heed.rpc_replay'));
    expect(seen).toEqual([]);
  });
});
