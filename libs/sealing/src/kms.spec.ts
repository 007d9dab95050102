import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeyManagement } from './index.js';

describe('the master key in a file', () => {
  let folder: string;
  let path: string;
  const context = { tenantId: 't', use: 'subject:s' };
  const key = Buffer.alloc(32, 7);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heed-kms-'));
    path = join(folder, 'keys', 'master.key');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made once, for us alone, by however many start at once', async () => {
    const opened = await Promise.all(
      Array.from({ length: 5 }, () => openKeyManagement(path, { create: true })),
    );
    expect(new Set(opened.map((kms) => kms.keyId)).size).toBe(1);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(Buffer.from(await readFile(path, 'utf8'), 'base64')).toHaveLength(32);
  });

  it('is not made in production, and not read where others can read it', async () => {
    const refused = { reason: 'MASTER_KEY_UNREADABLE' };
    await expect(openKeyManagement(path, { create: false })).rejects.toMatchObject(refused);
    await openKeyManagement(path, { create: true });
    await chmod(path, 0o644);
    await expect(openKeyManagement(path, { create: false })).rejects.toMatchObject(refused);
  });

  it('opens what an older one wrapped as long as its line is there', async () => {
    const old = await openKeyManagement(path, { create: true });
    const [wrapped] = await old.wrap([{ key, context }]);
    const line = await readFile(path, 'utf8');
    const fresh = Buffer.alloc(32, 1).toString('base64');
    await writeFile(path, `${fresh}\n${line}`);
    const both = await openKeyManagement(path, { create: false });
    expect(both.keyId).not.toBe(old.keyId);
    const item = { wrapped: wrapped!, keyId: old.keyId, context };
    expect(await both.unwrap([item])).toEqual([key]);
    await writeFile(path, `${fresh}\n`);
    const without = await openKeyManagement(path, { create: false });
    await expect(without.unwrap([item])).rejects.toMatchObject({ reason: 'MASTER_KEY_UNKNOWN' });
  });

  it('refuses places that nobody knows, and such as name no key', async () => {
    for (const place of [
      'gcp-kms:key',
      'aws-kms:',
      'vault:',
      'vault:https://vault',
      'vault:ftp://vault/transit/heed',
    ]) {
      await expect(openKeyManagement(place, { create: true })).rejects.toMatchObject({
        reason: 'KMS_UNKNOWN',
      });
    }
  });

  it('refuses a file that holds something else', async () => {
    await openKeyManagement(path, { create: true });
    for (const content of ['', 'not a key', 'AAAA']) {
      await writeFile(path, content);
      await expect(openKeyManagement(path, { create: false })).rejects.toMatchObject({
        reason: 'MASTER_KEY_UNREADABLE',
      });
    }
  });
});
