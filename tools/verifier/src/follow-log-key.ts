import { canonicalJson, leafHash, verifyInclusion } from '@heed/kernel';
import { refuse } from './refusal.js';
import { openCheckpoint, readVerifierKey } from './signed-note.js';

/** What the log says of a key that follows another (LogService.ListLogKeys). */
export interface KeyChange {
  leafIndex: number;
  leaf: Uint8Array;
  proof: readonly Uint8Array[];
  checkpoint: string;
}

/**
 * The verifier key that follows this one. It is believed because this one signed a checkpoint over the leaf that names
 * it, and nothing beyond: whoever trusts the old key need trust nobody else to know the new one.
 */
export function followLogKey(vkey: string, change: KeyChange): string {
  const unproved = (why: string) => refuse('LOG_KEY_NOT_FOLLOWED', `the change of the log's key ${why}`);
  const key = readVerifierKey(vkey);
  const { size, root } = openCheckpoint(change.checkpoint, key);
  if (size !== change.leafIndex + 1) throw unproved('is not the last leaf of what the old key signed');
  const proof = change.proof.map((hash) => Buffer.from(hash));
  const place = { leafHash: leafHash(Buffer.from(change.leaf)), index: change.leafIndex, size, proof, root };
  if (!verifyInclusion(place)) throw unproved('is not in the tree that the old key signed');
  const next = namedBy(change.leaf);
  if (next === undefined) throw unproved('does not name a key');
  if (readVerifierKey(next).name !== key.name) throw unproved('names a key of another log');
  return next;
}

function namedBy(leaf: Uint8Array): string | undefined {
  const text = Buffer.from(leaf).toString('utf8');
  try {
    const says = JSON.parse(text) as Record<string, unknown>;
    const isWhole = canonicalJson(says) === text && says['type'] === 'log_key_added';
    return isWhole && typeof says['vkey'] === 'string' ? says['vkey'] : undefined;
  } catch {
    return undefined;
  }
}
