import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datarightsV1, privacyV1 } from '@heed/contracts';
import { newId, NIL_UUID } from '@heed/kernel';
import { verifyCertificate } from '@heed/verifier';
import { Town } from './town.js';

const { HitResolution, RequestState, SweepsServiceService } = privacyV1;

describe('6.7 the sweep', () => {
  let town: Town;
  let operator: Awaited<ReturnType<typeof operatorOf>>;
  let officer: Awaited<ReturnType<typeof officerOf>>;
  beforeAll(async () => {
    town = await Town.open();
    [operator, officer] = [await operatorOf(town), await officerOf(town)];
  });
  afterAll(() => town?.close());

  /** Somebody who is gone, with a certificate. */
  async function erased(email: string): Promise<{ contactId: string; requestId: string }> {
    const contactId = await town.person({ email });
    const { requestId } = await town.request({ subjectId: contactId });
    const ended = (await town.watched(requestId)).at(-1)!;
    expect(ended.state).toBe(RequestState.REQUEST_STATE_COMPLETED);
    return { contactId, requestId };
  }

  /** To its end. */
  async function sweep(): Promise<privacyV1.Sweep> {
    const { sweep: begun } = await operator.beginSweep({});
    const page = { pageSize: 1, pageToken: '' };
    const { sweeps } = await town.until(
      () => operator.listSweeps(page),
      (list) => list.sweeps[0]?.sweepId === begun!.sweepId && list.sweeps[0].endedAt !== '',
    );
    return sweeps[0]!;
  }

  const openHits = async () =>
    (await officer.listProbeHits({ pageSize: 0, pageToken: '', includeResolved: false })).hits;
  const needles = () => town.sql<{ request_id: string }>('privacy', 'select request_id from search_needle');
  /** As a restore with its triggers off does. */
  const backAgain = (contactId: string, email: string) =>
    town.sql(
      'contacts',
      `set session_replication_role = replica;
       insert into person values ('${town.tenantId}', '${contactId}', '${email}')`,
    );

  it('searches every service for who was erased since the last, and keeps nothing to search by', async () => {
    const { requestId } = await erased('sweep.clean@example.org');
    expect((await needles()).map((row) => row.request_id)).toContain(requestId);
    const certified = async () => verifyCertificate(await town.certificate(requestId), await town.vkey());
    expect((await certified()).claims.sweep).toEqual({ state: 'DUE', services: [] });
    const before = await operator.listSweeps({ pageSize: 1, pageToken: '' });
    expect(before.waiting).toBeGreaterThan(0);
    expect(Date.parse(before.nextAt)).toBeGreaterThan(Date.now());
    const ended = await sweep();
    expect(ended.parts.map(({ service, found }) => [service, found])).toEqual([
      ['contacts', 0],
      ['privacy', 0],
    ]);
    expect(await needles()).toEqual([]);
    const [leaf] = await town.sql<{ data: Buffer }>(
      'privacy',
      `select data from log_leaf where position('"type":"sweep"'::bytea in data) > 0 order by index desc limit 1`,
    );
    expect(JSON.parse(leaf!.data.toString())).toMatchObject({ type: 'sweep', sweep: ended.sweepId });
    const { sweep: claimed } = (await certified()).claims;
    expect(claimed).toMatchObject({
      state: 'DONE',
      services: [
        { service: 'contacts', needles: 1, found: 0, excepted: 0 },
        { service: 'privacy', needles: 1, found: 0, excepted: 0 },
      ],
    });
    expect(claimed!.services.every(({ columns }) => columns > 40)).toBe(true);
    // Nobody waits any more.
    expect((await operator.beginSweep({})).sweep).toBeUndefined();
  });

  it('finds a store that says it has erased and has not, and puts it before a person until it is gone', async () => {
    const email = 'sweep.liar@example.org';
    const { contactId, requestId } = await erased(email);
    await backAgain(contactId, email);
    const found = await sweep();
    expect(found.parts.map(({ found: places }) => places)).toEqual([1, 0]);
    const [hit] = await openHits();
    expect(hit).toMatchObject({ requestId, service: 'contacts', store: 'person', column: 'email' });
    expect(JSON.parse(hit!.row)).toEqual({ contact_id: contactId });
    expect(JSON.stringify(await openHits())).not.toContain(email);
    // Kept, for a person has still to say what it is; and not searched for every night.
    expect((await operator.beginSweep({})).sweep).toBeUndefined();
    expect(await needles()).toHaveLength(1);
    const said = { hitId: hit!.hitId, resolution: HitResolution.HIT_RESOLUTION_REMOVED, reason: 'TICKET-1' };
    await town.sql('contacts', 'delete from person where contact_id = $1', [contactId]);
    const resolved = await officer.resolveProbeHit(said);
    expect(await officer.resolveProbeHit(said)).toEqual(resolved);
    await expect(officer.resolveProbeHit({ ...said, reason: 'other' })).rejects.toMatchObject({
      reason: 'HIT_RESOLVED',
    });
    const certified = async () => verifyCertificate(await town.certificate(requestId), await town.vkey());
    expect((await certified()).claims.sweep!.services[0]).toMatchObject({ found: 1, excepted: 0 });
    expect((await sweep()).parts.map(({ found: places }) => places)).toEqual([0, 0]);
    expect((await certified()).claims.sweep!.services[0]).toMatchObject({ found: 0 });
    expect([await openHits(), await needles()]).toEqual([[], []]);
  });

  it('excepts somebody who lives under the same address, and takes no word of theirs for a hit', async () => {
    const email = 'sweep.household@example.org';
    await erased(email);
    await town.person({ email });
    const ended = await sweep();
    expect(ended.parts.map(({ found, excepted }) => [found, excepted])).toEqual([
      [1, 1],
      [0, 0],
    ]);
    expect([await openHits(), await needles()]).toEqual([[], []]);
  });

  it('tells what it searches for to services alone, and to nobody in the name of a tenant', async () => {
    const contacts = town.cluster.asService('contacts').of(SweepsServiceService, 'privacy');
    const asked = async (tenantId: string) => {
      const people = [];
      for await (const piece of contacts.streamNeedles({ sweepId: newId() }, { tenantId }))
        people.push(piece);
      return people;
    };
    await expect(asked(town.tenantId)).rejects.toMatchObject({ reason: 'SWEEP_NOT_FOUND' });
    await expect(asked(NIL_UUID)).rejects.toMatchObject({ reason: 'SWEEP_NOT_FOUND' });
    const privacy = town.cluster.asService('privacy').of(datarightsV1.DataRightsServiceService, 'contacts');
    const swept = async () => {
      for await (const piece of privacy.runSweep({ sweepId: newId() }, { tenantId: town.tenantId }))
        return piece;
      return undefined;
    };
    await expect(swept()).rejects.toMatchObject({ reason: 'SWEEP_NOT_FOUND' });
  });
});

async function operatorOf(town: Town) {
  const token = await town.cluster.operatorToken();
  return (await town.cluster.asMember('privacy', { token })).of(SweepsServiceService);
}

async function officerOf(town: Town) {
  const caller = await town.cluster.asMember('privacy', {
    ...{ tenantId: town.tenantId, roles: ['compliance_officer'] },
  });
  return caller.of(SweepsServiceService);
}
