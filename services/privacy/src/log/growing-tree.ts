import { nodeHash, sha256 } from '@heed/kernel';

/**
 * The Merkle tree of RFC 6962 over leaves that only ever grow. Hashes of complete subtrees are kept, so that a root or a
 * proof costs some log(n) hashes; recomputed from the leaves, a log of a million would cost a second each.
 */
export class GrowingTree {
  /** `levels[k][i]`: the hash over the 2^k leaves from i * 2^k. */
  private readonly levels: Buffer[][] = [[]];

  get size(): number {
    return this.levels[0]!.length;
  }

  append(leafHash: Buffer): void {
    let level = this.levels[0]!;
    level.push(leafHash);
    // Each level whose last pair became complete gives the level above one more.
    for (let k = 1; level.length % 2 === 0; k++) {
      const above = (this.levels[k] ??= []);
      above.push(nodeHash(level.at(-2)!, level.at(-1)!));
      level = above;
    }
  }

  root(size = this.size): Buffer {
    this.demand(size);
    return size === 0 ? sha256() : this.subtree(0, size);
  }

  inclusionProof(index: number, size = this.size): Buffer[] {
    this.demand(size);
    if (!Number.isInteger(index) || index < 0 || index >= size) {
      throw new RangeError(`no leaf ${index} in a tree of ${size}`);
    }
    const path: Buffer[] = [];
    let [from, to] = [0, size];
    while (to - from > 1) {
      const middle = from + splitOf(to - from);
      if (index < middle) {
        path.push(this.subtree(middle, to));
        to = middle;
      } else {
        path.push(this.subtree(from, middle));
        from = middle;
      }
    }
    return path.reverse();
  }

  consistencyProof(oldSize: number, size = this.size): Buffer[] {
    this.demand(size);
    if (!Number.isInteger(oldSize) || oldSize < 0 || oldSize > size) {
      throw new RangeError(`no size ${oldSize} in a tree of ${size}`);
    }
    if (oldSize === 0 || oldSize === size) return [];
    const path: Buffer[] = [];
    let [from, to, rest, whole] = [0, size, oldSize, true];
    while (rest !== to - from) {
      const k = splitOf(to - from);
      if (rest <= k) {
        path.push(this.subtree(from + k, to));
        to = from + k;
      } else {
        path.push(this.subtree(from, from + k));
        from += k;
        rest -= k;
        whole = false;
      }
    }
    if (!whole) path.push(this.subtree(from, to));
    return path.reverse();
  }

  /** RFC 6962 splits at a power of two, so the left side is always a complete subtree that is kept. */
  private subtree(from: number, to: number): Buffer {
    const count = to - from;
    const k = Math.log2(count);
    if (Number.isInteger(k) && from % count === 0) return this.levels[k]![from / count]!;
    const middle = from + splitOf(count);
    return nodeHash(this.subtree(from, middle), this.subtree(middle, to));
  }

  private demand(size: number): void {
    if (!Number.isInteger(size) || size < 0 || size > this.size) {
      throw new RangeError(`the tree has ${this.size} leaves, not ${size}`);
    }
  }
}

/** The largest power of two smaller than n. */
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
