import { Injectable } from '@nestjs/common';
import { openCheckpoint, readCheckpoint, readVkey, vkeyOf, type Checkpoint } from '@heed/kernel';
import { allOrigins } from './log-origin.store.js';
import { LogKeyRing } from './log-signers.js';
import { allVkeys } from './log-signer.store.js';
import { TransparencyLog } from './transparency-log.js';

/** What is to be thought of a checkpoint that somebody remembers. */
export interface Judged {
  /** This log's key has signed it, and the log does not contain it. */
  isForked: boolean;
  /** Number of the origin that grows. */
  origin: number;
}

/** Compares what witnesses remember with what this database holds. */
@Injectable()
export class RememberedLog {
  constructor(
    private readonly log: TransparencyLog,
    private readonly keys: LogKeyRing,
  ) {}

  async judge(note: string): Promise<Judged> {
    const checkpoint = await this.opened(note);
    return this.log.reading(async (tx, origin, tree) => {
      const verdict = (isForked: boolean): Judged => ({ isForked, origin: origin.number });
      // By whom we do not know: it says nothing about this log.
      if (!checkpoint) return verdict(false);
      const { size, root } = checkpoint;
      if (checkpoint.origin === origin.name)
        return verdict(size > tree.size || !tree.root(size).equals(root));
      // An origin that this database has never heard of came after the copy that was put back; one that it knows ended.
      const isKnown = (await allOrigins(tx)).some(({ name }) => name === checkpoint.origin);
      return verdict(!isKnown);
    });
  }

  /** Signed by any key that this log has or had, under whatever name the log had then. */
  async opened(note: string): Promise<Checkpoint | undefined> {
    const origin = readCheckpoint(note)?.origin;
    if (origin === undefined) return undefined;
    const known = await this.log.reading((tx) => allVkeys(tx));
    const held = [this.keys.current, this.keys.next].flatMap((key) => key?.vkey ?? []);
    for (const vkey of [...known, ...held]) {
      const key = readVkey('log', vkey);
      const opened = key && openCheckpoint(note, vkeyOf('log', origin, key.publicKey));
      if (opened) return opened;
    }
    return undefined;
  }
}
