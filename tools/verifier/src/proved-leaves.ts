import { keyIdOf, leafHash, verifyInclusion } from '@heed/kernel';
import {
  leafForm,
  readCanonical,
  type CertificateFile,
  type Leaf,
  type ReceiptLeaf,
  type SweepLeaf,
} from './certificate-file.js';
import { refuse } from './refusal.js';
import { type Checkpoint } from './signed-note.js';

type LeafOf<Type extends Leaf['type']> = Extract<Leaf, { type: Type }>;

/** Leaves that are in the tree of the checkpoint. Each is used, or the certificate carries what it does not need. */
export class ProvedLeaves {
  private readonly leaves = new Map<number, Leaf>();
  private readonly used = new Set<number>();

  constructor(file: CertificateFile['log']['leaves'], checkpoint: Checkpoint) {
    let before = -1;
    for (const { index, data, proof } of file) {
      if (index <= before)
        throw refuse('CERTIFICATE_MALFORMED', 'the leaves are not in order of their index');
      before = index;
      const { size, root } = checkpoint;
      if (!verifyInclusion({ leafHash: leafHash(data), index, size, proof, root })) {
        throw refuse('LEAF_NOT_IN_LOG', `leaf ${index} is not in the tree of the checkpoint`);
      }
      this.leaves.set(index, readCanonical(data, leafForm, 'LEAF_MALFORMED', `leaf ${index}`));
    }
  }

  take<Type extends Leaf['type']>(index: number, ...types: Type[]): LeafOf<Type> {
    const leaf = this.leaves.get(index);
    if (!leaf || !(types as string[]).includes(leaf.type)) {
      throw refuse('LEAF_MALFORMED', `leaf ${index} is not a ${types.join(' or ')}`);
    }
    this.used.add(index);
    return leaf as LeafOf<Type>;
  }

  /**
   * The key that was valid where this receipt stands. All leaves about the keys of a service are a chain, of which the
   * receipt names the last: nobody can leave out the one that revokes.
   */
  keyOf({ service, key_id: keyId, keys }: ReceiptLeaf | SweepLeaf, receipt: number): LeafOf<'key_added'> {
    let key: LeafOf<'key_added'> | undefined;
    let before = receipt;
    for (let index: number | undefined = keys; index !== undefined;) {
      const leaf: LeafOf<'key_added' | 'key_revoked'> = this.take(index, 'key_added', 'key_revoked');
      if (index >= before || leaf.service !== service) {
        throw refuse('SERVICE_KEY_UNKNOWN', `leaf ${index} is not about the keys of ${service} before it`);
      }
      if (leaf.type === 'key_revoked' && leaf.key_id === keyId) {
        throw refuse('SERVICE_KEY_REVOKED', `key ${keyId} of ${service} was revoked by leaf ${index}`);
      }
      if (leaf.type === 'key_added' && leaf.key_id === keyId && keyIdOf(leaf.key) === keyId) key ??= leaf;
      before = index;
      index = leaf.previous;
    }
    if (key) return key;
    throw refuse(
      'SERVICE_KEY_UNKNOWN',
      `key ${keyId} of ${service} is not in the log before leaf ${receipt}`,
    );
  }

  demandAllUsed(): void {
    const idle = [...this.leaves.keys()].find((index) => !this.used.has(index));
    if (idle !== undefined) throw refuse('LEAF_MALFORMED', `leaf ${idle} is not needed by this certificate`);
  }
}
