import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import pg from 'pg';
import { ConsentChanged, contactsV1, datarightsV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { checkHealth } from '@heed/rpc';
import { gate } from '@heed/testing';
import { type Cluster, startCluster } from '@heed/testing/cluster';
import { defineService, manifestOfService, migrationsOf, startService } from '../src/index.js';
import { hooksOfMessaging, listenerOfCampaigns, notesOfContacts, watch } from './notes/notes.js';

const { ConsentServiceService, OptOutEffect } = contactsV1;
const tenantId = newId();
const optOut = (contactId = newId()): contactsV1.RecordOptOutRequest => ({
  ...{ requestId: newId(), contactId, channel: 0, purpose: '', sender: '', evidence: 'please stop' },
  heardFrom: undefined,
  source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
});

async function rowsOf(cluster: Cluster, sql: string, service: 'contacts' | 'campaigns' = 'contacts') {
  const client = new pg.Client({ connectionString: cluster.database(service).superuserUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

describe('a service', () => {
  const lines: string[] = [];
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster([notesOfContacts, hooksOfMessaging, listenerOfCampaigns], {
      write: (line) => lines.push(line),
      producers: ['privacy'],
      env: { HEED_COPIES: 'base:backup:35,old-disks:retired:2026-11-27' },
    });
  });
  afterAll(() => cluster?.stop());
  beforeEach(() => watch.reset());
  const consentAs = async (roles: string[]) =>
    (await cluster.asMember('contacts', { tenantId, roles })).of(ConsentServiceService);

  it('says when it serves, once, with where it is', () => {
    const ready = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'ready');
    expect(ready.map(({ service }) => service).sort()).toEqual(['campaigns', 'contacts', 'messaging']);
    const { grpc, http, pid } = ready.find(({ service }) => service === 'contacts');
    expect(cluster.service('contacts')).toMatchObject({
      grpcTarget: `dns:///${grpc}`,
      httpUrl: `http://${http}`,
    });
    expect(pid).toBe(process.pid);
  });

  it('is healthy', async () => {
    expect(await checkHealth(cluster.service('contacts').grpcTarget)).toBe('SERVING');
  });

  it('serves members over gRPC and HTTP by the same tokens', async () => {
    expect(await (await consentAs(['agent'])).recordOptOut(optOut())).toMatchObject({
      effect: OptOutEffect.OPT_OUT_EFFECT_RECORDED,
    });
    const token = await cluster.memberToken({ tenantId });
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${cluster.service('contacts').httpUrl}/v1/self`, { headers });
    expect(await response.json()).toEqual({ tenantId });
  });

  it.each(['contacts', 'campaigns'] as const)(
    'of %s refuses with the reason of the use case',
    async (name) => {
      const client = await cluster.asMember(name, { tenantId, roles: ['compliance_officer'] });
      const dataRights = client.of(datarightsV1.DataRightsServiceService);
      expect(await dataRights.getManifest({})).toMatchObject({ service: name });
      const privacy = cluster.asService('privacy').of(datarightsV1.DataRightsServiceService, name);
      await expect(privacy.getReceipt({ batchId: newId() }, { tenantId })).rejects.toMatchObject({
        reason: 'RECEIPT_NOT_FOUND',
        kind: 'not-found',
      });
    },
  );

  it('serves other services by the keys that they registered, and by no others', async () => {
    const consent = cluster.asService('privacy').of(ConsentServiceService, 'contacts');
    await consent.recordOptOut(optOut(), { tenantId });
    const stranger = cluster.asService('telephony').of(datarightsV1.DataRightsServiceService, 'contacts');
    await expect(stranger.getManifest({}, { tenantId })).rejects.toMatchObject({
      reason: 'SERVICE_CALL_REFUSED',
    });
  });

  it('5.4 serves its manifest to privacy, with the copies that whoever runs it declares', async () => {
    const dataRights = cluster.asService('privacy').of(datarightsV1.DataRightsServiceService, 'contacts');
    const { version } = await dataRights.getManifest({}, { tenantId });
    expect(version).not.toBe((await manifestOfService(notesOfContacts)).version);
    const declared = await manifestOfService(notesOfContacts, [
      { name: 'base', kind: 'backup', days: 35 },
      { name: 'old-disks', retiredSince: '2026-11-27' },
    ]);
    expect(version).toBe(declared.version);
    expect(declared.stores).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'copy', name: 'base', expiresAfterDays: 35 }),
        expect.objectContaining({ kind: 'retired', name: 'old-disks', was: 'copy' }),
      ]),
    );
  });

  it('keeps what a request did in one transaction: the row, the event, the answer', async () => {
    const request = optOut();
    const consent = await consentAs(['agent']);
    await consent.recordOptOut(request);
    await consent.recordOptOut(request).catch(() => undefined);
    const events = await cluster.published(ConsentChanged);
    expect(events.filter(({ contactId }) => contactId === request.contactId)).toHaveLength(1);
    expect(
      await rowsOf(cluster, `select 1 from note where contact_id = '${request.contactId}'`),
    ).toHaveLength(1);
  });

  it('holds one trace from a webhook through gRPC and the outbox to the inbox of another service', async () => {
    const contactId = newId();
    await fetch(`${cluster.service('messaging').httpUrl}/hooks/stop`, {
      method: 'POST',
      body: JSON.stringify({ tenantId, contactId }),
      headers: {
        'content-type': 'application/json',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
    });
    await watch.heard.promise;
    expect(watch.traces.map(([where]) => where)).toEqual(['http', 'grpc', 'inbox']);
    for (const [, traceparent] of watch.traces) {
      expect(traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    }
  });

  it('finishes what is in hand when it is stopped, and takes nothing new', async () => {
    const other = await startCluster([notesOfContacts], { producers: ['privacy'] });
    const door = gate();
    watch.beforeCommit = () => door();
    const client = (await other.asMember('contacts', { tenantId })).of(ConsentServiceService);
    const { grpcTarget } = other.service('contacts');
    const inHand = client.recordOptOut(optOut());
    await door.reached;
    const stopped = other.service('contacts').stop();
    await expect(checkHealth(grpcTarget)).rejects.toThrow();
    door.open();
    await inHand;
    await stopped;
    await other.stop();
  });

  it('that is killed leaves nothing half done, and goes on from there when it is back', async () => {
    const contactId = newId();
    const door = gate();
    watch.beforeCommit = () => door();
    const request = optOut(contactId);
    const interrupted = (await consentAs(['agent'])).recordOptOut(request).catch((error: unknown) => error);
    await door.reached;
    const back = cluster.restart('contacts');
    door.open();
    expect(await interrupted).toMatchObject({ kind: expect.stringMatching(/^(unavailable|aborted)$/) });
    await back;
    expect(await rowsOf(cluster, `select 1 from note where contact_id = '${contactId}'`)).toEqual([]);
    watch.reset();
    await (await consentAs(['agent'])).recordOptOut(request);
    expect(await rowsOf(cluster, `select 1 from note where contact_id = '${contactId}'`)).toHaveLength(1);
  });

  it('writes no personal data into its log', () => {
    expect(lines.join('')).not.toContain('please stop');
  });
});

describe('a service does not start', () => {
  const settings = { HEED_ENV: 'test', HEED_BUS: 'embedded' };

  it('without its settings, and names all of them at once', async () => {
    await expect(startService(notesOfContacts, settings)).rejects.toMatchObject({
      reason: 'SETTINGS_INVALID',
      message: expect.stringMatching(/HEED_DATABASE_URL: missing[^]*HEED_OBJECTS: missing/),
    });
  });

  it('with a route that nobody said who may use', async () => {
    @Controller('forgotten')
    class ForgottenController {
      @Get()
      list() {
        return [];
      }
    }
    @Module({ controllers: [ForgottenController] })
    class ForgottenModule {}
    await expect(
      startCluster([{ ...notesOfContacts, module: ForgottenModule }], { producers: [] }),
    ).rejects.toMatchObject({
      reason: 'ROUTE_WITHOUT_ACCESS',
    });
  });

  it('4.1 with a table that is in no data map', async () => {
    await expect(
      startCluster([defineService({ ...notesOfContacts, entities: [] })], { producers: [] }),
    ).rejects.toMatchObject({
      reason: 'DATA_MAP_DIFFERS',
      message: expect.stringContaining('UNDECLARED_TABLE public.note'),
    });
  });

  it('on a database that lacks its migrations', async () => {
    const older = { ...notesOfContacts, migrations: new URL('./none/', import.meta.url) };
    await expect(
      Promise.resolve(migrationsOf(older)).then(() => startCluster([older], { producers: [] })),
    ).rejects.toMatchObject({
      reason: 'MIGRATIONS_MISSING',
    });
  });

  it('when what it must do before serving fails', async () => {
    const refusing = defineService({
      ...notesOfContacts,
      beforeServing: () => Promise.reject(new Error('restored from a backup')),
    });
    await expect(startCluster([refusing], { producers: ['privacy'] })).rejects.toThrow(
      'restored from a backup',
    );
  });
});
