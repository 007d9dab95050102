import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { newId } from '@heed/kernel';
import { type ObjectStore } from '@heed/objects';
import { gate } from './gate.js';

export interface ObjectStoreDriver {
  make(): Promise<ObjectStore>;
  close(): Promise<void>;
}

/** What every driver of the object store promises. Keys are a test's own, so that it can run on a shared bucket. */
export function objectStoreConformance(name: string, driver: ObjectStoreDriver): void {
  describe(`an object store: ${name}`, () => {
    let store: ObjectStore;
    beforeAll(async () => {
      store = await driver.make();
    });
    afterAll(() => driver.close());

    const fresh = (): string => `${newId()}/recordings/${newId()}.wav`;
    const read = async (key: string): Promise<Buffer> =>
      Buffer.concat(await (await store.get(key)).toArray());
    const keys = async (prefix: string): Promise<string[]> => {
      const found: string[] = [];
      for await (const { key } of store.list(prefix)) found.push(key);
      return found;
    };

    it('gives back what was put, bytes or a stream, and its size', async () => {
      const [bytes, streamed] = [fresh(), fresh()];
      expect(await store.put(bytes, Buffer.from('abc'))).toBe(3);
      expect(await read(bytes)).toEqual(Buffer.from('abc'));
      const chunks = Array.from({ length: 64 }, (_, at) => Buffer.alloc(16_384, at));
      expect(await store.put(streamed, Readable.from(chunks))).toBe(64 * 16_384);
      expect((await read(streamed)).equals(Buffer.concat(chunks))).toBe(true);
      expect(await store.put(fresh(), Buffer.alloc(0))).toBe(0);
    });

    it('shows an object only when it is whole', async () => {
      const key = fresh();
      const door = gate();
      const putting = store.put(
        key,
        (async function* () {
          yield Buffer.from('first half');
          await door();
          yield Buffer.from('second half');
        })(),
      );
      await door.reached;
      expect(await store.exists(key)).toBe(false);
      door.open();
      await putting;
      expect(await store.exists(key)).toBe(true);
    });

    it('keeps the old object when the new one breaks off, and leaves no half behind', async () => {
      const key = fresh();
      await store.put(key, Buffer.from('old'));
      const breaking = store.put(
        key,
        (async function* () {
          yield Buffer.from('new');
          throw new Error('the line went dead');
        })(),
      );
      await expect(breaking).rejects.toThrow('the line went dead');
      expect(await read(key)).toEqual(Buffer.from('old'));
      expect(await keys(`${key.split('/')[0]}/`)).toEqual([key]);
    });

    it('replaces', async () => {
      const key = fresh();
      await store.put(key, Buffer.from('one'));
      await store.put(key, Buffer.from('two'));
      expect(await read(key)).toEqual(Buffer.from('two'));
    });

    it('puts what is new, whoever comes first, and never replaces it', async () => {
      const key = fresh();
      const tries = await Promise.all(
        ['one', 'two', 'three'].map((text) => store.putNew(key, Buffer.from(text))),
      );
      expect(tries.filter(Boolean)).toHaveLength(1);
      const first = await read(key);
      expect(await store.putNew(key, Buffer.from('four'))).toBe(false);
      expect(await read(key)).toEqual(first);
      expect(await keys(`${key.split('/')[0]}/`)).toEqual([key]);
    });

    it('5.8 deletes for good, and a second time without an error', async () => {
      const key = fresh();
      await store.put(key, Buffer.from('abc'));
      expect(await store.delete(key)).toBe(true);
      expect(await store.delete(key)).toBe(false);
      expect(await store.exists(key)).toBe(false);
      await expect(store.get(key)).rejects.toMatchObject({ reason: 'OBJECT_NOT_FOUND', kind: 'not-found' });
      expect(await keys(`${key.split('/')[0]}/`)).toEqual([]);
    });

    it('lists by whole segments, in order', async () => {
      const tenant = newId();
      const put = [`${tenant}/a/2`, `${tenant}/a/1`, `${tenant}/a.b/1`, `${tenant}/c`];
      for (const key of put) await store.put(key, Buffer.from('x'));
      await store.put(`${tenant}x/a/1`, Buffer.from('another tenant'));
      expect(await keys(`${tenant}/`)).toEqual([...put].sort());
      expect(await keys(`${tenant}/a/`)).toEqual([`${tenant}/a/1`, `${tenant}/a/2`]);
      expect(await keys(`${newId()}/`)).toEqual([]);
    });

    it('puts and deletes side by side in one folder without losing any', async () => {
      const tenant = newId();
      const all = Array.from({ length: 40 }, (_, at) => `${tenant}/calls/${at}`);
      await Promise.all(
        all.map(async (key, at) => {
          await store.put(key, Buffer.from(key));
          if (at % 2) await store.delete(key);
        }),
      );
      expect((await keys(`${tenant}/`)).sort()).toEqual(all.filter((_, at) => at % 2 === 0).sort());
    });

    it.each([
      '',
      '/etc/passwd',
      '../up',
      'a/../b',
      'a//b',
      'a/',
      '.hidden',
      'a/.b',
      'a\\b',
      'a\0b',
      'ä',
      `${'x'.repeat(129)}`,
    ])('I8 refuses the key %j everywhere', async (key) => {
      const refused = { reason: 'INVALID_ARGUMENT' };
      await expect(store.put(key, Buffer.from('x'))).rejects.toMatchObject(refused);
      await expect(store.get(key)).rejects.toMatchObject(refused);
      await expect(store.exists(key)).rejects.toMatchObject(refused);
      await expect(store.delete(key)).rejects.toMatchObject(refused);
      if (key !== '' && key !== 'a/') await expect(keys(key)).rejects.toMatchObject(refused);
    });
  });
}
