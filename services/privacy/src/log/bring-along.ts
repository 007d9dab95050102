import { Injectable } from '@nestjs/common';
import { canonicalJson } from '@heed/kernel';
import { againIn, insertAgain } from './log-origin.store.js';
import { leafData } from './log.store.js';
import { type NewLeaf } from './new-leaf.js';
import { restingLeaves } from './resting-leaves.js';
import { TransparencyLog } from './transparency-log.js';

/**
 * Puts receipts of an earlier origin into this one again: the certificate of a request that was open when the log began
 * anew is under one checkpoint like any other.
 */
@Injectable()
export class BringAlong {
  constructor(private readonly log: TransparencyLog) {}

  /** `receipts` says where they stand, and is asked only where the log has begun anew. */
  async bring(receipts: () => Promise<readonly number[]>): Promise<void> {
    const firstLeaf = await this.log.reading(async (_tx, origin) => origin.firstLeaf);
    if (firstLeaf === 0) return;
    const indices = await receipts();
    if (indices.every((index) => index >= firstLeaf)) return;
    await this.log.sequenced(async (alone) => {
      const { tx, origin } = alone;
      const known = await againIn(tx, origin.number, indices);
      // In their order: a probe stands behind the erasure that it looks for.
      const old = [...new Set(indices)]
        .filter((index) => index < origin.firstLeaf && !known.has(index))
        .sort((a, b) => a - b);
      const data = await leafData(tx, old);
      const leaves = old.map((index) => underKey(data.get(index)!));
      const [resting] = await restingLeaves(alone, [leaves]);
      if (resting?.error) throw resting.error;
      const written = await alone.write(resting!.leaves);
      await insertAgain(
        tx,
        origin.number,
        old.map((leaf, i) => ({ leaf, again: written[i]! })),
      );
    });
  }
}

/** The same receipt, resting on what this origin knows of its key; a commitment rests on nothing. */
function underKey(leaf: Buffer): NewLeaf {
  const says = JSON.parse(leaf.toString('utf8')) as { service?: string; key_id?: string };
  if (says.service === undefined || says.key_id === undefined) return leaf;
  return {
    ...{ service: says.service, keyId: says.key_id },
    leaf: (keys) => Buffer.from(canonicalJson({ ...says, keys })),
  };
}
