import { type DomainError } from '@heed/kernel';
import { refusal } from '../errors.js';
import { knownKeys, latestKeyLeaves } from './log-key.store.js';
import { type LeafUnderKey, type NewLeaf } from './new-leaf.js';
import { type Sequenced } from './sequenced.js';

/** What becomes of the leaves of one call. */
export interface Resting {
  leaves: Buffer[];
  /** Why none of them is written. */
  error?: DomainError;
}

/** The bytes of these leaves, by call; one that rests on a key that is not valid now is refused, and the others go on. */
export async function restingLeaves(
  { tx, origin }: Sequenced,
  calls: readonly (readonly NewLeaf[])[],
): Promise<Resting[]> {
  const under = calls.flat().filter((leaf): leaf is LeafUnderKey => !Buffer.isBuffer(leaf));
  if (under.length === 0) return calls.map((leaves) => ({ leaves: leaves as Buffer[] }));
  const known = await knownKeys(tx, origin, [...new Set(under.map(({ keyId }) => keyId))]);
  const latest = await latestKeyLeaves(tx, origin, [...new Set(under.map(({ service }) => service))]);
  return calls.map((call): Resting => {
    const leaves: Buffer[] = [];
    for (const leaf of call) {
      if (Buffer.isBuffer(leaf)) {
        leaves.push(leaf);
        continue;
      }
      const key = known.get(leaf.keyId);
      const keys = latest.get(leaf.service);
      if (key?.service !== leaf.service || keys === undefined)
        return { leaves: [], error: refusal('RECEIPT_KEY_UNKNOWN') };
      if (key.revokedIndex !== null) return { leaves: [], error: refusal('RECEIPT_KEY_REVOKED') };
      leaves.push(leaf.leaf(keys - origin.firstLeaf));
    }
    return { leaves };
  });
}
