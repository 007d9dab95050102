import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { privacyV1, ReceiptSigned } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { newId, sha256, SigningKey } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { verifyCertificate } from '@heed/verifier';
import { unavailable, watch } from './people/people.js';
import { Town } from './town.js';

const { RequestState, Right } = privacyV1;

const asked = (filter: Partial<privacyV1.ListRequestsRequest>): privacyV1.ListRequestsRequest =>
  privacyV1.ListRequestsRequest.fromPartial(filter);

describe('privacy', () => {
  let town: Town;
  let officer: Awaited<ReturnType<Town['officer']>>;
  beforeAll(async () => {
    town = await Town.open();
    officer = await town.officer();
  });
  afterAll(() => town?.close());

  it('erases, probes and certifies, and the certificate verifies without any of it', async () => {
    const ada = await town.person({ email: 'ada@example.org', diary: true });
    const { request } = await officer.createRequest(town.asking({ email: 'ada@example.org' }));
    expect(request).toMatchObject({
      subjectId: ada,
      state: RequestState.REQUEST_STATE_FANNED_OUT,
      closedAt: '',
    });
    expect(request!.stores).toHaveLength(request!.storesExpected);
    expect(watch.stopped).toContain(ada);
    await expect(officer.getCertificate({ requestId: request!.requestId })).rejects.toMatchObject({
      reason: 'REQUEST_NOT_COMPLETED',
    });
    const seen = await town.watched(request!.requestId);
    // Whoever watches sees where it stands now and then; a state that lasts for milliseconds may not be among that.
    const way = [
      RequestState.REQUEST_STATE_FANNED_OUT,
      RequestState.REQUEST_STATE_PROBING,
      RequestState.REQUEST_STATE_COMPLETED,
    ];
    const states = [...new Set(seen.map(({ state }) => state))];
    expect(states).toEqual(way.filter((state) => states.includes(state)));
    expect([states[0], states.at(-1)]).toEqual([way[0], way.at(-1)]);
    const { certificate } = await officer.getCertificate({ requestId: request!.requestId });
    const verified = verifyCertificate(certificate, await town.vkey());
    expect(verified).toMatchObject({ receipts: 2, probes: 2 });
    expect(verified.claims).toMatchObject({ request: request!.requestId, subject: ada, right: 'ERASURE' });
    const said = new Map(verified.claims.stores.map((store) => [store.store, store]));
    expect(said.get('contacts.person')).toMatchObject({
      outcome: 'ERASED',
      count: 1,
      probe: { outcome: 'PROBED_CLEAN', detail: 'by_id_and_normal_form' },
    });
    expect(said.get('contacts.diary')).toMatchObject({ outcome: 'ERASED', count: 1 });
    expect(said.get('contacts.subject-keys')).toMatchObject({ outcome: 'ERASED', count: 1 });
    const kept = { outcome: 'RETAINED', count: 1, detail: 'search_for_remains' };
    const { until } = said.get('privacy.search_needle')!;
    expect(said.get('privacy.search_needle')).toMatchObject({ ...kept, probe: { ...kept, until } });
    expect(Date.parse(until!) - Date.parse(verified.claims.closed_at)).toBeLessThanOrEqual(7 * 86_400_000);
    expect(said.get('privacy.request-record')).toMatchObject({
      outcome: 'RETAINED',
      detail: 'accountability',
    });
    expect(certificate.includes('ada@example.org')).toBe(false);
    const other = vkeyOf(SigningKey.generate(), (await town.vkey()).split('+')[0]!);
    expect(() => verifyCertificate(certificate, other)).toThrow('is signed by another key');
  });

  it('hands out everything that is held, for machines and for people', async () => {
    const eve = await town.person({ email: 'eve@example.org', diary: true });
    const { request } = await officer.createRequest(
      town.asking({ right: Right.RIGHT_ACCESS, subjectId: eve }),
    );
    const ended = (await town.watched(request!.requestId)).at(-1)!;
    expect(ended.state).toBe(RequestState.REQUEST_STATE_COMPLETED);
    const files = new Map<string, Buffer>();
    for await (const { name, chunk } of officer.streamAccessPackage({ requestId: request!.requestId })) {
      files.set(name, Buffer.concat([files.get(name) ?? Buffer.alloc(0), chunk]));
    }
    expect([...files.keys()]).toEqual(['data.json', 'data.html']);
    const data = JSON.parse(files.get('data.json')!.toString()) as {
      sections: { store: string; rows: object[] }[];
    };
    expect(data.sections.map(({ store, rows }) => [store, rows])).toEqual([
      ['contacts.diary', [expect.objectContaining({ body: 'Dear diary', contact_id: eve })]],
      ['contacts.person', [{ contact_id: eve, email: 'eve@example.org' }]],
    ]);
    expect(files.get('data.html')!.toString()).toContain('Dear diary');
    const { certificate } = await officer.getCertificate({ requestId: request!.requestId });
    expect(verifyCertificate(certificate, await town.vkey()).claims.stores).toContainEqual(
      expect.objectContaining({ store: 'contacts.person', outcome: 'EXPORTED', count: 1 }),
    );
    const left = await town.sql('contacts', 'select 1 from heed.export_part');
    expect(left).toEqual([]);
  });

  it('takes the same request once, whoever repeats it and however', async () => {
    const contactId = await town.person();
    const request = town.asking({ right: Right.RIGHT_ACCESS, subjectId: contactId });
    // Nobody answers an order meanwhile: a request that has ended would not be repeated, but made anew.
    const first = await town.whileLocked('contacts', 'heed.order_taken', async () => {
      const made = await officer.createRequest(request);
      expect(await officer.createRequest(request)).toEqual(made);
      const again = await Promise.all(
        [1, 2, 3].map(() => officer.createRequest({ ...request, requestId: newId() })),
      );
      expect(again.map((answer) => answer.request!.requestId)).toEqual(
        Array(3).fill(made.request!.requestId),
      );
      return made;
    });
    await town.watched(first.request!.requestId);
  });

  it('2.12 keeps nothing where permits could not be stopped', async () => {
    const contactId = await town.person();
    watch.stopping = () => Promise.reject(unavailable());
    try {
      await expect(officer.createRequest(town.asking({ subjectId: contactId }))).rejects.toMatchObject({
        reason: 'STOP_UNAVAILABLE',
        kind: 'unavailable',
      });
      const many = { requestId: newId(), verification: 'document', objects: true, withoutSuppression: false };
      await expect(officer.batchCreateErasures({ ...many, contactIds: [contactId] })).rejects.toMatchObject({
        reason: 'STOP_UNAVAILABLE',
      });
    } finally {
      watch.stopping = async () => undefined;
    }
    const kept = `select 1 from request where subject_id = '${contactId}'
      union all select 1 from erasure_ledger where subject_id = '${contactId}'`;
    expect(await town.sql('privacy', kept)).toEqual([]);
  });

  it('refuses whoever nobody is, whoever are several, and what makes no sense', async () => {
    const refused = async (more: Partial<privacyV1.CreateRequestRequest>, reason: string): Promise<void> => {
      await expect(officer.createRequest(town.asking(more))).rejects.toMatchObject({ reason });
    };
    await refused({ email: 'nobody@example.org' }, 'SUBJECT_NOT_FOUND');
    await Promise.all([
      town.person({ email: 'twins@example.org' }),
      town.person({ email: 'twins@example.org' }),
    ]);
    await refused({ email: 'twins@example.org' }, 'SUBJECT_AMBIGUOUS');
    await refused({}, 'INVALID_ARGUMENT');
    await refused({ email: 'x@example.org', subjectKind: 2 }, 'INVALID_ARGUMENT');
    await refused({ subjectId: newId(), right: 0 }, 'INVALID_ARGUMENT');
    await refused({ subjectId: newId(), right: 9 as privacyV1.Right }, 'INVALID_ARGUMENT');
    await refused({ subjectId: newId(), verification: 'trust me' }, 'INVALID_ARGUMENT');
  });

  it('I8 shows no tenant the requests of another', async () => {
    const contactId = await town.person();
    const { request } = await officer.createRequest(
      town.asking({ right: Right.RIGHT_ACCESS, subjectId: contactId }),
    );
    const { requestId } = request!;
    const stranger = await town.officer(newId());
    await expect(stranger.getRequest({ requestId })).rejects.toMatchObject({ reason: 'REQUEST_NOT_FOUND' });
    await expect(stranger.getCertificate({ requestId })).rejects.toMatchObject({
      reason: 'REQUEST_NOT_FOUND',
    });
    expect((await stranger.listRequests(asked({}))).requests).toEqual([]);
    await town.watched(requestId);
  });

  it('lists requests newest first, page by page, by state and right', async () => {
    const all: string[] = [];
    for (let pageToken = ''; ;) {
      const page = await officer.listRequests(asked({ pageSize: 2, pageToken }));
      all.push(...page.requests.map(({ requestId }) => requestId));
      if (!(pageToken = page.nextPageToken)) break;
    }
    expect(all.length).toBeGreaterThan(2);
    expect([...all].sort().reverse()).toEqual(all);
    const { requests: erasures } = await officer.listRequests(
      asked({ state: RequestState.REQUEST_STATE_COMPLETED, right: Right.RIGHT_ERASURE }),
    );
    expect(erasures.map(({ state, right }) => [state, right])).toEqual([
      [RequestState.REQUEST_STATE_COMPLETED, 1],
    ]);
    await expect(officer.listRequests(asked({ pageSize: 2, pageToken: 'x' }))).rejects.toMatchObject({
      violations: [{ field: 'page_token', reason: 'PAGE_TOKEN_INVALID' }],
    });
  });

  it('finds requests by whom they are about, when they were received and when they are due', async () => {
    const subjectId = await town.person();
    const { requestId, receivedAt, dueAt } = (
      await officer.createRequest(town.asking({ right: Right.RIGHT_ACCESS, subjectId }))
    ).request!;
    const found = async (filter: Partial<privacyV1.ListRequestsRequest>): Promise<string[]> =>
      (await officer.listRequests(asked({ subjectId, ...filter }))).requests.map((row) => row.requestId);
    const after = (time: string): string => new Date(Date.parse(time) + 1).toISOString();
    expect(await found({})).toEqual([requestId]);
    expect(await found({ receivedAfter: receivedAt, receivedBefore: after(receivedAt) })).toEqual([
      requestId,
    ]);
    expect(await found({ dueAfter: dueAt, dueBefore: after(dueAt) })).toEqual([requestId]);
    expect(await found({ receivedAfter: after(receivedAt) })).toEqual([]);
    expect(await found({ receivedBefore: receivedAt })).toEqual([]);
    expect(await found({ dueAfter: after(dueAt) })).toEqual([]);
    expect(await found({ dueBefore: dueAt })).toEqual([]);
    expect(await found({ subjectId: newId() })).toEqual([]);
    await expect(found({ dueAfter: dueAt, dueBefore: dueAt })).rejects.toMatchObject({
      violations: [{ field: 'due_before', reason: 'TIMES_REVERSED' }],
    });
    await town.watched(requestId);
  });

  it('takes many erasures at once, each with a certificate of its own; who has an open one keeps it', async () => {
    const people = await Promise.all([town.person(), town.person({ diary: true }), town.person()]);
    // Nobody knows them: that, too, is certified.
    const contactIds = [...people, newId()];
    const many = {
      ...{ requestId: newId(), contactIds, verification: 'document', objects: false },
      withoutSuppression: false,
    };
    const taken = await town.whileLocked('contacts', 'heed.order_taken', async () => {
      const open = await town.request({ subjectId: people[1]! });
      const { erasures } = await officer.batchCreateErasures(many);
      expect(erasures.map(({ contactId, wasOpen }) => [contactId, wasOpen])).toEqual(
        contactIds.map((contactId) => [contactId, contactId === people[1]]),
      );
      expect(erasures[1]!.requestId).toBe(open.requestId);
      expect(await officer.batchCreateErasures(many)).toEqual({ erasures });
      return erasures;
    });
    expect(watch.stopped).toEqual(expect.arrayContaining(contactIds));
    for (const { contactId, requestId } of taken) {
      expect((await town.watched(requestId)).at(-1)!.state).toBe(RequestState.REQUEST_STATE_COMPLETED);
      const verified = verifyCertificate(await town.certificate(requestId), await town.vkey());
      expect(verified).toMatchObject({
        receipts: 2,
        probes: 2,
        claims: { subject: contactId, objects: true },
      });
    }
    const twice = { ...many, requestId: newId(), contactIds: [people[0]!, people[0]!] };
    await expect(officer.batchCreateErasures(twice)).rejects.toMatchObject({ reason: 'INVALID_ARGUMENT' });
  });

  it('5.12 leaves no hash of the addresses of whoever asked for that, and of nobody who objects', async () => {
    const [subjectId, other] = [await town.person(), await town.person()];
    const wish = { objects: false, withoutSuppression: true };
    const { requestId, objects } = await town.request({ subjectId, ...wish });
    expect(objects).toBe(false);
    await town.watched(requestId);
    const { claims } = verifyCertificate(await town.certificate(requestId), await town.vkey());
    expect(claims.objects).toBe(false);
    await expect(town.request({ subjectId: other, ...wish, objects: true })).rejects.toMatchObject({
      violations: [{ field: 'without_suppression', reason: 'CONTRADICTS_OBJECTS' }],
    });
  });

  it('keeps the record of a request for 24 months, and no longer unless another one about its person is open', async () => {
    const subjectId = await town.person();
    const { requestId } = await town.request({ subjectId, right: Right.RIGHT_ACCESS });
    await town.watched(requestId);
    const forgotten = await town.sql<{ days: number }>(
      'privacy',
      `select round(extract(epoch from w.due_at - r.closed_at) / 86400)::int as days
       from heed.due_work w join request r on r.request_id = w.ref where w.queue = 'request-record' and w.ref = $1`,
      [requestId],
    );
    expect(forgotten).toEqual([{ days: 730 }]);
    const another = await town.request({ subjectId, verification: 'known_to_agent' });
    const due = () =>
      town.sql(
        'privacy',
        `update heed.due_work set due_at = '2000-01-01' where queue = 'request-record' and ref = $1`,
        [requestId],
      );
    await due();
    await town.until(
      () =>
        town.sql(
          'privacy',
          'select 1 from heed.due_work where ref = $1 and claim is null and due_at > now()',
          [requestId],
        ),
      (putOff) => putOff.length === 1,
    );
    await (await town.officer()).cancelRequest({ requestId: another.requestId });
    await due();
    await town.until(
      () => town.sql('privacy', 'select 1 from request where request_id = $1', [requestId]),
      (rows) => rows.length === 0,
    );
    const left = `select 1 from subject_order where request_id = $1 union all
      select 1 from request_pin where request_id = $1`;
    expect(await town.sql('privacy', left, [requestId])).toEqual([]);
  });

  it('6.1 obeys and believes nobody but the services themselves', async () => {
    const contactId = await town.person();
    const stranger = SigningKey.generate();
    const receipt = {
      ...{
        receiptId: newId(),
        batchId: newId(),
        service: 'contacts',
        action: 1,
        root: Buffer.alloc(32),
        treeSize: 1,
      },
      ...{ manifestVersion: 'a'.repeat(64), signedAt: '2026-11-24T10:00:00.000Z', keyId: stranger.keyId },
      signature: stranger.sign(Buffer.from('whatever')),
    };
    // As whoever can write to the topic could.
    const contacts = town.cluster.service('contacts');
    await contacts
      .get(UnitOfWork)
      .run(town.tenantId, (tx) => contacts.get(Outbox).add(tx, ReceiptSigned.contacts, receipt));
    const parked = await town.until(
      () => town.sql('privacy', `select reason from heed.parked where consumer = 'privacy.receipts'`),
      (rows) => rows.length > 0,
    );
    expect(parked).toEqual([{ reason: 'RECEIPT_KEY_UNKNOWN' }]);
    expect(await town.sql('contacts', `select 1 from person where contact_id = '${contactId}'`)).toHaveLength(
      1,
    );
  });
});

/** SPEC: C2SP signed-note. */
function vkeyOf(key: SigningKey, name: string): string {
  const data = Buffer.concat([Uint8Array.of(1), key.publicKey]);
  const hash = sha256(Buffer.from(`${name}\n`), data).subarray(0, 4);
  return `${name}+${hash.toString('hex')}+${data.toString('base64')}`;
}
