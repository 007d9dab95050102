import { describe, expect, it } from '@jest/globals';
import {
  consistencyProof,
  inclusionProof,
  inclusionProofs,
  leafHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from './merkle.js';

// The test vectors of the Certificate Transparency project for RFC 6962 (merkle_tree_test: eight leaves).
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const leaves = INPUTS.map((hex) => leafHash(Buffer.from(hex, 'hex')));

/** Hashes in the published paths, by what they stand for: d(from, to) of the RFC. */
const NODE = {
  d01: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  d12: '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  d02: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  d24: '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  d04: 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  d45: 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  d46: '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
  d48: '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
  d68: 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
};
/** Of leaf (counted from 0) and size; of the smaller and the larger size. */
const INCLUSION: [number, number, string[]][] = [
  [0, 1, []],
  [0, 8, [NODE.d12, NODE.d24, NODE.d48]],
  [5, 8, [NODE.d45, NODE.d68, NODE.d04]],
  [2, 3, [NODE.d02]],
  [1, 5, [NODE.d01, NODE.d24, NODE.d45]],
];
const CONSISTENCY: [number, number, string[]][] = [
  [1, 1, []],
  [1, 8, [NODE.d12, NODE.d24, NODE.d48]],
  [6, 8, [NODE.d46, NODE.d68, NODE.d04]],
  [2, 5, [NODE.d24, NODE.d45]],
];
const hexOf = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('hex'));
const bytesOf = (hashes: readonly string[]): Buffer[] => hashes.map((hash) => Buffer.from(hash, 'hex'));

