import { describe, expect, it } from '@jest/globals';
import { consistencyProof, inclusionProof, leafHash, rootOf } from '@heed/kernel';
import { GrowingTree } from './growing-tree.js';

describe('a tree that grows', () => {
  const leaves = Array.from({ length: 70 }, (_, i) => leafHash(Buffer.from([i])));
  const tree = new GrowingTree();
  for (const leaf of leaves) tree.append(leaf);

  it('has the root that RFC 6962 gives, at every size it ever had', () => {
    for (let size = 0; size <= leaves.length; size++)
      expect(tree.root(size)).toEqual(rootOf(leaves.slice(0, size)));
  });

  it('proves inclusion and consistency as the plain algorithm does', () => {
    for (let size = 1; size <= leaves.length; size++) {
      const plain = leaves.slice(0, size);
      for (let at = 0; at < size; at += 3) {
        expect(tree.inclusionProof(at, size)).toEqual(inclusionProof(plain, at));
        expect(tree.consistencyProof(at, size)).toEqual(consistencyProof(plain, at));
      }
    }
  });

  it('refuses leaves and sizes that it does not have', () => {
    expect(() => tree.inclusionProof(70)).toThrow(RangeError);
    expect(() => tree.consistencyProof(71)).toThrow(RangeError);
    expect(() => tree.root(71)).toThrow(RangeError);
  });
});
