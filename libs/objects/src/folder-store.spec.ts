import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { objectStoreConformance } from '@heed/testing/object-store-conformance';
import { openObjectStore } from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'heed-objects-'));
const url = pathToFileURL(folder).href;

objectStoreConformance('a folder', {
  make: () => openObjectStore(url),
  close: () => Promise.resolve(),
});

describe('a folder of objects', () => {
  afterAll(() => rm(folder, { recursive: true }));

  it('leaves no folder named after someone whose last object is gone', async () => {
    const store = await openObjectStore(url);
    await store.put('tenant/person/recording', Buffer.from('x'));
    expect((await stat(join(folder, 'tenant', 'person', 'recording'))).mode & 0o077).toBe(0);
    await store.delete('tenant/person/recording');
    expect(await readdir(folder)).not.toContain('tenant');
    expect(await readdir(join(folder, '.uploads'))).toEqual([]);
  });

  it('says so where a key is a prefix of another', async () => {
    const store = await openObjectStore(url);
    await store.put('one/two', Buffer.from('x'));
    await expect(store.put('one', Buffer.from('x'))).rejects.toMatchObject({ reason: 'OBJECT_KEY_TAKEN' });
    await expect(store.put('one/two/three', Buffer.from('x'))).rejects.toMatchObject({
      reason: 'OBJECT_KEY_TAKEN',
    });
  });

  it('refuses places that nobody knows', async () => {
    await expect(openObjectStore('gs://bucket')).rejects.toMatchObject({ reason: 'OBJECTS_UNKNOWN' });
  });
});
