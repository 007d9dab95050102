import { type AcrossTx } from '@heed/postgres';
import { GrowingTree } from './growing-tree.js';
import { type LogOrigin } from './log-origin.store.js';
import { leafHashesFrom } from './log.store.js';

/** As many hashes at once: a log of a million leaves is read without being in memory twice. */
const PAGE = 20_000;

/** The trees of the log's origins. Each is built once and takes in what was committed since, by whichever process. */
export class OriginTrees {
  private readonly trees = new Map<number, GrowingTree>();

  async of(tx: AcrossTx, origin: LogOrigin): Promise<GrowingTree> {
    const tree = this.known(origin.number);
    for (let full = true; full;) {
      const from = tree.size;
      const hashes = await leafHashesFrom(tx, origin, from, PAGE);
      // Two that catch up at once read the same leaves: only the first may add them.
      for (const hash of hashes.slice(tree.size - from)) tree.append(hash);
      full = hashes.length === PAGE;
    }
    return tree;
  }

  private known(number: number): GrowingTree {
    let tree = this.trees.get(number);
    if (!tree) this.trees.set(number, (tree = new GrowingTree()));
    return tree;
  }
}
