import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datarightsV1, privacyV1 } from '@heed/contracts';
import { answer } from '@heed/data-rights';
import { canonicalJson, newId, sha256, SigningKey, systemClock, verifySignature } from '@heed/kernel';
import { brokenPromises } from '@heed/testing';
import { verifyCertificate } from '@heed/verifier';
import { operatorOf, Outsider } from './participant.js';
import { Town } from './town.js';

const { RequestState } = privacyV1;

describe('a service of somebody else’s', () => {
  let town: Town;
  beforeAll(async () => {
    town = await Town.open();
  });
  afterAll(() => town?.close());

  const state = async (name: string): Promise<privacyV1.Participant> => {
    const { participants } = await (await operatorOf(town)).listParticipants({ pageSize: 0, pageToken: '' });
    return participants.find((participant) => participant.name === name)!;
  };

  it('6.4 must answer: a request waits for its receipt and its probe, and it is asked again', async () => {
    const tenantId = newId();
    const loyalty = new Outsider(town, 'loyalty');
    await loyalty.enrol([tenantId]);
    const officer = await town.officer(tenantId);
    await loyalty.register();
    const subjectId = newId();
    const { request } = await officer.createRequest(town.asking({ subjectId }));
    const requestId = request!.requestId;
    expect(request!.stores.map(({ store }) => store)).toContain('loyalty.member');

    const first = await loyalty.pulled(0);
    expect(first).toMatchObject({ position: 1, tenantId });
    expect(first.batch.orders).toMatchObject([{ requestId, subjectId, orderNumber: 1n }]);
    await town.until(
      () => state('loyalty'),
      ({ handed, unanswered }) => handed === 1n && unanswered === 1n,
    );
    await town.sql('privacy', `update heed.due_work set due_at = '2000-01-01' where queue = 'ask-again'`);
    const again = await loyalty.pulled(1);
    expect(again).toEqual({ ...first, position: 2 });
    expect((await officer.getRequest({ requestId })).request!.closedAt).toBe('');

    await loyalty.submit(tenantId, loyalty.sign(first));
    expect((await state('loyalty')).silentSince).toBe('');
    const probe = await loyalty.pulled(2);
    await loyalty.submit(tenantId, loyalty.sign(probe));
    for await (const { request: seen } of officer.watchRequest({ requestId })) {
      if (seen!.closedAt !== '') expect(seen!.state).toBe(RequestState.REQUEST_STATE_COMPLETED);
    }
    const { certificate } = await officer.getCertificate({ requestId });
    const { claims, receipts, probes } = verifyCertificate(certificate, await town.vkey());
    expect([receipts, probes]).toEqual([3, 3]);
    const told = claims.stores.find(({ store }) => store === 'loyalty.member');
    expect(told).toMatchObject({
      ...{ outcome: 'ERASED', count: 1 },
      probe: { outcome: 'PROBED_CLEAN', self_attested: true },
    });
    // 6.8: nobody takes its word for more than that.
    const ours = claims.stores.filter(({ service }) => service !== 'loyalty');
    expect(ours.some(({ probe: found }) => found?.self_attested)).toBe(false);
    const flattered = certificate.toString().replace(',"self_attested":true', '');
    expect(() => verifyCertificate(Buffer.from(flattered), '')).toThrow();
    const vkey = await town.vkey();
    expect(() => verifyCertificate(Buffer.from(flattered), vkey)).toThrow('the readable part');
  });

  it('6.1 answers only what it was asked, once, in order, by its own key, in words that are allowed', async () => {
    const tenantId = newId();
    const shop = new Outsider(town, 'shop');
    await shop.enrol([tenantId]);
    await shop.register();
    const officer = await town.officer(tenantId);
    await officer.createRequest(town.asking({ subjectId: newId() }));
    const given = await shop.pulled(0);
    const refused = async (
      request: privacyV1.SubmitReceiptRequest,
      reason: string,
      as = tenantId,
    ): Promise<void> => {
      await expect(shop.submit(as, request)).rejects.toMatchObject({ reason });
    };
    const good = shop.sign(given);
    await refused(shop.sign(given, { key: SigningKey.generate() }), 'RECEIPT_KEY_UNKNOWN');
    await refused({ ...good, receipt: { ...good.receipt!, service: 'contacts' } }, 'RECEIPT_KEY_UNKNOWN');
    await refused({ ...good, receipt: { ...good.receipt!, batchId: newId() } }, 'RECEIPT_FORGED');
    await refused(shop.sign(given, { batchId: newId() }), 'RECEIPT_UNASKED');
    await refused(good, 'RECEIPT_UNASKED', newId());
    await refused({ ...good, openings: shop.sign(given).openings }, 'RECEIPT_DOES_NOT_OPEN');
    const other = {
      ...given,
      batch: { ...given.batch, orders: [{ ...given.batch.orders[0]!, subjectId: newId() }] },
    };
    await refused(shop.sign(other), 'RECEIPT_DOES_NOT_OPEN');
    await refused(shop.sign(given, { entries: [] }), 'RECEIPT_DOES_NOT_OPEN');
    for (const entry of [
      answer('shop.member', 'PROBED_CLEAN'),
      answer('shop.member', 'ERASED', { count: 1, detail: 'Ada Lovelace' }),
      answer('shop.member', 'RETAINED', { count: 1, until: 'some day', detail: 'tax' }),
      answer('shop.member', 'NOTHING_HELD', { count: 3 }),
    ]) {
      await refused(shop.sign(given, { entries: [entry] }), 'ANSWER_NOT_ALLOWED');
    }
    const more = shop.manifest(['member', 'cart']);
    await refused(
      { ...good, receipt: { ...good.receipt!, manifestVersion: sha256(more).toString('hex') } },
      'RECEIPT_FORGED',
    );

    const leaf = await shop.submit(tenantId, good);
    expect(await shop.submit(tenantId, good)).toBe(leaf);
    await refused(shop.sign(given), 'RECEIPT_ANSWERED');

    const probe = await shop.pulled(1);
    await refused({ ...shop.sign(probe), openings: good.openings }, 'RECEIPT_DOES_NOT_OPEN');
    const early = new Date(systemClock.now().getTime() - 3_600_000);
    await refused(shop.sign(probe, { at: early }), 'RECEIPT_OUT_OF_ORDER');
    const found = [answer('shop.member', 'PROBED_FOUND', { count: 1 })];
    await shop.submit(tenantId, shop.sign(probe, { entries: found }));
    // The others search, too.
    const { requests } = await town.until(
      () => officer.listRequests(privacyV1.ListRequestsRequest.fromPartial({})),
      ({ requests: [only] }) => only!.state > RequestState.REQUEST_STATE_PROBING,
    );
    expect(requests).toMatchObject([{ state: RequestState.REQUEST_STATE_NEEDS_ATTENTION, closedAt: '' }]);
  });

  it('I8 serves the tenants that it was enrolled for, and learns nothing of others', async () => {
    const [mine, theirs] = [newId(), newId()];
    const club = new Outsider(town, 'club');
    await club.enrol([mine]);
    await club.register();
    const subjectId = newId();
    const email = `${newId()}@example.org`;
    const request = async (tenantId: string) => {
      const officer = await town.officer(tenantId);
      return (await officer.createRequest(town.asking({ subjectId, email }))).request!;
    };
    expect((await request(theirs)).stores.some(({ service }) => service === 'club')).toBe(false);
    expect((await request(mine)).stores.some(({ service }) => service === 'club')).toBe(true);
    const given = await club.pulled(0);
    expect(given).toMatchObject({ position: 1, tenantId: mine });
    const { handle } = given.batch.orders[0]!;
    const identify = async (tenantId: string, asked = handle) =>
      (await club.client(tenantId)).getSubjectIdentifiers({ handle: asked });
    expect(await identify(mine)).toEqual({ emails: [email], phones: [] });
    const [elsewhere] = await town.sql<{ handle: string }>(
      'privacy',
      'select handle from request where tenant_id = $1',
      [theirs],
    );
    for (const [tenantId, asked] of [
      [theirs, handle],
      [theirs, elsewhere!.handle],
      [mine, elsewhere!.handle],
      [mine, newId()],
    ] as const) {
      await expect(identify(tenantId, asked)).rejects.toMatchObject({ reason: 'HANDLE_NOT_FOUND' });
    }
    const recorded = () =>
      town.sql(
        'privacy',
        `select subject_id from audit_entry where actor_id = 'club' and tenant_id = $1
         union all select subject_id from audit_pending where actor_id = 'club' and tenant_id = $1`,
        [mine],
      );
    expect(await recorded()).toEqual([{ subject_id: subjectId }]);
    await club.answer(0, 2);
    await town.until(
      () => town.sql('privacy', 'select 1 from request where tenant_id = $1 and closed_at is null', [mine]),
      (open) => open.length === 0,
    );
    await expect(identify(mine)).rejects.toMatchObject({ reason: 'HANDLE_NOT_FOUND' });
  });

  it('is known by the key that it was enrolled with, and by no other', async () => {
    const depot = new Outsider(town, 'depot');
    await expect(depot.register()).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
    const { ordersPublicKey } = await depot.enrol([newId()]);
    expect(ordersPublicKey).toHaveLength(32);
    await depot.register();
    const token = { token: await town.cluster.memberToken({ tenantId: newId(), roles: ['owner'] }) };
    const member = (await town.cluster.asMember('privacy', token)).of(privacyV1.ParticipantsServiceService);
    await expect(
      member.enrolParticipant({ name: 'x-ray', publicKey: depot.key.publicKey, tenantIds: [] }),
    ).rejects.toMatchObject({ reason: 'MEMBER_NOT_ALLOWED' });
    const impostor = new Outsider(town, 'depot');
    await expect(impostor.register()).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
    await expect(impostor.enrol()).rejects.toMatchObject({ reason: 'PARTICIPANT_KEY_DIFFERS' });
    await expect(depot.enrol([newId()])).rejects.toMatchObject({ reason: 'PARTICIPANT_TENANTS_FEWER' });
    const operator = await operatorOf(town);
    const enrol = (name: string, publicKey: Uint8Array) =>
      operator.enrolParticipant({ name, publicKey: Buffer.from(publicKey), tenantIds: [] });
    await expect(enrol('contacts', SigningKey.generate().publicKey)).rejects.toMatchObject({
      violations: [{ field: 'name', reason: 'NAME_OF_A_SERVICE' }],
    });
    await expect(enrol('depot-two', depot.key.publicKey)).rejects.toMatchObject({
      reason: 'PARTICIPANT_KEY_TAKEN',
    });
    await expect(enrol('depot-two', ordersPublicKey)).rejects.toMatchObject({
      reason: 'PARTICIPANT_KEY_TAKEN',
    });
    await expect(enrol('depot-two', Buffer.alloc(31))).rejects.toMatchObject({ reason: 'INVALID_ARGUMENT' });
  });

  it('6.5 declares more, never less; and goes by its own word only', async () => {
    const tenantId = newId();
    const archive = new Outsider(town, 'archive', ['file', 'index']);
    await archive.enrol([tenantId]);
    const { version, stores } = await archive.register();
    expect(stores).toEqual(['archive.file', 'archive.index']);
    const refused = async (manifest: Buffer, reason: string): Promise<void> => {
      await expect(archive.register(manifest)).rejects.toMatchObject({ reason });
    };
    await refused(archive.manifest(['file']), 'MANIFEST_SHRUNK');
    await refused(archive.manifest([]), 'MANIFEST_MALFORMED');
    await refused(Buffer.from(`${archive.manifest().toString()}\n`), 'MANIFEST_MALFORMED');
    await refused(new Outsider(town, 'another').manifest(), 'MANIFEST_MALFORMED');
    const client = await archive.client();
    await expect(
      client.registerManifest({
        ...{ manifest: archive.manifest(), signature: Buffer.alloc(64), keyId: archive.key.keyId },
      }),
    ).rejects.toMatchObject({ reason: 'MANIFEST_UNSIGNED' });

    const officer = await town.officer(tenantId);
    const { request } = await officer.createRequest(town.asking({ subjectId: newId() }));
    await town.until(
      () => state('archive'),
      ({ unanswered }) => unanswered === 1n,
    );
    const remains = archive.remains();
    await expect(
      client.retireParticipant(archive.retirement(version, remains.slice(1))),
    ).rejects.toMatchObject({
      ...{ reason: 'RETIREMENT_WITHOUT_RECEIPT', metadata: { store: 'archive.file' } },
    });
    const stranger = archive.retirement(version, remains, SigningKey.generate());
    await expect(client.retireParticipant(stranger)).rejects.toMatchObject({ reason: 'RETIREMENT_UNSIGNED' });
    const retirement = archive.retirement(version, remains);
    expect(await client.retireParticipant(retirement)).toEqual({ unanswered: 1n });
    expect(await client.retireParticipant(retirement)).toEqual({ unanswered: 1n });
    const leaves = await town.sql<{ data: Buffer }>(
      'privacy',
      `select l.data from log_leaf l where encode(l.data, 'escape') like '%participant_retired%'`,
    );
    const [leaf, ...others] = leaves.map(({ data }) => JSON.parse(data.toString()) as Record<string, string>);
    expect(others).toEqual([]);
    expect(leaf).toMatchObject({ service: 'archive', manifest: version, key_id: archive.key.keyId, remains });
    const said = {
      ...{
        at: leaf!['said_at'],
        format: 'heed retirement v2',
        manifest: version,
        remains,
        service: 'archive',
      },
    };
    const bytes = Buffer.from(`heed retirement v2\n${canonicalJson(said)}`);
    const signature = Buffer.from(leaf!['signature']!, 'base64');
    expect(verifySignature(archive.key.publicKey, bytes, signature)).toBe(true);
    expect((await state('archive')).remains).toMatchObject([{ store: 'archive.file', what: 'EMPTIED' }, {}]);
    const next = await officer.createRequest(town.asking({ subjectId: newId() }));
    expect(next.request!.stores.some(({ service }) => service === 'archive')).toBe(false);
    await refused(archive.manifest(['file', 'index', 'more']), 'PARTICIPANT_RETIRED');
    // What began before still waits for it.
    await archive.answer(0, 2);
    await town.until(
      () => officer.getRequest({ requestId: request!.requestId }),
      ({ request: now }) => now!.closedAt !== '',
    );
    verifyCertificate(
      (await officer.getCertificate({ requestId: request!.requestId })).certificate,
      await town.vkey(),
    );
  });

  it('6.5 is asked to erase anew where it has a new store when it searches, and so are all; nothing closes before', async () => {
    const studio = new Outsider(town, 'studio');
    await studio.enrol([town.tenantId]);
    const old = (await studio.register()).version;
    const subjectId = await town.person();
    const { requestId } = await town.request({ subjectId });
    const erasing = await studio.answer(0, 1);
    const probe = await studio.pulled(erasing);
    // Deployed with one store more, which nobody has erased.
    studio.stores.push('film');
    const { version } = await studio.register();
    expect(probe.batch.manifests).toMatchObject({ studio: old });
    await studio.submit(town.tenantId, studio.sign(probe));

    const again = await studio.pulled(probe.position);
    expect(again.batch).toMatchObject({
      action: datarightsV1.Action.ACTION_ERASE,
      manifests: { studio: version },
    });
    expect(again.batch.orders).toMatchObject([{ requestId, subjectId, orderNumber: 3n }]);
    const open = await town.read(requestId);
    expect(open).toMatchObject({ state: RequestState.REQUEST_STATE_FANNED_OUT, closedAt: '' });
    expect(open.stores.find(({ store }) => store === 'studio.film')).toMatchObject({ outcome: 0 });
    await studio.submit(town.tenantId, studio.sign(again));
    await studio.answer(again.position, 1);
    await town.watched(requestId);

    const { claims } = verifyCertificate(await town.certificate(requestId), await town.vkey());
    const said = (name: string) => claims.stores.find(({ store }) => store === name);
    for (const store of ['studio.film', 'studio.member'])
      expect(said(store)).toMatchObject({ outcome: 'ERASED', probe: { outcome: 'PROBED_CLEAN' } });
    // Asked twice, it had nothing left to do the second time; what it says is of the request, not of the order.
    expect(said('contacts.person')).toMatchObject({ outcome: 'ERASED', count: 1 });
  });

  it('is told where what it has seen is more than there is, and where it has missed something', async () => {
    const tenantId = newId();
    const kiosk = new Outsider(town, 'kiosk');
    await kiosk.enrol([tenantId]);
    await kiosk.register();
    await expect(kiosk.pulled(1)).rejects.toMatchObject({ reason: 'CURSOR_AHEAD', metadata: { last: '0' } });
    const { request } = await (
      await town.officer(tenantId)
    ).createRequest(town.asking({ subjectId: newId() }));
    await kiosk.answer(0, 2);
    const { requestId } = request!;
    await town.until(
      () =>
        town.sql('privacy', `select 1 from heed.due_work where queue = 'request-record' and ref = $1`, [
          requestId,
        ]),
      (rows) => rows.length > 0,
    );
    // 24 months later.
    await town.sql('privacy', `update heed.due_work set due_at = '2000-01-01' where ref = $1`, [requestId]);
    await town.until(
      () => town.sql('privacy', `select 1 from participant_delivery where name = 'kiosk'`),
      (rows) => rows.length === 0,
    );
    await expect(kiosk.pulled(0)).rejects.toMatchObject({
      reason: 'CURSOR_EXPIRED',
      metadata: { oldest: '3' },
    });
  });

  it('6.5 has left no request completed that owes an answer: as SQL sees it', async () => {
    const broken = await brokenPromises(town.cluster.database('privacy'));
    expect(broken.filter((finding) => /^I[68]/.test(finding))).toEqual([]);
  });
});
