import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { newId } from '@heed/kernel';
import { type KeyContext, type KeyManagement } from '@heed/sealing';

export interface KeyManagementDriver {
  make(): Promise<KeyManagement>;
  /** The same place, of which another master key wraps from now on. */
  renewed(): Promise<KeyManagement>;
  close(): Promise<void>;
}

/** What every keeper of a master key promises. */
export function keyManagementConformance(name: string, driver: KeyManagementDriver): void {
  describe(`a master key: ${name}`, () => {
    let kms: KeyManagement;
    const contextOf = (use = `subject:${newId()}`): KeyContext => ({ tenantId: newId(), use });
    const wrapped = async (key: Buffer, context: KeyContext) => {
      const [bytes] = await kms.wrap([{ key, context }]);
      return { wrapped: bytes!, keyId: kms.keyId, context };
    };

    beforeAll(async () => {
      kms = await driver.make();
    });
    afterAll(() => driver.close());

    it('opens what it wrapped, many in one call and in order', async () => {
      const keys = Array.from({ length: 40 }, () => ({ key: randomBytes(32), context: contextOf() }));
      const bytes = await kms.wrap(keys);
      const items = keys.map(({ context }, at) => ({ wrapped: bytes[at]!, keyId: kms.keyId, context }));
      expect(await kms.unwrap(items)).toEqual(keys.map(({ key }) => key));
      expect(await kms.unwrap(items.toReversed())).toEqual(keys.map(({ key }) => key).toReversed());
      expect([await kms.wrap([]), await kms.unwrap([])]).toEqual([[], []]);
    });

    it('wraps longer secrets too: private keys of a tenant', async () => {
      const secret = randomBytes(2_500);
      expect(await kms.unwrap([await wrapped(secret, contextOf('dkim'))])).toEqual([secret]);
    });

    it('shows nothing of the key, and never the same bytes twice', async () => {
      const [key, context] = [randomBytes(32), contextOf()];
      const [one, two] = [await wrapped(key, context), await wrapped(key, context)];
      expect(one.wrapped.equals(two.wrapped)).toBe(false);
      expect(one.wrapped.includes(key)).toBe(false);
    });

    it('5.7 opens for the tenant and the use that it was wrapped for, and for no other', async () => {
      const [key, context] = [randomBytes(32), contextOf()];
      const item = await wrapped(key, context);
      for (const other of [
        { ...context, tenantId: newId() },
        { ...context, use: `subject:${newId()}` },
      ]) {
        await expect(kms.unwrap([{ ...item, context: other }])).rejects.toMatchObject({
          reason: 'KEY_BROKEN',
        });
      }
      const good = await wrapped(randomBytes(32), context);
      await expect(
        kms.unwrap([good, { ...item, context: { ...context, use: 'hash:1' } }]),
      ).rejects.toMatchObject({ reason: 'KEY_BROKEN' });
    });

    it('refuses bytes that were altered or cut', async () => {
      const item = await wrapped(randomBytes(32), contextOf());
      const altered = Buffer.from(item.wrapped);
      altered[altered.length - 5]! ^= 1;
      for (const bytes of [altered, item.wrapped.subarray(0, -4)]) {
        await expect(kms.unwrap([{ ...item, wrapped: bytes }])).rejects.toMatchObject({
          reason: 'KEY_BROKEN',
        });
      }
    });

    it('refuses what the key of another keeper wrapped', async () => {
      const item = await wrapped(randomBytes(32), contextOf());
      const foreign = { ...item, keyId: 'file:0000000000000000' };
      expect(kms.holds(foreign.keyId)).toBe(false);
      await expect(kms.unwrap([foreign])).rejects.toMatchObject({ reason: 'MASTER_KEY_UNKNOWN' });
    });

    it('opens what an older master key wrapped, and tells the two apart', async () => {
      const [key, context] = [randomBytes(32), contextOf()];
      const item = await wrapped(key, context);
      const renewed = await driver.renewed();
      expect(renewed.keyId).not.toBe(item.keyId);
      expect(renewed.holds(item.keyId)).toBe(true);
      const [anew] = await renewed.wrap([{ key, context }]);
      expect(await renewed.unwrap([item, { wrapped: anew!, keyId: renewed.keyId, context }])).toEqual([
        key,
        key,
      ]);
    });
  });
}
