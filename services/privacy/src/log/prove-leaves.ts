import { Injectable } from '@nestjs/common';
import { DomainError } from '@heed/kernel';
import { type AcrossTx } from '@heed/postgres';
import { againIn, originOfLeaf, type LogOrigin } from './log-origin.store.js';
import { latestCheckpoint, leafData } from './log.store.js';
import { TransparencyLog } from './transparency-log.js';

export interface ProvedLeaf {
  /** As others see it: in its origin. */
  index: number;
  data: Buffer;
  /** Audit path to the checkpoint's root, RFC 6962. */
  proof: Buffer[];
}

export interface ProvedLeaves {
  checkpoint: string;
  leaves: ProvedLeaf[];
  /** Where a leaf of ours stands among these. */
  placeOf: (index: number) => number;
}

/** Shows that leaves are in the log, and what the log knew of the keys that they rest on. */
@Injectable()
export class ProveLeaves {
  constructor(private readonly log: TransparencyLog) {}

  /** Of these, those that stand in the same origin as that leaf: one checkpoint shows no others. */
  besides(leaf: number, indices: readonly number[]): Promise<number[]> {
    return this.log.reading(async (tx) => {
      const origin = await originOfLeaf(tx, leaf);
      const together: number[] = [];
      for (const index of indices) {
        if ((await originOfLeaf(tx, index))?.number === origin?.number) together.push(index);
      }
      return together;
    });
  }

  /**
   * Under the latest checkpoint of the origin in which the last of them stands. One of an earlier origin was brought
   * along before the last was written.
   */
  prove(indices: readonly number[]): Promise<ProvedLeaves> {
    return this.log.reading(async (tx) => {
      const origin = await originOfLeaf(tx, Math.max(...indices));
      if (!origin) throw lost(indices[0]);
      const tree = await this.log.treeOf(tx, origin);
      const checkpoint = await latestCheckpoint(tx, origin);
      const earlier = indices.filter((index) => index < origin.firstLeaf);
      const again =
        earlier.length > 0 ? await againIn(tx, origin.number, earlier) : new Map<number, number>();
      const here = (index: number) => again.get(index) ?? index;
      const data = await withKeyLeaves(tx, origin, [...new Set(indices.map(here))]);
      const leaves = [...data]
        .sort(([a], [b]) => a - b)
        .map(([at, bytes]): ProvedLeaf => {
          const index = at - origin.firstLeaf;
          if (index < 0 || !checkpoint || index >= checkpoint.size) throw lost(at);
          return { index, data: bytes, proof: tree.inclusionProof(index, checkpoint.size) };
        });
      return { checkpoint: checkpoint!.note, leaves, placeOf: (index) => here(index) - origin.firstLeaf };
    });
  }
}

/** These leaves, and all about the keys of the services that signed what is in them. */
async function withKeyLeaves(
  tx: AcrossTx,
  { firstLeaf }: LogOrigin,
  indices: readonly number[],
): Promise<Map<number, Buffer>> {
  const data = new Map<number, Buffer>();
  for (let wanted = [...indices]; wanted.length > 0;) {
    const read = await leafData(tx, wanted);
    const missing = wanted.find((index) => !read.has(index));
    if (missing !== undefined) throw lost(missing);
    for (const [index, bytes] of read) data.set(index, bytes);
    wanted = [...new Set([...read.values()].flatMap(restsOn))]
      .map((index) => firstLeaf + index)
      .filter((index) => !data.has(index));
  }
  return data;
}

/** The leaf that this one names: of a receipt the latest about its service's keys, of such a one the one before it. */
function restsOn(leaf: Buffer): number[] {
  const { keys, previous } = JSON.parse(leaf.toString('utf8')) as { keys?: number; previous?: number };
  return [keys, previous].filter((index) => index !== undefined);
}

function lost(index: number | undefined): DomainError {
  return new DomainError('LEAF_NOT_IN_LOG', 'internal', { metadata: { index: String(index) } });
}
