import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDomainError } from './domain-error.js';
import { keyIdOf, SigningKey, verifySignature } from './signing.js';

describe('signing keys', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'heed-keys-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('verifies what the key signed and nothing else', () => {
    const key = SigningKey.generate();
    const signature = key.sign(Buffer.from('order 7'));
    expect(verifySignature(key.publicKey, Buffer.from('order 7'), signature)).toBe(true);
    expect(verifySignature(key.publicKey, Buffer.from('order 8'), signature)).toBe(false);
    expect(verifySignature(SigningKey.generate().publicKey, Buffer.from('order 7'), signature)).toBe(false);
    expect(verifySignature(Buffer.alloc(3), Buffer.from('order 7'), signature)).toBe(false);
  });

  it('verifies the second published vector of RFC 8032', () => {
    const publicKey = Buffer.from('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', 'hex');
    const signature = Buffer.from(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
        '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
      'hex',
    );
    expect(verifySignature(publicKey, Buffer.from('72', 'hex'), signature)).toBe(true);
  });

  it('makes a key file once, readable by its owner alone, and reads the same key again', () => {
    const path = join(folder, 'deep', 'contacts.pem');
    const first = SigningKey.load(path, { create: true });
    expect(SigningKey.load(path, { create: true }).keyId).toBe(first.keyId);
    expect(keyIdOf(first.publicKey)).toBe(first.keyId);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['contacts.pem']);
  });

  it('refuses a missing file when it may not make one, and a file that holds no key', () => {
    const missing = join(folder, 'none.pem');
    expect(reasonOf(() => SigningKey.load(missing, { create: false }))).toBe('SIGNING_KEY_MISSING');
    const broken = join(folder, 'broken.pem');
    writeFileSync(broken, 'no key');
    expect(reasonOf(() => SigningKey.load(broken, { create: true }))).toBe('SIGNING_KEY_UNREADABLE');
  });
});

function reasonOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return isDomainError(error) ? error.reason : String(error);
  }
  return undefined;
}