describe('the Merkle tree of RFC 6962', () => {
  it('gives the published roots for the published leaves', () => {
    expect(ROOTS.map((_, i) => rootOf(leaves.slice(0, i + 1)).toString('hex'))).toEqual(ROOTS);
  });

  it('of no leaves is the hash of nothing', () => {
    expect(rootOf([]).toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it.each(INCLUSION)('gives and takes the published path of leaf %i in a tree of %i', (index, size, path) => {
    const tree = leaves.slice(0, size);
    expect(hexOf(inclusionProof(tree, index))).toEqual(path);
    const root = Buffer.from(ROOTS[size - 1]!, 'hex');
    const place = { leafHash: leaves[index]!, index, size, proof: bytesOf(path), root };
    expect(verifyInclusion(place)).toBe(true);
    expect(verifyInclusion({ ...place, root: leaves[7]! })).toBe(false);
  });

  it.each(CONSISTENCY)('gives and takes the published proof from size %i to %i', (oldSize, newSize, path) => {
    expect(hexOf(consistencyProof(leaves.slice(0, newSize), oldSize))).toEqual(path);
    const [oldRoot, newRoot] = [ROOTS[oldSize - 1]!, ROOTS[newSize - 1]!].map((hex) =>
      Buffer.from(hex, 'hex'),
    );
    const trees = { oldSize, oldRoot: oldRoot!, newSize, newRoot: newRoot! };
    expect(verifyConsistency({ ...trees, proof: bytesOf(path) })).toBe(true);
    expect(verifyConsistency({ ...trees, oldRoot: leaves[7]!, proof: bytesOf(path) })).toBe(false);
  });

  it('of no leaves is a prefix of every tree, and holds none', () => {
    const [empty, root] = [rootOf([]), rootOf(leaves)];
    const from = { oldSize: 0, oldRoot: empty, newSize: 8, newRoot: root };
    expect(consistencyProof(leaves, 0)).toEqual([]);
    expect(verifyConsistency({ ...from, proof: [] })).toBe(true);
    expect(verifyConsistency({ ...from, proof: [leaves[0]!] })).toBe(false);
    expect(verifyConsistency({ ...from, oldRoot: empty, newSize: 0, newRoot: empty, proof: [] })).toBe(true);
    expect(verifyInclusion({ leafHash: leaves[0]!, index: 0, size: 0, proof: [], root: empty })).toBe(false);
    expect(() => inclusionProof([], 0)).toThrow(RangeError);
  });

  it('6.3 of the same leaves in another order is another tree, which follows from none of the first', () => {
    const swapped = [...leaves.slice(0, 2), leaves[3]!, leaves[2]!, ...leaves.slice(4)];
    const [root, other] = [rootOf(leaves), rootOf(swapped)];
    expect(other).not.toEqual(root);
    const proof = inclusionProof(leaves, 2);
    expect(verifyInclusion({ leafHash: leaves[2]!, index: 2, size: 8, proof, root })).toBe(true);
    expect(verifyInclusion({ leafHash: leaves[3]!, index: 2, size: 8, proof, root })).toBe(false);
    expect(verifyInclusion({ leafHash: leaves[2]!, index: 2, size: 8, proof, root: other })).toBe(false);
    const grown = [...swapped, leafHash(Buffer.from('more'))];
    const follows = (oldRoot: Buffer) =>
      verifyConsistency({
        ...{ oldSize: 8, oldRoot, newSize: 9, newRoot: rootOf(grown) },
        proof: consistencyProof(grown, 8),
      });
    expect(follows(other)).toBe(true);
    expect(follows(root)).toBe(false);
  });

  const many = Array.from({ length: 33 }, (_, i) => leafHash(Buffer.from([i])));

  it('proves every leaf of every size, one by one and all at once', () => {
    for (let size = 1; size <= many.length; size++) {
      const tree = many.slice(0, size);
      const all = inclusionProofs(tree);
      expect(all.root).toEqual(rootOf(tree));
      tree.forEach((leaf, index) => {
        const proof = inclusionProof(tree, index);
        expect(all.proofs[index]).toEqual(proof);
        expect(verifyInclusion({ leafHash: leaf, index, size, proof, root: all.root })).toBe(true);
      });
    }
  });

  it('refuses a proof of another leaf, index, size or root, and one that is longer or shorter', () => {
    const root = rootOf(many);
    const good = { leafHash: many[5]!, index: 5, size: many.length, proof: inclusionProof(many, 5), root };
    expect(verifyInclusion(good)).toBe(true);
    expect(verifyInclusion({ ...good, leafHash: many[6]! })).toBe(false);
    expect(verifyInclusion({ ...good, index: 4 })).toBe(false);
    expect(verifyInclusion({ ...good, index: many.length })).toBe(false);
    expect(verifyInclusion({ ...good, size: many.length * 2 })).toBe(false);
    expect(verifyInclusion({ ...good, root: many[0]! })).toBe(false);
    expect(verifyInclusion({ ...good, proof: good.proof.slice(1) })).toBe(false);
    expect(verifyInclusion({ ...good, proof: [...good.proof, root] })).toBe(false);
  });

  it('proves that each smaller tree is a prefix of each larger one, and refuses a fork', () => {
    for (let newSize = 1; newSize <= many.length; newSize++) {
      const newRoot = rootOf(many.slice(0, newSize));
      for (let oldSize = 1; oldSize <= newSize; oldSize++) {
        const oldRoot = rootOf(many.slice(0, oldSize));
        const proof = consistencyProof(many.slice(0, newSize), oldSize);
        expect(verifyConsistency({ oldSize, oldRoot, newSize, newRoot, proof })).toBe(true);
        const forked = rootOf([...many.slice(0, oldSize - 1), leafHash(Buffer.from('forged'))]);
        expect(verifyConsistency({ oldSize, oldRoot: forked, newSize, newRoot, proof })).toBe(false);
      }
    }
  });

  it('never accepts a log that became smaller', () => {
    const [oldRoot, newRoot] = [rootOf(many.slice(0, 5)), rootOf(many.slice(0, 4))];
    expect(verifyConsistency({ oldSize: 5, oldRoot, newSize: 4, newRoot, proof: [] })).toBe(false);
  });
});
