import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openKeyManagement } from '@heed/sealing';
import { masterKeyFindings, objectsFindings } from './keepers.js';

describe('doctor and the keepers of master keys', () => {
  it('tries each key that is on this machine', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heed-doctor-'));
    const key = Buffer.alloc(32, 1).toString('base64');
    writeFileSync(join(folder, 'contacts.master'), `${key}\n`, { mode: 0o600 });
    writeFileSync(join(folder, 'privacy.master'), 'not a key\n', { mode: 0o600 });
    try {
      expect(await masterKeyFindings(folder, {})).toMatchObject([
        { severity: 'ok', about: 'master key of contacts' },
        { severity: 'error', about: 'master key of privacy', found: 'MASTER_KEY_UNREADABLE' },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('misses a master key under which keys stand, though the one that is there works', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heed-doctor-'));
    const file = join(folder, 'contacts.master');
    writeFileSync(file, `${Buffer.alloc(32, 1).toString('base64')}\n`, { mode: 0o600 });
    const { keyId } = await openKeyManagement(file, { create: false });
    const under = (masterKey: string) =>
      masterKeyFindings(folder, {}, [
        { service: 'contacts', of: 'hashes', master_key: masterKey, keys: 3 },
        { service: 'privacy', of: 'subjects', master_key: 'file:elsewhere', keys: 1 },
      ]);
    try {
      expect(await under(keyId)).toMatchObject([{ severity: 'ok' }]);
      expect(await under('file:0123456789abcdef')).toMatchObject([
        {
          ...{ severity: 'error', about: 'master key of contacts' },
          found: 'MASTER_KEY_UNKNOWN: 3 of contacts (hashes) stand under file:0123456789abcdef',
        },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('finds one that cannot be reached, and says what to do', async () => {
    const [found] = await masterKeyFindings(undefined, {
      HEED_MASTER_KEY: 'vault:http://127.0.0.1:9/transit/heed',
      VAULT_TOKEN: 'x',
    });
    expect(found).toMatchObject({ severity: 'error', about: 'master key' });
    expect(found!.cure).toContain('docs/runbooks/lost-key.md');
    expect(await masterKeyFindings(undefined, {})).toEqual([]);
  });

  it('looks at the objects where their place is known', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heed-doctor-'));
    try {
      expect(await objectsFindings(pathToFileURL(folder).href)).toMatchObject([{ severity: 'ok' }]);
      expect(await objectsFindings('gs://bucket')).toMatchObject([
        { severity: 'error', found: 'OBJECTS_UNKNOWN' },
      ]);
      expect(await objectsFindings(undefined)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
