import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { privacyV1 } from '@heed/contracts';
import { newId, sha256, verifySignature } from '@heed/kernel';
import { Outsider } from './participant.js';
import { Town } from './town.js';

describe('the data map', () => {
  let town: Town;
  beforeAll(async () => {
    town = await Town.open();
  });
  afterAll(() => town?.close());

  const readerOf = async (tenantId = town.tenantId) => {
    const token = await town.cluster.memberToken({ tenantId, roles: ['auditor'] });
    return (await town.cluster.asMember('privacy', { token })).of(privacyV1.DataMapServiceService);
  };

  it('lists what every service must answer for, page by page and by filter', async () => {
    const reader = await readerOf();
    const ask = { pageSize: 2, pageToken: '', service: '', kind: '', category: '' };
    const all = (await reader.listStores({ ...ask, pageSize: 1000 })).stores;
    const paged: privacyV1.Store[] = [];
    let pageToken = '';
    do {
      const page = await reader.listStores({ ...ask, pageToken });
      paged.push(...page.stores);
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(paged).toEqual(all);
    const names = all.map(({ service, name }) => `${service}.${name}`);
    expect(names).toEqual([...names].sort());
    expect(names).toEqual(expect.arrayContaining(['contacts.person', 'privacy.request-record']));
    const emails = (await reader.listStores({ ...ask, pageSize: 1000, category: 'user.contact' })).stores;
    expect(emails.map(({ name }) => name)).toContain('person');
    expect(emails.every(({ categories }) => categories.some((c) => c.startsWith('user.contact')))).toBe(true);
    const { stores: records } = await reader.listStores({ ...ask, service: 'privacy', kind: 'log' });
    expect(records).toMatchObject([
      { name: 'request-record', onErasure: 'retain', ground: 'accountability', keptDays: 730 },
    ]);
  });

  it('shows a store by its columns, and a manifest as it was signed', async () => {
    const reader = await readerOf();
    const { store, columns } = await reader.getStore({ service: 'contacts', name: 'person' });
    expect(store).toMatchObject({ kind: 'table', onErasure: 'delete', selfAttested: false });
    expect(columns).toContainEqual({
      ...{ name: 'email', holds: 'personal', category: 'user.contact.email' },
      ...{ purpose: expect.stringMatching(/^[a-z_.]+$/), sealed: false },
    });
    await expect(reader.getStore({ service: 'contacts', name: 'nothing' })).rejects.toMatchObject({
      reason: 'STORE_NOT_FOUND',
    });
    const { manifests } = await reader.listManifests({ pageSize: 1000, pageToken: '' });
    const shown = manifests.find(({ service }) => service === 'contacts')!;
    expect(shown.refused).toBe('');
    const signed = await reader.getManifest({ service: 'contacts', version: shown.version });
    expect(sha256(signed.manifest).toString('hex')).toBe(shown.version);
    await expect(reader.getManifest({ service: 'nobody', version: '' })).rejects.toMatchObject({
      reason: 'MANIFEST_NOT_FOUND',
    });
  });

  it('shows a participant to the tenants whose people it holds, and to no other', async () => {
    const theirs = newId();
    const studio = new Outsider(town, 'studio');
    await studio.enrol([theirs]);
    await studio.register();
    const seenBy = async (tenantId: string) =>
      (await (await readerOf(tenantId)).listManifests({ pageSize: 1000, pageToken: '' })).manifests;
    expect(await seenBy(theirs)).toContainEqual(
      expect.objectContaining({ service: 'studio', selfAttested: true, answeringStores: 1 }),
    );
    expect((await seenBy(newId())).map(({ service }) => service)).not.toContain('studio');
  });

  it('6.5 loses a store only after it was retired, its last receipt is in, and no request waits for it', async () => {
    const tenantId = newId();
    const depot = new Outsider(town, 'attic', ['box', 'shelf']);
    await depot.enrol([tenantId]);
    await depot.register();
    const officer = await town.officer(tenantId);
    const begun = await officer.createRequest(town.asking({ subjectId: newId() }));
    const shrunk = (why: string) => ({ reason: 'MANIFEST_SHRUNK', metadata: { store: 'attic.shelf', why } });
    await expect(depot.register(depot.manifest(['box']))).rejects.toMatchObject(shrunk('not_retired'));

    depot.retired.push('shelf');
    const { version } = await depot.register();
    const leaf = async () =>
      town.sql<{ data: Buffer }>('privacy', `select data from log_leaf where data like '%store_retired%'`);
    const [told] = (await leaf()).map(({ data }) => JSON.parse(data.toString()) as Record<string, string>);
    expect(told).toMatchObject({ service: 'attic', store: 'shelf', was: 'table', manifest: version });
    const signed = Buffer.concat([Buffer.from('heed manifest v1\n'), depot.manifest()]);
    expect(verifySignature(depot.key.publicKey, signed, Buffer.from(told!['signature']!, 'base64'))).toBe(
      true,
    );
    await depot.register();
    expect(await leaf()).toHaveLength(1);
    await expect(depot.register(depot.manifest(['box']))).rejects.toMatchObject(shrunk('no_last_receipt'));

    // The request of before wants an answer of the store that was; it gets the word of the store that is retired.
    const at = await depot.answer(0, 1);
    await expect(depot.register(depot.manifest(['box']))).rejects.toMatchObject(shrunk('open_requests'));
    await depot.answer(at, 1);
    const ended = await town.until(
      () => officer.getRequest({ requestId: begun.request!.requestId }),
      ({ request }) => request!.closedAt !== '',
    );
    expect(ended.request!.stores.filter(({ service }) => service === 'attic')).toHaveLength(2);
    await expect(depot.register(depot.manifest(['box']))).resolves.toMatchObject({ stores: ['attic.box'] });
  });
});
