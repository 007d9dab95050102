import { link, mkdir, open, readdir, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { DomainError, isDomainError, newId } from '@heed/kernel';
import { demandKey, demandPrefix } from './object-key.js';
import { type ObjectBody, type ObjectStore, type StoredObject } from './object-store.js';

/** Where uploads lie until they are whole. A leading dot is no valid key, so nothing here can be addressed. */
const UPLOADS = '.uploads';

/** Objects as files of one machine. Keeps a single version: replacing or deleting leaves nothing behind. */
export class FolderStore implements ObjectStore {
  private constructor(private readonly root: string) {}

  static async open(url: string): Promise<FolderStore> {
    const root = resolve(fileURLToPath(url));
    await mkdir(join(root, UPLOADS), { recursive: true, mode: 0o700 });
    return new FolderStore(root);
  }

  /** Written aside, synced, renamed, and the folder synced: a crash leaves the old object or the new one. */
  async put(key: string, body: ObjectBody): Promise<number> {
    const path = this.pathOf(key);
    const aside = join(this.root, UPLOADS, newId());
    try {
      const size = await written(aside, body);
      await this.place(aside, path);
      await synced(dirname(path));
      return size;
    } catch (error) {
      await unlink(aside).catch(() => undefined);
      throw error;
    }
  }

  /** A second name for what was written aside: unlike a rename it fails where there is something. */
  async putNew(key: string, content: Uint8Array): Promise<boolean> {
    const path = this.pathOf(key);
    const aside = join(this.root, UPLOADS, newId());
    try {
      await written(aside, content);
      await this.place(aside, path, link);
      await synced(dirname(path));
      return true;
    } catch (error) {
      if (isDomainError(error, 'OBJECT_KEY_TAKEN') && (await this.exists(key))) return false;
      throw error;
    } finally {
      await unlink(aside).catch(() => undefined);
    }
  }

  async get(key: string): Promise<Readable> {
    const path = this.pathOf(key);
    try {
      const file = await open(path, 'r');
      if ((await file.stat()).isFile()) return file.createReadStream();
      await file.close();
    } catch (error) {
      if (!isAbsence(error)) throw error;
    }
    throw new DomainError('OBJECT_NOT_FOUND', 'not-found');
  }

  async exists(key: string): Promise<boolean> {
    const path = this.pathOf(key);
    try {
      return (await stat(path)).isFile();
    } catch (error) {
      if (isAbsence(error)) return false;
      throw error;
    }
  }

  async delete(key: string): Promise<boolean> {
    const path = this.pathOf(key);
    try {
      await unlink(path);
    } catch (error) {
      if (isAbsence(error)) return false;
      throw error;
    }
    await synced(dirname(path));
    await this.prune(dirname(path));
    return true;
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    demandPrefix(prefix);
    yield* this.walk(prefix);
  }

  private async *walk(prefix: string): AsyncIterable<StoredObject> {
    const folder = join(this.root, prefix);
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      if (isAbsence(error)) return [];
      throw error;
    });
    // A folder sorts as its name and the slash do, so that the order is that of the whole keys.
    const named = entries.map((entry) => ({
      entry,
      name: entry.isDirectory() ? `${entry.name}/` : entry.name,
    }));
    for (const { entry, name } of named.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) yield* this.walk(`${prefix}${name}`);
      else if (entry.isFile()) {
        const size = await sizeOf(join(folder, name));
        // Deleted since the folder was read.
        if (size !== undefined) yield { key: `${prefix}${name}`, size };
      }
    }
  }

  /** Another delete may prune the folder between the two steps: then they are tried again. */
  private async place(aside: string, path: string, by: typeof rename = rename): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await by(aside, path);
        return;
      } catch (error) {
        if (!isAbsence(error) || attempt === 5) throw conflict(error);
      }
    }
  }

  /** A folder is named after a tenant or a person: once it is empty its name should be gone too. */
  private async prune(folder: string): Promise<void> {
    if (folder.length <= this.root.length) return;
    try {
      await rmdir(folder);
    } catch {
      return;
    }
    await this.prune(dirname(folder));
  }

  private pathOf(key: string): string {
    demandKey(key);
    return join(this.root, key);
  }
}

async function written(path: string, body: ObjectBody): Promise<number> {
  const file = await open(path, 'wx', 0o600);
  try {
    let size = 0;
    for await (const chunk of body instanceof Uint8Array ? [body] : body) {
      await file.writeFile(chunk);
      size += chunk.length;
    }
    await file.sync();
    return size;
  } finally {
    await file.close();
  }
}

/** A rename is durable only when the folder is. */
async function synced(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** `a` and `a/b` cannot both be objects in a folder: said as an error of ours, not of the file system. */
function conflict(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (!['EISDIR', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(code)) return error;
  return new DomainError('OBJECT_KEY_TAKEN', 'already-exists', {
    message: 'the key is a prefix of other keys, or one of its prefixes is a key',
  });
}
