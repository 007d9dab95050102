import { sha256 } from './hash.js';

// SPEC: RFC 6962, section 2.1. Leaves and nodes are hashed under different prefixes, so that no node can be
// passed off as a leaf (second preimage).
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export function leafHash(data: Uint8Array): Buffer {
  return sha256(LEAF, data);
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(NODE, left, right);
}

/** The Merkle tree head over leaf hashes. Of no leaves: the hash of nothing. */
export function rootOf(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256();
  return subtreeRoot(leaves, 0, leaves.length);
}

/** The audit path of a leaf, from its sibling upwards. */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): Buffer[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new RangeError(`inclusionProof: no leaf ${index} in a tree of ${leaves.length}`);
  }
  return path(leaves, index, 0, leaves.length);
}

/**
 * Audit paths of all leaves at once. One by one each would hash the whole tree again: 500 permits of a batch cost
 * 500 x 500 hashes that way, 1,000 this way.
 */
export function inclusionProofs(leaves: readonly Uint8Array[]): { root: Buffer; proofs: Buffer[][] } {
  const proofs: Buffer[][] = leaves.map(() => []);
  const build = (from: number, to: number): Buffer => {
    if (to - from === 1) return Buffer.from(leaves[from]!);
    const middle = from + splitOf(to - from);
    const left = build(from, middle);
    const right = build(middle, to);
    for (let i = from; i < middle; i++) proofs[i]!.push(right);
    for (let i = middle; i < to; i++) proofs[i]!.push(left);
    return nodeHash(left, right);
  };
  return { root: leaves.length === 0 ? sha256() : build(0, leaves.length), proofs };
}

export interface Inclusion {
  leafHash: Uint8Array;
  index: number;
  size: number;
  proof: readonly Uint8Array[];
  root: Uint8Array;
}

/** SPEC: RFC 9162, section 2.1.3.2 (the verification of RFC 6962's proofs). */
export function verifyInclusion({ leafHash: leaf, index, size, proof, root }: Inclusion): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let fn = index;
  let sn = size - 1;
  let hash: Buffer = Buffer.from(leaf);
  for (const sibling of proof) {
    if (sn === 0 || sibling.length !== 32) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && hash.equals(root);
}

/** Proof that the tree of the first `oldSize` leaves is a prefix of the tree of all. SPEC: RFC 6962, 2.1.2. */
export function consistencyProof(leaves: readonly Uint8Array[], oldSize: number): Buffer[] {
  if (!Number.isInteger(oldSize) || oldSize < 0 || oldSize > leaves.length) {
    throw new RangeError(`consistencyProof: no size ${oldSize} in a tree of ${leaves.length}`);
  }
  if (oldSize === 0 || oldSize === leaves.length) return [];
  const walk = (m: number, from: number, to: number, whole: boolean): Buffer[] => {
    const n = to - from;
    if (m === n) return whole ? [] : [subtreeRoot(leaves, from, to)];
    const k = splitOf(n);
    return m <= k
      ? [...walk(m, from, from + k, whole), subtreeRoot(leaves, from + k, to)]
      : [...walk(m - k, from + k, to, false), subtreeRoot(leaves, from, from + k)];
  };
  return walk(oldSize, 0, leaves.length, true);
}

export interface Consistency {
  oldSize: number;
  oldRoot: Uint8Array;
  newSize: number;
  newRoot: Uint8Array;
  proof: readonly Uint8Array[];
}

/** SPEC: RFC 9162, section 2.1.4.2. A smaller tree is never consistent; equal sizes need equal roots. */
export function verifyConsistency({ oldSize, oldRoot, newSize, newRoot, proof }: Consistency): boolean {
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(newSize)) return false;
  if (oldSize < 0 || newSize < oldSize) return false;
  if (oldSize === newSize) return proof.length === 0 && Buffer.from(oldRoot).equals(newRoot);
  if (oldSize === 0) return proof.length === 0;
  const isPowerOfTwo = Number.isInteger(Math.log2(oldSize));
  const path = isPowerOfTwo ? [oldRoot, ...proof] : [...proof];
  if (path.length === 0 || path.some((hash) => hash.length !== 32)) return false;
  let fn = oldSize - 1;
  let sn = newSize - 1;
  while (fn % 2 === 1) {
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  let fr: Buffer = Buffer.from(path[0]!);
  let sr: Buffer = Buffer.from(path[0]!);
  for (const hash of path.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(hash, fr);
      sr = nodeHash(hash, sr);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else {
      sr = nodeHash(sr, hash);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && fr.equals(oldRoot) && sr.equals(newRoot);
}

/** The largest power of two smaller than n. */
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function subtreeRoot(leaves: readonly Uint8Array[], from: number, to: number): Buffer {
  if (to - from === 1) return Buffer.from(leaves[from]!);
  const middle = from + splitOf(to - from);
  return nodeHash(subtreeRoot(leaves, from, middle), subtreeRoot(leaves, middle, to));
}

function path(leaves: readonly Uint8Array[], index: number, from: number, to: number): Buffer[] {
  if (to - from === 1) return [];
  const middle = from + splitOf(to - from);
  return index < middle
    ? [...path(leaves, index, from, middle), subtreeRoot(leaves, middle, to)]
    : [...path(leaves, index, middle, to), subtreeRoot(leaves, from, middle)];
}
