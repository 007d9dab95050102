import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { ACCESS_KEY, gate, REGION, S3Double, SECRET_KEY } from '@heed/testing';
import { objectStoreConformance } from '@heed/testing/object-store-conformance';
import { openObjectStore, type ObjectStore } from './index.js';

const SETTINGS = { AWS_ACCESS_KEY_ID: ACCESS_KEY, AWS_SECRET_ACCESS_KEY: SECRET_KEY, AWS_REGION: REGION };
const before = { ...process.env };
beforeAll(() => {
  Object.assign(process.env, SETTINGS);
});
afterAll(() => {
  for (const name of Object.keys(SETTINGS)) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

const BUCKET = 'heed-objects';
const urlOf = (double: S3Double, folder = ''): string =>
  `s3://${BUCKET}${folder}?endpoint=${encodeURIComponent(double.url)}&path_style=true`;

for (const [name, versioned, folder] of [
  ['a bucket', false, ''],
  ['a prefix of a versioned bucket', true, '/some/where'],
] as const) {
  const double = new S3Double(BUCKET, versioned);
  objectStoreConformance(name, {
    make: async () => openObjectStore(urlOf(await double.start(), folder)),
    close: () => double.stop(),
  });
}

describe('a bucket of S3', () => {
  const double = new S3Double(BUCKET, true);
  let store: ObjectStore;
  const MIB = 1024 * 1024;
  const long = Buffer.alloc(20 * MIB, 'recording');
  const fresh = (): string => `${newId()}/recordings/${newId()}`;

  beforeAll(async () => {
    store = await openObjectStore(urlOf(await double.start()));
  });
  afterAll(() => double.stop());

  async function* pieces(door?: () => Promise<void>): AsyncGenerator<Buffer> {
    for (let at = 0; at < long.length; at += MIB) {
      if (at === 18 * MIB) await door?.();
      yield long.subarray(at, at + MIB);
    }
  }

  it('takes what is long in parts, and gives it back whole', async () => {
    const key = fresh();
    expect(await store.put(key, pieces())).toBe(long.length);
    const back = Buffer.concat(await (await store.get(key)).toArray());
    expect(back.equals(long)).toBe(true);
    expect(double.uploads.size).toBe(0);
  });

  it('5.8 deletes every version, and the markers of deletes by others', async () => {
    const key = fresh();
    for (let n = 0; n < 7; n++) await store.put(key, Buffer.from(`version ${n}`));
    await store.put(`${key}x`, Buffer.from('another object'));
    double.objects.get(key)!.unshift({ id: 'marker', content: undefined });
    expect(await store.exists(key)).toBe(false);
    expect(await store.delete(key)).toBe(true);
    expect(double.objects.has(key)).toBe(false);
    expect(await store.exists(`${key}x`)).toBe(true);
  });

  it('5.8 ends an upload in flight when its object is deleted: it never lands, nor do its parts stay', async () => {
    const key = fresh();
    const door = gate();
    const putting = store.put(key, pieces(door));
    const refused = expect(putting).rejects.toMatchObject({ reason: 'OBJECT_UPLOAD_ENDED' });
    await door.reached;
    expect([...double.uploads.values()].map((upload) => upload.key)).toEqual([key]);
    await store.delete(key);
    expect(double.uploads.size).toBe(0);
    door.open();
    await refused;
    expect(await store.exists(key)).toBe(false);
    expect(double.objects.has(key)).toBe(false);
  });

  it('leaves no parts behind where a long upload breaks off', async () => {
    const breaking = store.put(
      fresh(),
      pieces(() => Promise.reject(new Error('the line went dead'))),
    );
    await expect(breaking).rejects.toThrow('the line went dead');
    expect(double.uploads.size).toBe(0);
  });

  it('is asked again where it is busy or cut off, and said to be away where it stays so', async () => {
    const key = fresh();
    double.next({ status: 503 }, 'cut');
    expect(await store.put(key, Buffer.from('x'))).toBe(1);
    double.next({ status: 503 }, { status: 500 }, 'cut', { status: 503 });
    await expect(store.exists(key)).rejects.toMatchObject({ reason: 'OBJECTS_UNREACHABLE' });
  });

  it('is spoken to with the credentials that are given, and not with those of the process', async () => {
    const own = { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY };
    expect(await (await openObjectStore(urlOf(double), own)).put(fresh(), Buffer.from('x'))).toBe(1);
    const others = await openObjectStore(urlOf(double), { ...own, accessKeyId: 'somebody' });
    await expect(others.put(fresh(), Buffer.from('x'))).rejects.toMatchObject({ reason: 'OBJECTS_REFUSED' });
  });

  it('says so where it refuses us', async () => {
    double.next({ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' });
    await expect(store.delete(fresh())).rejects.toMatchObject({ reason: 'OBJECTS_REFUSED' });
    const other = await openObjectStore(urlOf(double).replace(BUCKET, 'another'));
    await expect(other.put(fresh(), Buffer.from('x'))).rejects.toMatchObject({ reason: 'OBJECTS_REFUSED' });
  });
});
