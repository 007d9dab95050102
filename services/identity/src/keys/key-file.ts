import { statSync } from 'node:fs';
import { SigningKey } from '@heed/kernel';

/**
 * The key in a file, as the file is now: whoever puts another key there (`heed keys rotate tokens`) has rotated it for
 * every process that reads it, and need not restart one.
 */
export class KeyFile {
  private loaded: { key: SigningKey; seen: string };

  constructor(
    private readonly path: string,
    options: { create: boolean },
  ) {
    const key = SigningKey.load(path, options);
    this.loaded = { key, seen: this.look() };
  }

  key(): SigningKey {
    const seen = this.look();
    if (seen !== '' && seen !== this.loaded.seen) {
      this.loaded = { key: SigningKey.load(this.path, { create: false }), seen };
    }
    return this.loaded.key;
  }

  /** A file that was put in its place has another inode; empty while there is none, and the key in memory goes on. */
  private look(): string {
    const found = statSync(this.path, { throwIfNoEntry: false });
    return found === undefined ? '' : `${found.ino} ${found.mtimeMs} ${found.size}`;
  }
}
