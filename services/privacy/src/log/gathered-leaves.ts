import { type NewLeaf } from './new-leaf.js';

/** Leaves of one call that wait to be written with those of others. */
export interface Gathered {
  leaves: readonly NewLeaf[];
  done: (indices: number[]) => void;
  failed: (error: unknown) => void;
}

/** While some are being written, all that come are gathered for the next write: a checkpoint costs two commits. */
export class GatheredLeaves {
  private waiting: Gathered[] = [];
  private writing = false;

  /** `write` settles each of a batch, or throws for all. */
  constructor(private readonly write: (batch: readonly Gathered[]) => Promise<void>) {}

  add(leaves: readonly NewLeaf[]): Promise<number[]> {
    return new Promise((done, failed) => {
      this.waiting.push({ leaves, done, failed });
      if (!this.writing) void this.writeAll();
    });
  }

  private async writeAll(): Promise<void> {
    this.writing = true;
    try {
      while (this.waiting.length > 0) {
        const batch = this.waiting;
        this.waiting = [];
        try {
          await this.write(batch);
        } catch (error) {
          for (const { failed } of batch) failed(error);
        }
      }
    } finally {
      this.writing = false;
    }
  }
}
