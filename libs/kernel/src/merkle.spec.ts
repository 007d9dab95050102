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

describe('the Merkle tree of RFC 6962', () => {
  it('gives the published roots for the published leaves', () => {
    expect(ROOTS.map((_, i) => rootOf(leaves.slice(0, i + 1)).toString('hex'))).toEqual(ROOTS);
  });

  it('of no leaves is the hash of nothing', () => {
    expect(rootOf([]).toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
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
