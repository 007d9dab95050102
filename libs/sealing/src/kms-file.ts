import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DomainError, newId, sha256 } from '@heed/kernel';
import { keyBroken, masterKeyUnknown } from './kms-error.js';
import { type KeyContext, type KeyManagement } from './kms.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Master keys in a file that only we may read: one a line, 32 bytes in base64. The first wraps, all unwrap, so a new one
 * is put above the old. For one machine; whoever has several uses a key management service.
 */
export class FileKms implements KeyManagement {
  private constructor(
    readonly keyId: string,
    private readonly masters: ReadonlyMap<string, KeyObject>,
  ) {}

  static async open(place: string, { create }: { create: boolean }): Promise<FileKms> {
    const path = place.startsWith('file:') ? fileURLToPath(place) : place;
    if (create) await createAt(path);
    const masters = new Map<string, KeyObject>();
    for (const line of (await contentOf(path)).split('\n').filter((text) => text.trim() !== '')) {
      const key = Buffer.from(line.trim(), 'base64');
      if (key.length !== KEY_BYTES) throw unreadable(path, 'a line is not 32 bytes in base64');
      masters.set(idOf(key), createSecretKey(key));
    }
    const [first] = masters.keys();
    if (!first) throw unreadable(path, 'it holds no key');
    return new FileKms(first, masters);
  }

  holds(keyId: string): boolean {
    return this.masters.has(keyId);
  }

  async wrap(keys: readonly { key: Buffer; context: KeyContext }[]): Promise<Buffer[]> {
    return keys.map(({ key, context }) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', this.master(this.keyId), nonce);
      cipher.setAAD(boundTo(context));
      return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
    });
  }

  async unwrap(keys: readonly { wrapped: Buffer; keyId: string; context: KeyContext }[]): Promise<Buffer[]> {
    return keys.map(({ wrapped, keyId, context }) => {
      const decipher = createDecipheriv('aes-256-gcm', this.master(keyId), wrapped.subarray(0, NONCE_BYTES));
      decipher.setAAD(boundTo(context));
      decipher.setAuthTag(wrapped.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      } catch {
        throw keyBroken();
      }
    });
  }

  private master(keyId: string): KeyObject {
    const master = this.masters.get(keyId);
    if (!master) throw masterKeyUnknown(keyId);
    return master;
  }
}

function boundTo({ tenantId, use }: KeyContext): Buffer {
  return Buffer.from(`heed key\u001f${tenantId}\u001f${use}`);
}

function idOf(key: Buffer): string {
  return `file:${sha256(Buffer.from('heed master key'), key).toString('hex').slice(0, 16)}`;
}

async function contentOf(path: string): Promise<string> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) throw unreadable(path, 'others may read it: chmod 600');
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw unreadable(path, 'it is not there');
    throw error;
  }
}

/** Written aside and linked into place: of services that start at once one wins, and all read the same key. */
async function createAt(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.${newId()}`;
  const file = await open(aside, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(aside);
  }
}

function unreadable(path: string, why: string): DomainError {
  return new DomainError('MASTER_KEY_UNREADABLE', 'failed-precondition', {
    message: `no master key could be read from ${path}: ${why}`,
  });
}
