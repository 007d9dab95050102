import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { privacyV1, ReceiptSigned } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { newId, SigningKey } from '@heed/kernel';
import { addSubjects, UnitOfWork } from '@heed/postgres';
import { type MemberClient } from '@heed/rpc';
import { Sealing } from '@heed/sealing';
import { type Cluster, startCluster } from '@heed/testing/cluster';
import { verifyCertificate } from '@heed/verifier';
import pg from 'pg';
import { privacy } from '../src/index.js';
import { people, unavailable, watch } from './people/people.js';

const { RequestsServiceService, LogServiceService, RequestState, Right } = privacyV1;
jest.setTimeout(90_000);

describe('privacy', () => {
  let cluster: Cluster;
  let officer: MemberClient;
  const tenantId = newId();
  beforeAll(async () => {
    cluster = await startCluster([privacy, people], {
      env: { HEED_ANSWERING_SERVICES: 'contacts,privacy' },
      producers: ['identity', 'campaigns', 'telephony', 'messaging'],
    });
    officer = await cluster.asMember('privacy', { tenantId, roles: ['compliance_officer'] });
  });
  afterAll(() => cluster?.stop());

  const requests = () => officer.of(RequestsServiceService);
  const asking = (more: Partial<privacyV1.CreateRequestRequest>): privacyV1.CreateRequestRequest => ({
    ...{
      requestId: newId(),
      right: Right.RIGHT_ERASURE,
      subjectId: '',
      subjectKind: 0,
      email: '',
      phone: '',
    },
    ...{ verification: 'email_code', objects: true, ...more },
  });
  const person = async (email = `${newId()}@example.org`): Promise<string> => {
    const contactId = newId();
    const service = cluster.service('contacts');
    const pageId = newId();
    const body = await service
      .get(Sealing)
      .seal(tenantId, contactId, { table: 'diary', row: pageId, column: 'body' }, Buffer.from('Dear diary'));
    await service.get(UnitOfWork).run(tenantId, async (tx) => {
      await addSubjects(tx, [contactId]);
      await tx.execute('insert into person values ($1, $2, $3)', [tenantId, contactId, email]);
      await tx.execute('insert into diary (tenant_id, page_id, contact_id, body) values ($1, $2, $3, $4)', [
        ...[tenantId, pageId, contactId, body],
      ]);
    });
    return contactId;
  };
  /** All that a watcher sees, until the request has ended. */
  const watched = async (requestId: string): Promise<privacyV1.Request[]> => {
    const seen: privacyV1.Request[] = [];
    for await (const { request } of requests().watchRequest({ requestId })) seen.push(request!);
    return seen;
  };
  const keyOfLog = async () => (await officer.of(LogServiceService).getCheckpoint({})).vkey;

  it('erases, probes and certifies, and the certificate verifies without any of it', async () => {
    const ada = await person('ada@example.org');
    const { request } = await requests().createRequest(asking({ email: 'ada@example.org' }));
    expect(request).toMatchObject({
      subjectId: ada,
      state: RequestState.REQUEST_STATE_FANNED_OUT,
      closedAt: '',
    });
    expect(request!.stores).toHaveLength(request!.storesExpected);
    expect(watch.stopped).toContain(ada);
    await expect(requests().getCertificate({ requestId: request!.requestId })).rejects.toMatchObject({
      reason: 'REQUEST_NOT_COMPLETED',
    });
    const seen = await watched(request!.requestId);
    expect([...new Set(seen.map(({ state }) => state))]).toEqual([
      RequestState.REQUEST_STATE_FANNED_OUT,
      RequestState.REQUEST_STATE_PROBING,
      RequestState.REQUEST_STATE_COMPLETED,
    ]);
    const { certificate } = await requests().getCertificate({ requestId: request!.requestId });
    const verified = verifyCertificate(certificate, await keyOfLog());
    expect(verified).toMatchObject({ receipts: 2, probes: 2 });
    expect(verified.claims).toMatchObject({ request: request!.requestId, subject: ada, right: 'ERASURE' });
    const said = new Map(verified.claims.stores.map((store) => [store.store, store]));
    expect(said.get('contacts.person')).toMatchObject({
      outcome: 'ERASED',
      count: 1,
      probe: { outcome: 'PROBED_CLEAN' },
    });
    expect(said.get('contacts.diary')).toMatchObject({ outcome: 'ERASED', count: 1 });
    expect(said.get('contacts.subject-keys')).toMatchObject({ outcome: 'ERASED', count: 1 });
    expect(said.get('privacy.request_identifier')).toMatchObject({ outcome: 'ERASED', count: 1 });
    expect(said.get('privacy.request-record')).toMatchObject({
      outcome: 'RETAINED',
      detail: 'accountability',
    });
    expect(certificate.includes('ada@example.org')).toBe(false);
    const other = SigningKey.generate();
    const [name] = (await keyOfLog()).split('+');
    expect(() => verifyCertificate(certificate, vkeyOf(other, name!))).toThrow();
  });

  it('hands out everything that is held, for machines and for people', async () => {
    const eve = await person('eve@example.org');
    const { request } = await requests().createRequest(asking({ right: Right.RIGHT_ACCESS, subjectId: eve }));
    const ended = (await watched(request!.requestId)).at(-1)!;
    expect(ended.state).toBe(RequestState.REQUEST_STATE_COMPLETED);
    const files = new Map<string, Buffer>();
    for await (const { name, chunk } of requests().streamAccessPackage({ requestId: request!.requestId })) {
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
    const { certificate } = await requests().getCertificate({ requestId: request!.requestId });
    expect(verifyCertificate(certificate, await keyOfLog()).claims.stores).toContainEqual(
      expect.objectContaining({ store: 'contacts.person', outcome: 'EXPORTED', count: 1 }),
    );
    const left = await rowsOf(cluster, 'contacts', 'select 1 from heed.export_part');
    expect(left).toEqual([]);
  });

  it('takes the same request once, whoever repeats it and however', async () => {
    const contactId = await person();
    const request = asking({ right: Right.RIGHT_ACCESS, subjectId: contactId });
    const first = await requests().createRequest(request);
    expect(await requests().createRequest(request)).toEqual(first);
    const again = await Promise.all(
      [1, 2, 3].map(() => requests().createRequest({ ...request, requestId: newId() })),
    );
    expect(again.map((answer) => answer.request!.requestId)).toEqual(Array(3).fill(first.request!.requestId));
    await watched(first.request!.requestId);
  });

  it('keeps nothing where permits could not be stopped', async () => {
    const contactId = await person();
    watch.stopping = () => Promise.reject(unavailable());
    try {
      await expect(requests().createRequest(asking({ subjectId: contactId }))).rejects.toMatchObject({
        reason: 'STOP_UNAVAILABLE',
        kind: 'unavailable',
      });
    } finally {
      watch.stopping = async () => undefined;
    }
    const kept = `select 1 from request where subject_id = '${contactId}'
      union all select 1 from erasure_ledger where subject_id = '${contactId}'`;
    expect(await rowsOf(cluster, 'privacy', kept)).toEqual([]);
  });

  it('refuses whoever nobody is, whoever are several, and what makes no sense', async () => {
    const refused = async (more: Partial<privacyV1.CreateRequestRequest>, reason: string): Promise<void> => {
      await expect(requests().createRequest(asking(more))).rejects.toMatchObject({ reason });
    };
    await refused({ email: 'nobody@example.org' }, 'SUBJECT_NOT_FOUND');
    await Promise.all([person('twins@example.org'), person('twins@example.org')]);
    await refused({ email: 'twins@example.org' }, 'SUBJECT_AMBIGUOUS');
    await refused({}, 'INVALID_ARGUMENT');
    await refused({ email: 'x@example.org', subjectKind: 2 }, 'INVALID_ARGUMENT');
    await refused({ subjectId: newId(), right: 0 }, 'INVALID_ARGUMENT');
    await refused({ subjectId: newId(), right: 9 as privacyV1.Right }, 'INVALID_ARGUMENT');
    await refused({ subjectId: newId(), verification: 'trust me' }, 'INVALID_ARGUMENT');
  });

  it('I8 shows no tenant the requests of another', async () => {
    const contactId = await person();
    const { request } = await requests().createRequest(
      asking({ right: Right.RIGHT_ACCESS, subjectId: contactId }),
    );
    const { requestId } = request!;
    const stranger = (await cluster.asMember('privacy', { tenantId: newId() })).of(RequestsServiceService);
    await expect(stranger.getRequest({ requestId })).rejects.toMatchObject({ reason: 'REQUEST_NOT_FOUND' });
    await expect(stranger.getCertificate({ requestId })).rejects.toMatchObject({
      reason: 'REQUEST_NOT_FOUND',
    });
    expect(
      (await stranger.listRequests({ pageSize: 0, pageToken: '', state: 0, right: 0 })).requests,
    ).toEqual([]);
    await watched(requestId);
  });

  it('lists requests newest first, page by page, by state and right', async () => {
    const all: string[] = [];
    for (let pageToken = ''; ;) {
      const page = await requests().listRequests({ pageSize: 2, pageToken, state: 0, right: 0 });
      all.push(...page.requests.map(({ requestId }) => requestId));
      if (!(pageToken = page.nextPageToken)) break;
    }
    expect(all.length).toBeGreaterThan(2);
    expect([...all].sort().reverse()).toEqual(all);
    const { requests: erasures } = await requests().listRequests({
      ...{
        pageSize: 0,
        pageToken: '',
        state: RequestState.REQUEST_STATE_COMPLETED,
        right: Right.RIGHT_ERASURE,
      },
    });
    expect(erasures.map(({ state, right }) => [state, right])).toEqual([
      [RequestState.REQUEST_STATE_COMPLETED, 1],
    ]);
    await expect(
      requests().listRequests({ pageSize: 2, pageToken: 'x', state: 0, right: 0 }),
    ).rejects.toMatchObject({ violations: [{ field: 'page_token', reason: 'PAGE_TOKEN_INVALID' }] });
  });

  it('6.1 obeys and believes nobody but the services themselves', async () => {
    const contactId = await person();
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
    const contacts = cluster.service('contacts');
    await contacts
      .get(UnitOfWork)
      .run(tenantId, (tx) => contacts.get(Outbox).add(tx, ReceiptSigned.contacts, receipt));
    const parked = await eventually(() =>
      rowsOf(cluster, 'privacy', `select reason from heed.parked where consumer = 'privacy.receipts'`),
    );
    expect(parked).toEqual([{ reason: 'RECEIPT_KEY_UNKNOWN' }]);
    expect(
      await rowsOf(cluster, 'contacts', `select 1 from person where contact_id = '${contactId}'`),
    ).toHaveLength(1);
  });
});

async function rowsOf(cluster: Cluster, service: 'privacy' | 'contacts', sql: string): Promise<object[]> {
  const client = new pg.Client({ connectionString: cluster.database(service).superuserUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows as object[];
  } finally {
    await client.end();
  }
}

async function eventually(read: () => Promise<object[]>): Promise<object[]> {
  for (;;) {
    const rows = await read();
    if (rows.length > 0) return rows;
  }
}

function vkeyOf(key: SigningKey, name: string): string {
  const data = Buffer.concat([Uint8Array.of(1), key.publicKey]);
  return `${name}+00000000+${data.toString('base64')}`;
}
