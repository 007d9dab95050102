import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { privacyV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { addSubjects, UnitOfWork } from '@heed/postgres';
import { brokenPromisesOf } from '@heed/testing';
import { verifyCertificate } from '@heed/verifier';
import { CERTIFICATE, DOMAIN, OpenDsrDouble } from './opendsr-double.js';
import { wired } from './people/people.js';
import { Town } from './town.js';

const { ProcessorsServiceService, ProcessorState, RequestState } = privacyV1;
const STORE = 'telephony.wire';
const PHONE = '+4915112345678';

describe('an erasure of somebody of whom a carrier was handed something', () => {
  let town: Town;
  let dsr: OpenDsrDouble;
  let officer: Awaited<ReturnType<typeof processors>>;
  let requests: Awaited<ReturnType<Town['officer']>>;
  const processors = async (roles = ['compliance_officer'], tenantId = town.tenantId) =>
    (await town.cluster.asMember('privacy', { tenantId, roles })).of(ProcessorsServiceService);
  beforeAll(async () => {
    dsr = await OpenDsrDouble.open();
    town = await Town.openWith(
      {
        ...{ HEED_PROCESSORS: STORE, HEED_ENV: 'development' },
        HEED_PROCESSOR_TOKENS: `https://other.example=plum,${new URL(dsr.url).origin}=sesame`,
      },
      wired,
    );
    officer = await processors();
    requests = await town.officer();
  });
  afterAll(async () => {
    await town?.close();
    await dsr?.close();
  });

  async function setUp(more: Partial<privacyV1.SetProcessorRequest> = {}): Promise<void> {
    const token = await town.cluster.operatorToken();
    const operator = (await town.cluster.asMember('privacy', { token })).of(ProcessorsServiceService);
    await operator.setProcessor({
      ...{ store: STORE, tenantId: '', name: 'Wire Telecom', url: dsr.url, domain: DOMAIN },
      ...{ certificate: CERTIFICATE, regulation: '', contact: 'dpo@wire.example', ...more },
    });
  }
  /** Somebody whom the carrier has called this often. */
  async function called(times: number): Promise<string> {
    const contactId = await town.person();
    await town.cluster
      .service('telephony')
      .get(UnitOfWork)
      .run(town.tenantId, async (tx) => {
        await addSubjects(tx, [contactId]);
        if (times > 0)
          await tx.execute('insert into person values ($1, $2, $3)', [
            town.tenantId,
            contactId,
            'x@example.org',
          ]);
      });
    return contactId;
  }
  const erase = async (times = 1) => town.request({ subjectId: await called(times), phone: PHONE });
  async function orderOf({ requestId }: privacyV1.Request): Promise<privacyV1.ProcessorOrder | undefined> {
    const asked = privacyV1.ListProcessorOrdersRequest.fromPartial({ requestId });
    return (await officer.listProcessorOrders(asked)).orders[0];
  }
  const orderThat = (request: privacyV1.Request, isSo: (order: privacyV1.ProcessorOrder) => boolean) =>
    town.until(
      () => orderOf(request),
      (order) => order !== undefined && isSo(order),
    ) as Promise<privacyV1.ProcessorOrder>;
  /** What was put off comes now. */
  const now = (order: string | null = null) =>
    town.sql(
      'privacy',
      `update heed.due_work set due_at = '2000-01-01'
       where queue = 'processors' and ref = coalesce($1::uuid, ref)`,
      [order],
    );
  const read = async ({ requestId }: privacyV1.Request) =>
    (await requests.getRequest({ requestId })).request!;
  const ended = (request: privacyV1.Request) =>
    town.until(
      () => read(request),
      ({ state }) => state === RequestState.REQUEST_STATE_COMPLETED,
    );
  /** With exceptions. */
  const endedWith = (request: privacyV1.Request) =>
    town.until(
      () => read(request),
      ({ state }) => state === RequestState.REQUEST_STATE_COMPLETED_WITH_EXCEPTIONS,
    );
  /** The log knows that the processor has said so. */
  const said = ({ requestId }: privacyV1.Request, state: string) =>
    town.until(
      () =>
        town.sql(
          'privacy',
          `select 1 from processor_order o join processor_answer a using (tenant_id, processor_order_id)
           where o.request_id = $1 and a.leaf is not null
             and convert_from(a.statement, 'UTF8')::jsonb ->> 'state' = $2`,
          [requestId, state],
        ),
      (rows) => rows.length > 0,
    );
  async function claimed({ requestId }: privacyV1.Request) {
    const { claims } = verifyCertificate(await town.certificate(requestId), await town.vkey());
    return claims.stores.find(({ store }) => store === STORE)!;
  }

  it('tells nobody of who was never called, and says so', async () => {
    await setUp();
    const request = await ended(await erase(0));
    expect(await claimed(request)).toMatchObject({ outcome: 'NOTHING_HELD' });
    expect(await orderOf(request)).toBeUndefined();
    expect(dsr.asked).toEqual([]);
  });

  it('6.4 is passed on, closes once the carrier has taken it, and says that its answer is awaited', async () => {
    const request = await ended(await erase());
    const [body] = dsr.bodies();
    // No more of the person than a carrier knows: no address, no id of ours.
    expect(body).toMatchObject({
      ...{ regulation: 'gdpr', subject_request_type: 'erasure' },
      extensions: { 'heed.local': { phone_numbers: [PHONE] } },
    });
    expect(body).not.toHaveProperty('subject_identities');
    const told = JSON.stringify(body);
    for (const id of [request.requestId, request.subjectId, town.tenantId]) expect(told).not.toContain(id);
    const claim = await claimed(request);
    expect(claim).toMatchObject({ outcome: 'AT_PROCESSOR', count: 1, probe: { outcome: 'AT_PROCESSOR' } });
    expect(claim.processor).toMatchObject({
      ...{ name: 'Wire Telecom', state: 'PENDING', said_by: 'PROCESSOR', expected_by: dsr.expected },
      reference: body!['subject_request_id'],
    });
  });

  it('says in a later leaf what the carrier has answered since, however often it says the same', async () => {
    const [id] = [...dsr.requests.keys()];
    const { requestId } = (
      await officer.listProcessorOrders(privacyV1.ListProcessorOrdersRequest.fromPartial({}))
    ).orders.find(({ processorOrderId }) => processorOrderId === id)!;
    const request = (await requests.getRequest({ requestId })).request!;
    for (const [status, state] of [
      ['in_progress', ProcessorState.PROCESSOR_STATE_IN_PROGRESS],
      ['completed', ProcessorState.PROCESSOR_STATE_COMPLETED],
    ] as const) {
      dsr.requests.get(id!)!.status = status;
      await town.until(
        async () => {
          await now(id);
          return orderOf(request);
        },
        (order) => order?.state === state,
      );
    }
    await said(request, 'COMPLETED');
    expect((await claimed(request)).processor).toMatchObject({
      state: 'COMPLETED',
      answer: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(dsr.asked.filter((asked) => asked.startsWith('POST'))).toHaveLength(1);
    const answers = await town.sql(
      'privacy',
      'select 1 from processor_answer where processor_order_id = $1',
      [id],
    );
    expect(answers).toHaveLength(3);
  });

  it('stays open while the carrier is away, and is told of once it is back', async () => {
    dsr.mode = 'away';
    const request = await erase();
    const order = await orderThat(request, ({ failures }) => failures > 0);
    expect(order).toMatchObject({ problem: 'UNREACHABLE', state: ProcessorState.PROCESSOR_STATE_NOT_TOLD });
    // All else has answered and was searched.
    await town.until(
      () => read(request),
      ({ state, stores }) =>
        state === RequestState.REQUEST_STATE_PROBING && stores.every(({ probe }) => probe !== 0),
    );
    dsr.mode = 'up';
    await now();
    expect((await claimed(await ended(request))).processor?.state).toBe('PENDING');
  });

  it('6.2 believes no answer that somebody else has signed', async () => {
    dsr.mode = 'forge';
    const request = await erase();
    const order = await orderThat(request, ({ failures }) => failures > 0);
    expect(order).toMatchObject({
      problem: 'SIGNED_BY_ANOTHER',
      state: ProcessorState.PROCESSOR_STATE_NOT_TOLD,
    });
    dsr.mode = 'up';
    await now();
    await ended(request);
  });

  it('is for a person where the carrier refuses, who tells it by hand and writes down what it says', async () => {
    dsr.mode = 'refuse';
    const request = await erase();
    const { processorOrderId } = await orderThat(request, ({ needsPerson }) => needsPerson);
    dsr.mode = 'up';
    expect((await read(request)).attentionAt).not.toBe('');
    expect(await officer.revealProcessorOrder({ processorOrderId })).toMatchObject({
      ...{ contact: 'dpo@wire.example', phones: [PHONE], emails: [] },
      order: { problem: 'REFUSED' },
    });
    const say = (state: privacyV1.ProcessorState, reference = 'W-17') =>
      officer.recordProcessorAnswer({ processorOrderId, state, reference, expectedBy: '' });
    await expect(say(ProcessorState.PROCESSOR_STATE_NOT_TOLD)).rejects.toMatchObject({
      reason: 'INVALID_ARGUMENT',
    });
    await say(ProcessorState.PROCESSOR_STATE_PENDING);
    const closed = await ended(request);
    expect((await claimed(closed)).processor).toMatchObject({
      ...{ state: 'PENDING', said_by: 'PERSON', reference: 'W-17', answer: '' },
    });
    await say(ProcessorState.PROCESSOR_STATE_COMPLETED);
    await say(ProcessorState.PROCESSOR_STATE_COMPLETED);
    await said(closed, 'COMPLETED');
    expect((await claimed(closed)).processor).toMatchObject({ state: 'COMPLETED', said_by: 'PERSON' });
    await expect(say(ProcessorState.PROCESSOR_STATE_CANCELLED)).rejects.toMatchObject({
      reason: 'PROCESSOR_HAS_COMPLETED',
    });
    await expect(
      (await processors(['compliance_officer'], newId())).revealProcessorOrder({ processorOrderId }),
    ).rejects.toMatchObject({ reason: 'PROCESSOR_ORDER_NOT_FOUND' });
  });

  it('6.4 may be closed without, by a person who says why; what is missing stands in the certificate', async () => {
    dsr.mode = 'away';
    const request = await erase();
    await orderThat(request, ({ failures }) => failures > 0);
    await town.until(
      () => read(request),
      ({ stores }) => stores.every(({ probe }) => probe !== 0),
    );
    const { requestId } = request;
    await requests.closeWithExceptions({ requestId, reason: 'carrier_is_gone' });
    await endedWith(request);
    const { claims } = verifyCertificate(await town.certificate(requestId), await town.vkey());
    expect(claims.exceptions).toMatchObject([{ service: 'telephony', action: 'ERASE', why: 'untold' }]);
    expect((await claimed(request)).processor).toBeUndefined();
    // It is asked on, for as long as anything is known that it could find the person by.
    dsr.mode = 'up';
    await now();
    await said(request, 'PENDING');
    expect((await claimed(request)).processor?.state).toBe('PENDING');
  });

  it('is for a person where nobody has put down who stands behind a store', async () => {
    await setUp({ url: '', domain: '', certificate: '' });
    const request = await erase();
    const order = await orderThat(request, ({ needsPerson }) => needsPerson);
    expect(order).toMatchObject({ name: 'Wire Telecom', problem: '', failures: 0 });
    // Once it is put down, what waits goes by itself.
    await setUp();
    await ended(request);
  });

  it('6.4 is not complete where the carrier has said no, unless a person closes it with that exception', async () => {
    dsr.mode = 'refuse';
    const request = await erase();
    const { processorOrderId, requestId } = await orderThat(request, ({ needsPerson }) => needsPerson);
    dsr.mode = 'up';
    await town.sql('privacy', 'update request set attention_at = null where request_id = $1', [requestId]);
    const state = ProcessorState.PROCESSOR_STATE_CANCELLED;
    await officer.recordProcessorAnswer({ processorOrderId, state, reference: '', expectedBy: '' });
    await said(request, 'CANCELLED');
    const open = await town.until(
      () => read(request),
      ({ stores }) => stores.every(({ probe }) => probe !== 0),
    );
    expect(open).toMatchObject({ state: RequestState.REQUEST_STATE_PROBING });
    expect(open.attentionAt).not.toBe('');
    await requests.closeWithExceptions({ requestId, reason: 'carrier_refuses' });
    await endedWith(request);
    const { claims } = verifyCertificate(await town.certificate(requestId), await town.vkey());
    expect(claims.exceptions).toMatchObject([{ service: 'telephony', action: 'ERASE', why: 'refused' }]);
    expect((await claimed(request)).processor).toMatchObject({ state: 'CANCELLED', said_by: 'PERSON' });
  });

  it('6.4 is complete where all has come in since a person closed it: there is nothing to except', async () => {
    dsr.mode = 'away';
    const request = await erase();
    await orderThat(request, ({ failures }) => failures > 0);
    const { requestId } = request;
    // As it stands where the carrier is told between the word of the member and the end.
    await town.sql('privacy', `update request set exception_reason = 'away' where request_id = $1`, [
      requestId,
    ]);
    dsr.mode = 'up';
    await now();
    await ended(request);
    const { claims } = verifyCertificate(await town.certificate(requestId), await town.vkey());
    expect(claims).not.toHaveProperty('exceptions');
  });

  it('is put before a person where its tenant has it told by one, whatever is put down for all others', async () => {
    await setUp({ tenantId: town.tenantId, url: '', domain: '', certificate: '' });
    const request = await erase();
    await orderThat(request, ({ needsPerson }) => needsPerson);
    await setUp();
    expect(await orderOf(request)).toMatchObject({ needsPerson: true });
    await setUp({ tenantId: town.tenantId, name: 'Other Telecom' });
    // The certificate names who was told, not who was to be.
    expect((await claimed(await ended(request))).processor?.name).toBe('Other Telecom');
  });

  it('is put before a person where the carrier is to be told by one while it is tried', async () => {
    dsr.mode = 'away';
    const request = await erase();
    await orderThat(request, ({ failures }) => failures > 0);
    await setUp({ tenantId: town.tenantId, url: '', domain: '', certificate: '' });
    await now();
    await orderThat(request, ({ needsPerson }) => needsPerson);
    expect((await read(request)).attentionAt).not.toBe('');
    dsr.mode = 'up';
    await setUp({ tenantId: town.tenantId });
    await ended(request);
  });

  it('is as a person has written down, though the carrier was being asked meanwhile', async () => {
    const request = await erase();
    await ended(request);
    const { processorOrderId } = await orderThat(request, ({ toldAt }) => toldAt !== '');
    let answer = (): void => undefined;
    dsr.answering = new Promise((resolve) => (answer = resolve));
    const askedBefore = dsr.asked.length;
    await town.until(
      async () => {
        await now(processorOrderId);
        return dsr.asked.slice(askedBefore);
      },
      (asked) => asked.some((one) => one.endsWith(processorOrderId)),
    );
    const state = ProcessorState.PROCESSOR_STATE_COMPLETED;
    await officer.recordProcessorAnswer({ processorOrderId, state, reference: 'by mail', expectedBy: '' });
    answer();
    await said(request, 'COMPLETED');
    expect(await orderOf(request)).toMatchObject({ state, byHand: true, reference: 'by mail' });
  });

  it.each([
    ['a certificate for another domain', { domain: 'elsewhere.example' }],
    ['none', { certificate: '' }],
    ['an address that is none', { url: 'dsr.example' }],
    ['a name that moves the cursor', { name: 'Wire\u001b[2J' }],
  ])('is not set up with %s', async (_what, more) => {
    await expect(setUp(more)).rejects.toMatchObject({ reason: 'INVALID_ARGUMENT' });
  });

  it('shows the carrier the token that is for it, and no other', () => {
    expect([...dsr.shown]).toEqual(['Bearer sesame']);
  });

  it('leaves nothing that a promise was made about', async () => {
    expect(await brokenPromisesOf(['I6'], town.cluster.database('privacy'))).toEqual([]);
  });
});
