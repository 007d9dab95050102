import { renameSync } from 'node:fs';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { canonicalJson, CLOCK, type Clock } from '@heed/kernel';
import { LOGGER, type Logger } from '@heed/telemetry';
import { LogKeyRing } from './log-signers.js';
import { insertSigner, logSigners } from './log-signer.store.js';
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
    private readonly keys: LogKeyRing,
    @Inject(LOG_SETTINGS) private readonly settings: LogSettings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { current, next } = this.keys;
    await this.enter(current.vkey, null);
    if (!next) return;
    await this.enter(next.vkey, current.vkey);
    await this.leave(current.vkey, next.vkey);
    this.takePlace();
  }

  private async enter(vkey: string, follows: string | null): Promise<void> {
    await this.log.appendOnce(
      async (tx) => {
        const signers = await logSigners(tx);
        return follows === null ? signers.length > 0 : signers.some((signer) => signer.vkey === vkey);
      },
      this.leaf({ type: 'log_key_added', vkey }),
      (tx, addedIndex) => insertSigner(tx, { vkey, addedIndex, follows }),
    );
  }

  private async leave(vkey: string, successor: string): Promise<void> {
    await this.log.appendOnce(
      async (tx) => {
        // The leaf right behind the successor's is this one, or nothing has come yet.
        const entered = (await logSigners(tx)).find((signer) => signer.vkey === successor);
        return this.log.hasLeafSince(tx, (entered?.addedIndex ?? 0) + 1, '"type":"log_key_retired"');
      },
      this.leaf({ type: 'log_key_retired', vkey }),
      async () => undefined,
    );
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
