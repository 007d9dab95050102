import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@heed/kernel';
import { ACCESS_KEY, KmsDouble, REGION, SECRET_KEY, VAULT_TOKEN, VaultDouble } from '@heed/testing';
import { keyManagementConformance } from '@heed/testing/key-management-conformance';
import { openKeyManagement } from './index.js';

const SETTINGS = {
  AWS_ACCESS_KEY_ID: ACCESS_KEY,
  AWS_SECRET_ACCESS_KEY: SECRET_KEY,
  AWS_REGION: REGION,
  VAULT_TOKEN,
};
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

const folder = mkdtempSync(join(tmpdir(), 'heed-kms-'));
const file = join(folder, 'master.key');
keyManagementConformance('a file', {
  make: () => openKeyManagement(file, { create: true }),
  renewed: async () => {
    await writeFile(file, `${Buffer.alloc(32, 3).toString('base64')}\n${await readFile(file, 'utf8')}`);
    return openKeyManagement(file, { create: false });
  },
  close: () => rm(folder, { recursive: true }),
});

const aws = new KmsDouble();
keyManagementConformance('AWS KMS', {
  make: async () => {
    await aws.start();
    aws.addKey('alias/heed');
    return openKeyManagement(`aws-kms:alias/heed?endpoint=${aws.url}`, { create: false });
  },
  renewed: async () => {
    aws.addKey('alias/heed');
    return openKeyManagement(`aws-kms:alias/heed?endpoint=${aws.url}`, { create: false });
  },
  close: () => aws.stop(),
});

const vault = new VaultDouble();
keyManagementConformance('Vault', {
  make: async () => {
    await vault.start();
    vault.addKey('heed');
    return openKeyManagement(`vault:${vault.url}/transit/heed`, { create: false });
  },
  renewed: async () => {
    vault.rotate('heed');
    return openKeyManagement(`vault:${vault.url}/transit/heed`, { create: false });
  },
  close: () => vault.stop(),
});

describe('a master key outside', () => {
  const doubles = { aws: new KmsDouble(), vault: new VaultDouble() };
  const context = { tenantId: newId(), use: 'subject:s' };
  const key = Buffer.alloc(32, 7);
  const places = {
    aws: () => `aws-kms:alias/heed?endpoint=${doubles.aws.url}`,
    vault: () => `vault:${doubles.vault.url}/transit/heed`,
  };
  const open = (which: 'aws' | 'vault', timeoutMs?: number) =>
    openKeyManagement(places[which](), { create: false, ...(timeoutMs && { timeoutMs }) });

  beforeAll(async () => {
    await Promise.all([doubles.aws.start(), doubles.vault.start()]);
    doubles.aws.addKey('alias/heed');
    doubles.vault.addKey('heed');
  });
  afterAll(async () => {
    await Promise.all([doubles.aws.stop(), doubles.vault.stop()]);
  });

  const busy = { status: 400, body: '{"__type":"ThrottlingException"}' };

  it.each([
    ['aws', [busy, { status: 500 }, 'cut']],
    ['vault', [{ status: 429 }, { status: 503 }, 'cut']],
  ] as const)('%s is asked again where it is busy, broken or cut off', async (which, mishaps) => {
    const kms = await open(which);
    doubles[which].next(...mishaps);
    const [wrapped] = await kms.wrap([{ key, context }]);
    expect(await kms.unwrap([{ wrapped: wrapped!, keyId: kms.keyId, context }])).toEqual([key]);
  });

  it.each([
    ['aws', busy],
    ['vault', { status: 429 }],
  ] as const)('%s that stays busy is said to be', async (which, mishap) => {
    const kms = await open(which);
    doubles[which].next(mishap, mishap, mishap, mishap);
    await expect(kms.wrap([{ key, context }])).rejects.toMatchObject({ reason: 'KMS_THROTTLED' });
  });

  it.each(['aws', 'vault'] as const)(
    '%s that takes a question and never answers is given up',
    async (which) => {
      const kms = await open(which, 100);
      doubles[which].next('silent', 'silent', 'silent', 'silent');
      await expect(kms.wrap([{ key, context }])).rejects.toMatchObject({
        reason: 'KMS_UNREACHABLE',
        kind: 'unavailable',
      });
    },
  );

  it.each([['aws-kms:alias/heed?endpoint=http://127.0.0.1:9'], ['vault:http://127.0.0.1:9/transit/heed']])(
    'refuses at the start where nobody is: %s',
    async (place) => {
      await expect(openKeyManagement(place, { create: false })).rejects.toMatchObject({
        reason: 'KMS_UNREACHABLE',
      });
    },
  );

  it.each(['aws-kms:alias/other?endpoint=', 'vault:'])(
    'refuses at the start a key that is not there: %s',
    async (place) => {
      const named =
        place === 'vault:' ? `vault:${doubles.vault.url}/transit/other` : `${place}${doubles.aws.url}`;
      await expect(openKeyManagement(named, { create: false })).rejects.toMatchObject({
        reason: 'MASTER_KEY_UNKNOWN',
      });
    },
  );

  it('says that AWS has disabled a key', async () => {
    const arn = doubles.aws.addKey('alias/short');
    const place = `aws-kms:alias/short?endpoint=${doubles.aws.url}`;
    const kms = await openKeyManagement(place, { create: false });
    doubles.aws.disable(arn);
    await expect(kms.wrap([{ key, context }])).rejects.toMatchObject({ reason: 'MASTER_KEY_UNKNOWN' });
    await expect(openKeyManagement(place, { create: false })).rejects.toMatchObject({
      reason: 'MASTER_KEY_UNKNOWN',
    });
  });

  describe('with other credentials', () => {
    beforeEach(() => {
      Object.assign(process.env, { AWS_SECRET_ACCESS_KEY: 'not this one', VAULT_TOKEN: 'nor this' });
    });
    afterEach(() => {
      Object.assign(process.env, SETTINGS);
    });

    it.each(['aws', 'vault'] as const)('%s refuses, and is not asked again', async (which) => {
      const asked = doubles[which].requests;
      await expect(open(which)).rejects.toMatchObject({ reason: 'KMS_REFUSED' });
      expect(doubles[which].requests).toBe(asked + 1);
    });
  });

  it('takes the token of Vault from the file that an agent keeps fresh', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'heed-vault-')), 'token');
    process.env['VAULT_TOKEN_FILE'] = path;
    try {
      await expect(open('vault')).rejects.toMatchObject({ reason: 'KMS_REFUSED' });
      await writeFile(path, `${VAULT_TOKEN}\n`);
      expect((await open('vault')).keyId).toBe('vault:transit/heed:v1');
    } finally {
      delete process.env['VAULT_TOKEN_FILE'];
      await rm(join(path, '..'), { recursive: true });
    }
  });

  it('moves from one keeper to another while the older one still unwraps', async () => {
    const old = await open('vault');
    const [wrapped] = await old.wrap([{ key, context }]);
    const item = { wrapped: wrapped!, keyId: old.keyId, context };
    const moved = await openKeyManagement(places.aws(), { create: false, older: [places.vault()] });
    expect(moved.keyId).toMatch(/^aws-kms:arn:/);
    const [anew] = await moved.wrap([{ key, context }]);
    expect(await moved.unwrap([item, { wrapped: anew!, keyId: moved.keyId, context }, item])).toEqual([
      key,
      key,
      key,
    ]);
    await expect((await open('aws')).unwrap([item])).rejects.toMatchObject({ reason: 'MASTER_KEY_UNKNOWN' });
  });
});
