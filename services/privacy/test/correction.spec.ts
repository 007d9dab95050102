import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datarightsV1, OrdersIssued, privacyV1, ReceiptSigned } from '@heed/contracts';
import { answer } from '@heed/data-rights';
import { newId } from '@heed/kernel';
import { brokenPromisesOf } from '@heed/testing';
import { verifyCertificate } from '@heed/verifier';
import { operatorOf, Outsider } from './participant.js';
import { Town } from './town.js';

const { RequestState: State, Right } = privacyV1;
const { PERSON_FIELD_EMAIL: EMAIL } = datarightsV1.PersonField;

describe('a correction', () => {
  let town: Town;
  beforeAll(async () => {
    town = await Town.open();
  });
  afterAll(() => town?.close());

  const corrections = (value: string) => [{ field: EMAIL, value, endpointId: '', previous: '' }];
  const asked = (subjectId: string, value: string, more: Partial<privacyV1.CreateRequestRequest> = {}) =>
    town.asking({
      right: Right.RIGHT_CORRECTION,
      subjectId,
      objects: false,
      corrections: corrections(value),
      ...more,
    });
  const ask = async (subjectId: string, value: string) =>
    (await (await town.officer()).createRequest(asked(subjectId, value))).request!;
  const ended = async ({ requestId }: privacyV1.Request) => (await town.watched(requestId)).at(-1)!;
  const emailOf = async (contactId: string) =>
    (
      await town.sql<{ email: string }>('contacts', 'select email from person where contact_id = $1', [
        contactId,
      ])
    )[0]?.email;
  const kept = (requestId: string) =>
    town.sql('privacy', 'select 1 from request_correction where request_id = $1', [requestId]);

  /** data.json of a package. */
  async function packaged(requestId: string): Promise<unknown> {
    const data: Buffer[] = [];
    for await (const { name, chunk } of (await town.officer()).streamAccessPackage({ requestId }))
      if (name === 'data.json') data.push(chunk);
    return JSON.parse(Buffer.concat(data).toString());
  }

  it('reaches every store that holds a copy, is searched for, and certified store by store', async () => {
    const ada = await town.person({ diary: true });
    const request = await ask(ada, 'ada.right@example.org');
    expect(request.state).toBe(State.REQUEST_STATE_FANNED_OUT);
    expect((await ended(request)).state).toBe(State.REQUEST_STATE_COMPLETED);
    expect(await emailOf(ada)).toBe('ada.right@example.org');
    const { claims } = verifyCertificate(await town.certificate(request.requestId), await town.vkey());
    expect(claims).toMatchObject({ right: 'CORRECTION', subject: ada });
    const said = new Map(
      claims.stores.map(({ store, outcome, detail, probe }) => [
        store,
        [outcome, probe?.outcome, probe?.detail || detail],
      ]),
    );
    expect(said.get('contacts.person')).toEqual(['CORRECTED', 'PROBED_CLEAN', 'by_id']);
    expect(said.get('contacts.diary')).toEqual(['RETAINED', 'RETAINED', 'diary_as_kept']);
    expect(said.get('contacts.subject-keys')).toEqual(['NOTHING_HELD', 'PROBED_CLEAN', 'by_id']);
    expect(said.get('privacy.request_correction')).toEqual(['RETAINED', 'RETAINED', 'request_as_received']);
  });

  it('keeps its values sealed until it has ended, and shows them in no event, order, receipt, leaf or audit entry', async () => {
    const ada = await town.person({ email: 'former.unmistakable@example.org' });
    const request = await town.whileLocked('contacts', 'heed.order_taken', async () => {
      const taken = await ask(ada, 'later.unmistakable@example.org');
      expect(await kept(taken.requestId)).toHaveLength(1);
      return taken;
    });
    await ended(request);
    expect(await kept(request.requestId)).toEqual([]);
    const tables = await town.sql<{ name: string }>(
      'privacy',
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'heed')`,
    );
    const forms = ['unmistakable', Buffer.from('unmistakable').toString('hex')].map((form) => `%${form}%`);
    for (const { name } of tables) {
      const found = await town.sql('privacy', `select 1 from ${name} t where t::text like any ($1)`, [forms]);
      expect([name, found]).toEqual([name, []]);
    }
    const orders = await town.cluster.published(OrdersIssued);
    const receipts = await town.cluster.published(ReceiptSigned.contacts);
    expect(orders.map(({ batch }) => Buffer.from(batch).toString('latin1')).join()).not.toContain(
      'unmistakable',
    );
    expect(JSON.stringify(receipts)).not.toContain('unmistakable');
    expect((await town.certificate(request.requestId)).toString()).not.toContain('unmistakable');
  });

  it('goes alone about its person: another waits outside, and the same call is answered as before', async () => {
    const ada = await town.person();
    const officer = await town.officer();
    const first = asked(ada, 'first@example.org');
    const request = await town.whileLocked('contacts', 'heed.order_taken', async () => {
      const taken = (await officer.createRequest(first)).request!;
      await expect(ask(ada, 'second@example.org')).rejects.toMatchObject({ reason: 'CORRECTION_UNDER_WAY' });
      return taken;
    });
    await ended(request);
    expect((await officer.createRequest(first)).request?.requestId).toBe(request.requestId);
    await expect(
      officer.createRequest({ ...first, corrections: corrections('third@example.org') }),
    ).rejects.toMatchObject({ reason: 'REQUEST_ID_REUSED' });
    await ended(await ask(ada, 'second@example.org'));
    expect(await emailOf(ada)).toBe('second@example.org');
  });

  it('and an erasure of the same person: what is asked first is done first, and nothing is corrected afterwards', async () => {
    const ada = await town.person();
    const [correction, erasure] = await town.whileLocked('contacts', 'heed.order_taken', async () => [
      await ask(ada, 'in-time@example.org'),
      await town.request({ subjectId: ada }),
    ]);
    expect((await ended(correction)).state).toBe(State.REQUEST_STATE_COMPLETED);
    expect((await ended(erasure)).state).toBe(State.REQUEST_STATE_COMPLETED);
    expect(await emailOf(ada)).toBeUndefined();
    for (const { requestId } of [correction, erasure])
      verifyCertificate(await town.certificate(requestId), await town.vkey());
    await expect(ask(ada, 'too-late@example.org')).rejects.toMatchObject({ reason: 'CONTACT_NOT_FOUND' });

    const bo = await town.person();
    await town.whileLocked('contacts', 'heed.order_taken', async () => {
      await town.request({ subjectId: bo });
      await expect(ask(bo, 'too-late@example.org')).rejects.toMatchObject({ reason: 'ERASURE_UNDER_WAY' });
    });
  });

  it('stays open where its probe finds that a store says something else, until a member closes it', async () => {
    const ada = await town.person();
    const late = await town.whileLocked('privacy', 'opening', async () => {
      const taken = await ask(ada, 'right@example.org');
      await town.until(
        () => emailOf(ada),
        (email) => email === 'right@example.org',
      );
      await town.sql('contacts', `update person set email = 'wrong@example.org' where contact_id = $1`, [
        ada,
      ]);
      return taken;
    });
    const found = await town.until(
      () => town.read(late.requestId),
      ({ state }) => state === State.REQUEST_STATE_NEEDS_ATTENTION,
    );
    expect(found.closedAt).toBe('');
    await expect(town.certificate(late.requestId)).rejects.toMatchObject({ reason: 'REQUEST_NOT_COMPLETED' });
    const officer = await town.officer();
    await officer.closeWithExceptions({ requestId: late.requestId, reason: 'seen_by_hand' });
    await ended(late);
    const { claims } = verifyCertificate(await town.certificate(late.requestId), await town.vkey());
    expect(claims.exceptions).toMatchObject([{ action: 'PROBE', service: 'contacts', why: 'found' }]);
  });

  it('is not closed by anybody while a store is silent, since that store would never learn what to correct', async () => {
    const ada = await town.person();
    const officer = await town.officer();
    const request = await town.whileLocked('contacts', 'heed.order_taken', async () => {
      const taken = await ask(ada, 'late@example.org');
      const closing = officer.closeWithExceptions({ requestId: taken.requestId, reason: 'store_gone' });
      await expect(closing).rejects.toMatchObject({ reason: 'CORRECTION_NEEDS_ALL' });
      return taken;
    });
    expect((await ended(request)).state).toBe(State.REQUEST_STATE_COMPLETED);
    expect(await emailOf(ada)).toBe('late@example.org');
  });

  it('goes on where it stood when privacy is killed, with the values that it had sealed', async () => {
    const ada = await town.person();
    const request = await ask(ada, 'after-kill@example.org');
    await town.cluster.restart('privacy');
    expect((await ended(request)).state).toBe(State.REQUEST_STATE_COMPLETED);
    expect(await emailOf(ada)).toBe('after-kill@example.org');
    expect(await kept(request.requestId)).toEqual([]);
  });

  it.each<[string, Partial<privacyV1.CreateRequestRequest>]>([
    ['of nothing', { corrections: [] }],
    ['of a member', { subjectKind: datarightsV1.SubjectKind.SUBJECT_KIND_MEMBER }],
    ['with another right', { right: Right.RIGHT_ACCESS }],
  ])('%s is refused', async (_, more) => {
    const ada = await town.person();
    const officer = await town.officer();
    await expect(officer.createRequest(asked(ada, 'x@example.org', more))).rejects.toMatchObject({
      reason: 'INVALID_ARGUMENT',
    });
  });

  it('goes to participants that say that they have copies; the certificate names the stores of others', async () => {
    const depot = new Outsider(town, 'depot', ['cart', 'member']);
    const club = new Outsider(town, 'club');
    club.copies = true;
    for (const each of [depot, club]) {
      await each.enrol([town.tenantId]);
      await each.register();
    }
    const ada = await town.person({ email: 'before@example.org' });
    const request = await ask(ada, 'after@example.org');
    const given = await club.pulled(0);
    expect(given.batch).toMatchObject({
      action: datarightsV1.Action.ACTION_CORRECT,
      orders: [{ corrects: true }],
    });
    const { handle } = given.batch.orders[0]!;
    const told = async (by: Outsider, asked = handle, tenantId = town.tenantId) =>
      (await by.client(tenantId)).getSubjectCorrections({ handle: asked });
    const { corrections: seen } = await told(club);
    expect(seen).toMatchObject([
      { field: EMAIL, value: 'after@example.org', previous: 'before@example.org' },
    ]);
    for (const asking of [told(depot), told(club, newId()), told(club, handle, newId())])
      await expect(asking).rejects.toMatchObject({ reason: 'HANDLE_NOT_FOUND' });
    const officer = await town.officer();
    const closing = () => officer.closeWithExceptions({ requestId: request.requestId, reason: 'store_gone' });
    await expect(closing()).rejects.toMatchObject({ reason: 'CORRECTION_NEEDS_ALL' });
    const corrected = [answer('club.member', 'CORRECTED', { count: 1 })];
    await club.submit(town.tenantId, club.sign(given, { entries: corrected }));
    const probe = await club.pulled(given.position);
    const early = club.sign(probe, { at: new Date(Date.parse(given.batch.issuedAt) - 3_600_000) });
    await expect(club.submit(town.tenantId, early)).rejects.toMatchObject({ reason: 'RECEIPT_OUT_OF_ORDER' });
    await club.submit(town.tenantId, club.sign(probe));
    expect((await ended(request)).state).toBe(State.REQUEST_STATE_COMPLETED);
    await expect(told(club)).rejects.toMatchObject({ reason: 'HANDLE_NOT_FOUND' });
    const { claims } = verifyCertificate(await town.certificate(request.requestId), await town.vkey());
    expect(claims.not_asked).toEqual(['depot.cart', 'depot.member']);
    expect(claims.stores.find(({ service }) => service === 'club')).toMatchObject({
      ...{ outcome: 'CORRECTED', count: 1, probe: { outcome: 'PROBED_CLEAN', self_attested: true } },
    });

    // What they hold is in no package, and it says so.
    const access = await town.request({ subjectId: ada, right: Right.RIGHT_ACCESS, objects: false });
    expect((await ended(access)).state).toBe(State.REQUEST_STATE_COMPLETED);
    const proof = verifyCertificate(await town.certificate(access.requestId), await town.vkey());
    expect(proof.claims.not_asked).toEqual(['club.member', 'depot.cart', 'depot.member']);
    expect(await packaged(access.requestId)).toMatchObject({ not_included: proof.claims.not_asked });

    // Whoever was lost would learn nothing however long it is waited for.
    const silent = await ask(ada, 'at-last@example.org');
    await town.until(
      () => emailOf(ada),
      (email) => email === 'at-last@example.org',
    );
    await (await operatorOf(town)).retireLostParticipant({ name: 'club', reason: 'company_gone' });
    await town.until(
      () =>
        officer
          .closeWithExceptions({ requestId: silent.requestId, reason: 'store_gone' })
          .catch(() => undefined),
      (closed) => closed !== undefined,
    );
    await ended(silent);
    const lost = verifyCertificate(await town.certificate(silent.requestId), await town.vkey());
    expect(lost.claims.exceptions).toContainEqual(
      expect.objectContaining({ action: 'CORRECT', service: 'club', why: 'open' }),
    );
    await (await operatorOf(town)).retireLostParticipant({ name: 'depot', reason: 'company_gone' });
  });

  it('of another tenant’s person is of nobody, and none of it breaks a promise', async () => {
    const ada = await town.person();
    const stranger = await town.officer(newId());
    await expect(stranger.createRequest(asked(ada, 'x@example.org'))).rejects.toMatchObject({
      reason: 'CONTACT_NOT_FOUND',
    });
    for (const service of ['privacy', 'contacts'] as const)
      expect(await brokenPromisesOf(['I6'], town.cluster.database(service))).toEqual([]);
  });
});
