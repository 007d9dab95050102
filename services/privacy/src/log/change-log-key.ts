import { renameSync } from 'node:fs';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { canonicalJson, CLOCK, type Clock } from '@heed/kernel';
import { LOGGER, type Logger } from '@heed/telemetry';
import { insertSigner, logSigners } from './log-signer.store.js';
import { hasLeafSince } from './log.store.js';
import { LOG_SETTINGS, nextKeyFile, type LogSettings } from './log-settings.js';
import { TransparencyLog } from './transparency-log.js';

/**
 * The keys of the log enter and leave as its leaves. A new log begins with its key; where another key lies beside the
 * file (`heed keys rotate log`), the log changes to it at the start:
 *
 * 1. a leaf names the new key, and the old one signs the checkpoint over it: its last;
 * 2. a leaf says that the old one has left, and the new one signs that: its first;
 * 3. the new key's file takes the place of the old one's.
 *
 * A process that dies in between is followed by one that finds both files and goes on where it stopped.
 */
@Injectable()
export class ChangeLogKey implements OnApplicationBootstrap {
  constructor(
    private readonly log: TransparencyLog,
    @Inject(LOG_SETTINGS) private readonly settings: LogSettings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { current, next } = await this.log.ring();
    await this.enter(current.vkey, null);
    if (!next) return;
    await this.enter(next.vkey, current.vkey);
    await this.leave(current.vkey, next.vkey);
    this.takePlace();
  }

  private async enter(vkey: string, follows: string | null): Promise<void> {
    await this.log.sequenced(async ({ tx, origin, write }) => {
      const signers = await logSigners(tx, origin);
      const isThere = follows === null ? signers.length > 0 : signers.some((signer) => signer.vkey === vkey);
      if (isThere) return;
      const [index] = await write([this.leaf({ type: 'log_key_added', vkey })]);
      await insertSigner(tx, origin, { vkey, addedIndex: index! - origin.firstLeaf, follows });
    });
  }

  private async leave(vkey: string, successor: string): Promise<void> {
    await this.log.sequenced(async ({ tx, origin, write }) => {
      // The leaf right behind the successor's is this one, or nothing has come yet.
      const entered = (await logSigners(tx, origin)).find((signer) => signer.vkey === successor);
      const behind = origin.firstLeaf + (entered?.addedIndex ?? 0) + 1;
      if (await hasLeafSince(tx, behind, Buffer.from('"type":"log_key_retired"'))) return;
      await write([this.leaf({ type: 'log_key_retired', vkey })]);
    });
  }

  private takePlace(): void {
    const file = this.settings.HEED_LOG_KEY_FILE;
    try {
      renameSync(nextKeyFile(file), file);
    } catch (error) {
      // A file that is mounted read-only: whoever mounts it puts the next one there.
      this.logger.warn('the log has changed its key: put the next one in the place of its file', { error });
    }
  }

  private leaf(says: { type: string; vkey: string }): Buffer {
    return Buffer.from(canonicalJson({ ...says, at: this.clock.now().toISOString() }));
  }
}
