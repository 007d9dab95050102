import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datarightsV1, OrdersIssued, privacyV1 } from '@heed/contracts';
import { canonicalJson, chunked } from '@heed/kernel';
import { brokenPromises } from '@heed/testing';
import { verifyCertificate } from '@heed/verifier';
import { silent } from './people/people.js';
import { Town } from './town.js';

const { RequestState, Right } = privacyV1;
const NOT_STATED = datarightsV1.StoreOutcome.STORE_OUTCOME_UNSPECIFIED;

describe('a request', () => {
  let town: Town;
  beforeAll(async () => {
    town = await Town.open(silent);
  });
  afterAll(() => town?.close());

  it('6.4 stays open while one service is silent, asks it again, and completes when it answers', async () => {
    const contactId = await town.person();
    await town.cluster.service('telephony').kill();
    const { requestId } = await town.request({ subjectId: contactId });
    const asked = await town.until(
      () => town.read(requestId),
      ({ stores }) =>
        stores.every(({ service, outcome }) => service !== 'contacts' || outcome !== NOT_STATED),
    );
    expect(asked.state).toBe(RequestState.REQUEST_STATE_FANNED_OUT);
    expect(
      asked.stores
        .filter(({ service }) => service === 'telephony')
        .every(({ outcome }) => outcome === NOT_STATED),
    ).toBe(true);

    const issued = async () => (await town.cluster.published(OrdersIssued)).length;
    const before = await issued();
    await town.sql('privacy', `update heed.due_work set due_at = '2000-01-01' where queue = 'ask-again'`);
    await town.until(issued, (count) => count > before);
    expect((await town.read(requestId)).closedAt).toBe('');

    await town.cluster.restart('telephony');
    expect((await town.watched(requestId)).at(-1)?.state).toBe(RequestState.REQUEST_STATE_COMPLETED);
    const { claims } = verifyCertificate(await town.certificate(requestId), await town.vkey());
    expect(claims.stores.map(({ store }) => store)).toContain('telephony.backups');
  });

  it('goes on where it stood when privacy is killed at any time', async () => {
    const contactId = await town.person();
    const { requestId } = await town.request({ subjectId: contactId });
    for (const state of [RequestState.REQUEST_STATE_FANNED_OUT, RequestState.REQUEST_STATE_PROBING]) {
      await town.cluster.restart('privacy');
      await town.until(
        () => town.read(requestId),
        (request) => request.state >= state,
      );
    }
    await town.cluster.restart('privacy');
    expect((await town.watched(requestId)).at(-1)?.state).toBe(RequestState.REQUEST_STATE_COMPLETED);
    verifyCertificate(await town.certificate(requestId), await town.vkey());
  });

  it('6.6 is never completed where a probe has found something', async () => {
    const contactId = await town.person({ diary: true });
    const { requestId } = await town.request({ subjectId: contactId });
    const fence = () =>
      town.sql('contacts', 'select 1 from heed.subject where subject_id = $1 and not live', [contactId]);
    await town.until(fence, (rows) => rows.length > 0);
    // As a restore with its triggers off does, while the receipt waits for memories of the key.
    await town.sql(
      'contacts',
      `set session_replication_role = replica;
       insert into person (tenant_id, contact_id, email) values ('${town.tenantId}', '${contactId}', 'back@example.org')`,
    );
    const found = await town.until(
      () => town.read(requestId),
      ({ state }) => state > RequestState.REQUEST_STATE_PROBING,
    );
    expect(found).toMatchObject({ state: RequestState.REQUEST_STATE_NEEDS_ATTENTION, closedAt: '' });
    await expect(town.certificate(requestId)).rejects.toMatchObject({ reason: 'REQUEST_NOT_COMPLETED' });
  });

  it('6.2 is one of a hundred that go in batches, and its certificate names nobody else', async () => {
    const ids = await Promise.all(Array.from({ length: 100 }, () => town.person()));
    const requests = [];
    for (const some of chunked(ids, 20)) {
      requests.push(...(await Promise.all(some.map((subjectId) => town.request({ subjectId })))));
    }
    // By one who looks, not by a hundred watchers: they would have to wait for each other's connections.
    await town.until(
      () =>
        town.sql(
          'privacy',
          'select 1 from request where subject_id = any ($1::uuid[]) and closed_at is null',
          [ids],
        ),
      (open) => open.length === 0,
    );
    const [largest] = await town.sql<{ people: string[] }>(
      'privacy',
      `select array_agg(subject_id::text) as people from subject_order
       where action = 'ERASE' and subject_id = any ($1::uuid[]) group by batch_id order by count(*) desc limit 1`,
      [ids],
    );
    // How many go together depends on how fast they come.
    expect(largest!.people.length).toBeGreaterThan(1);
    const [one] = largest!.people;
    const certificate = await town.certificate(
      requests.find(({ subjectId }) => subjectId === one)!.requestId,
    );
    verifyCertificate(certificate, await town.vkey());
    const text = decoded(certificate);
    expect(ids.filter((id) => text.includes(id))).toEqual([one]);
    // No leaf of the log names anybody.
    const leaves = await town.sql<{ data: Buffer }>('privacy', 'select data from log_leaf');
    expect(leaves.some(({ data }) => ids.some((id) => data.includes(id)))).toBe(false);
  });

  it('for access and for erasure of one person are worked one after the other, in their order', async () => {
    const contactId = await town.person();
    const access = await town.request({ subjectId: contactId, right: Right.RIGHT_ACCESS });
    const erasure = await town.request({ subjectId: contactId });
    await Promise.all([town.watched(access.requestId), town.watched(erasure.requestId)]);
    const { claims } = verifyCertificate(await town.certificate(access.requestId), await town.vkey());
    expect(claims.stores).toContainEqual(
      expect.objectContaining({ store: 'contacts.person', outcome: 'EXPORTED', count: 1 }),
    );
    verifyCertificate(await town.certificate(erasure.requestId), await town.vkey());
  });

  it('5.2 about somebody never seen is completed, and nobody by that id comes in afterwards', async () => {
    const { requestId, subjectId } = await town.request({
      subjectId: '01981f6a-0000-7000-8000-0000000000aa',
    });
    await town.watched(requestId);
    const late = town.sql(
      'contacts',
      `insert into person (tenant_id, contact_id, email) values ('${town.tenantId}', '${subjectId}', 'late@example.org')`,
    );
    await expect(late).rejects.toMatchObject({ code: '23503' });
  });

  it('6.5 does not begin while a service declares less than it did', async () => {
    const [kept] = await town.sql<{ content: Buffer }>(
      'privacy',
      `select content from manifest where service = 'contacts' order by seen_at desc limit 1`,
    );
    const more = JSON.parse(kept!.content.toString()) as { stores: object[] };
    more.stores.push({ kind: 'table', of: 'subject', name: 'letters', schema: 'public', table: 'letters' });
    await town.sql(
      'privacy',
      `insert into manifest (service, version, content, signature, key_id, seen_at)
       values ('contacts', $1, $2, '', '0123456789abcdef', '2099-01-01')`,
      ['b'.repeat(64), Buffer.from(canonicalJson(more))],
    );
    await town.cluster.restart('privacy');
    const contactId = await town.person();
    // Asked for at once, in the background.
    await town.until(
      () => town.request({ subjectId: contactId }).catch((error: unknown) => error),
      (answer) => answer instanceof Error,
    );
    await expect(town.request({ subjectId: contactId, right: Right.RIGHT_ACCESS })).rejects.toMatchObject({
      reason: 'MANIFEST_SHRUNK',
      metadata: { service: 'contacts', store: 'contacts.letters' },
    });
  });

  it('6.5 has left no request completed that owes an answer, a probe, a receipt or a leaf: as SQL sees it', async () => {
    const broken = await brokenPromises(town.cluster.database('privacy'));
    expect(broken.filter((finding) => finding.startsWith('I6'))).toEqual([]);
  });
});

/** The file with all that is base64 in it. */
function decoded(certificate: Buffer): string {
  const text = certificate.toString('utf8');
  const inside = [...text.matchAll(/"([A-Za-z0-9+/]{40,}={0,2})"/g)].map(([, base64]) =>
    Buffer.from(base64!, 'base64').toString('latin1'),
  );
  return [text, ...inside].join('\n');
}
