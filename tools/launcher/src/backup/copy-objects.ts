import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isDomainError } from '@heed/kernel';
import { type ObjectStore } from '@heed/objects';
import { type ObjectFile } from './backup-record.js';
import { Checksum } from './checksum.js';

/** Copies what lies under a service's prefixes; sealed bytes, whose keys are elsewhere. */
export async function copyObjects(
  store: ObjectStore,
  prefixes: readonly string[],
  folder: string,
): Promise<ObjectFile[]> {
  const files: ObjectFile[] = [];
  for (const prefix of prefixes) {
    for await (const { key } of store.list(prefix)) {
      const file = String(files.length);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const checksum = new Checksum();
      try {
        const target = createWriteStream(join(folder, file), { mode: 0o600, flush: true });
        await pipeline(await store.get(key), checksum, target);
      } catch (error) {
        // Erased since it was listed: it is not in the backup either.
        if (isDomainError(error, 'OBJECT_NOT_FOUND')) continue;
        throw error;
      }
      files.push({ key, file, sha256: checksum.hex() });
    }
  }
  return files;
}

/** Puts back what the backup holds, and removes what came later: the restored rows know nothing of it. */
export async function restoreObjects(
  store: ObjectStore,
  prefixes: readonly string[],
  folder: string,
  files: readonly ObjectFile[],
): Promise<void> {
  const kept = new Set(files.map(({ key }) => key));
  for (const prefix of prefixes) {
    for await (const { key } of store.list(prefix)) {
      if (!kept.has(key)) await store.delete(key);
    }
  }
  for (const { key, file } of files) await store.put(key, createReadStream(join(folder, file)));
}
