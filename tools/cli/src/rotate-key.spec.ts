import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type identityV1 } from '@heed/contracts';
import { keyIdOf, SigningKey, verifySignature } from '@heed/kernel';
import { revokeServiceKey, rotateLogKey, rotateServiceKey, rotateTokenKey } from './rotate-key.js';

describe('the rotation of a key', () => {
  let folder = '';
  let file = '';
  let old: SigningKey;
  const registered: identityV1.RegisterServiceKeyRequest[] = [];
  let isAway = false;
  const client = {
    tokens: {
      registerServiceKey: async (request: identityV1.RegisterServiceKeyRequest) => {
        registered.push(request);
        if (isAway) throw new Error('away');
        return { keyId: '' };
      },
    },
  } as unknown as Parameters<typeof rotateServiceKey>[0];
  const held = () => SigningKey.load(file, { create: false }).keyId;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'heed-rotate-'));
    file = join(folder, 'contacts.pem');
    old = SigningKey.load(file, { create: true });
    registered.length = 0;
    isAway = false;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('of tokens puts another file in its place, which nobody else can read', () => {
    const { old: before, new: after } = rotateTokenKey(file);
    expect([before, after]).toEqual([old.keyId, held()]);
    expect(after).not.toBe(before);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('of the log lays the next key beside the old one, which has to name it first', () => {
    const { new: after } = rotateLogKey(file);
    expect([held(), rotateLogKey(file).new]).toEqual([old.keyId, after]);
    expect(existsSync(`${file}.next`)).toBe(true);
  });

  it('of a service has the old key endorse the new one before that takes its place', async () => {
    const { new: after } = await rotateServiceKey(client, 'contacts', file, 'secret');
    const { publicKey, proof, endorsement } = registered[0]!;
    expect(verifySignature(publicKey, Buffer.from('heed service key:contacts'), proof)).toBe(true);
    const change = Buffer.from(`heed service key change:contacts:${after}`);
    expect(verifySignature(old.publicKey, change, endorsement)).toBe(true);
    expect([held(), existsSync(`${file}.next`)]).toEqual([after, false]);
  });

  it('that identity did not take leaves the old key in place, and goes on with the same new one', async () => {
    isAway = true;
    await expect(rotateServiceKey(client, 'contacts', file, 'secret')).rejects.toThrow('away');
    expect(held()).toBe(old.keyId);
    isAway = false;
    await rotateServiceKey(client, 'contacts', file, 'secret');
    expect(registered[1]?.publicKey).toEqual(registered[0]?.publicKey);
  });

  it('that was stolen tells the log first, then identity, with the key that follows', async () => {
    const told: string[] = [];
    const listed = [SigningKey.generate(), old].map(({ keyId, publicKey }) => ({
      ...{ service: 'contacts', keyId, publicKey },
    }));
    const office = {
      tokens: {
        listServiceKeys: async () => ({ keys: listed }),
        revokeServiceKey: async ({
          keyId,
          successor,
          successorProof,
        }: identityV1.RevokeServiceKeyRequest) => {
          told.push(`identity ${keyId}`);
          if (isAway) throw new Error('away');
          const isProved = verifySignature(
            successor,
            Buffer.from('heed service key:contacts'),
            successorProof,
          );
          return { keyId: isProved ? keyIdOf(successor) : old.keyId };
        },
      },
      log: {
        revokeServiceKey: async ({ publicKey }: { publicKey: Buffer }) => {
          told.push(`log ${keyIdOf(publicKey)}`);
          return { leafIndex: 7n };
        },
      },
    } as unknown as Parameters<typeof revokeServiceKey>[0];
    isAway = true;
    await expect(revokeServiceKey(office, 'contacts', { file: () => file })).rejects.toThrow('away');
    expect(held()).toBe(old.keyId);
    isAway = false;
    const revoked = await revokeServiceKey(office, 'contacts', { file: () => file });
    expect(revoked).toMatchObject({ revoked: old.keyId, new: held(), leaf: '7' });
    expect(told).toEqual([
      `log ${old.keyId}`,
      `identity ${old.keyId}`,
      `log ${old.keyId}`,
      `identity ${old.keyId}`,
    ]);
    // One that was followed long ago needs no other in its place.
    const now = held();
    const before = await revokeServiceKey(office, 'contacts', { keyId: listed[0]!.keyId, file: () => file });
    expect([before.revoked, held()]).toEqual([listed[0]!.keyId, now]);
  });
});
