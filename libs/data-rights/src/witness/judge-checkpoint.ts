import { leafHash, openCheckpoint, verifyConsistency, verifyInclusion, type Checkpoint } from '@heed/kernel';
import { leadTo, saidBy, type KeyChange } from './followed-keys.js';
import { type KeptRefusal, type WitnessedLog } from './log-witness.store.js';

/** A checkpoint with what proves that it may follow the one that is remembered. */
export interface Offer {
  vkey: string;
  checkpoint: string;
  oldSize: number;
  proof: readonly Buffer[];
  keyChanges: readonly KeyChange[];
  firstLeaf: Buffer;
  firstLeafProof: readonly Buffer[];
}

/** ANOTHER_SIZE and UNSIGNED say nothing about the log: whoever asks again with the right proof is judged anew. */
export type Refusal = KeptRefusal | 'ANOTHER_SIZE' | 'UNSIGNED';

export type Judgement = { refusal: Refusal } | { checkpoint: Checkpoint; succeeds: boolean };

/**
 * Whether a checkpoint may be countersigned. SPEC: C2SP tlog-witness: the tree that is remembered must be a prefix of it,
 * and whoever asks must prove so from that very size.
 */
export function judge(known: WitnessedLog | undefined, offer: Offer): Judgement {
  const checkpoint = openCheckpoint(offer.checkpoint, offer.vkey);
  if (!checkpoint) return { refusal: 'UNSIGNED' };
  // Trusted at the first use: it comes from privacy itself, over a call that only privacy can make.
  if (!known) return { checkpoint, succeeds: false };
  if (checkpoint.origin !== known.origin) return judgeNewOrigin(known, checkpoint, offer);
  if (!leadTo(offer.vkey, known.vkey, offer.keyChanges)) return { refusal: 'UNSIGNED' };
  const { size, root } = checkpoint;
  if (size < known.size) return { refusal: 'SMALLER' };
  if (size === known.size)
    return root.equals(known.root) ? { checkpoint, succeeds: false } : { refusal: 'FORKED' };
  if (offer.oldSize !== known.size) return { refusal: 'ANOTHER_SIZE' };
  const grown = {
    oldSize: known.size,
    oldRoot: known.root,
    newSize: size,
    newRoot: root,
    proof: offer.proof,
  };
  return verifyConsistency(grown) ? { checkpoint, succeeds: false } : { refusal: 'INCONSISTENT' };
}

/**
 * A log that was put back begins anew, and its first leaf names the last checkpoint that anybody has countersigned: not
 * one that is older than ours. Its key may be another: the old one may be what was lost.
 */
function judgeNewOrigin(known: WitnessedLog, checkpoint: Checkpoint, offer: Offer): Judgement {
  const { size, root } = checkpoint;
  const { firstLeaf, firstLeafProof: proof } = offer;
  const says = saidBy(firstLeaf, 'origin_begun');
  const place = { leafHash: leafHash(firstLeaf), index: 0, size, proof, root };
  if (!says || !verifyInclusion(place)) return { refusal: 'ORIGIN_UNKNOWN' };
  const named = says['checkpoint'];
  const last = typeof named === 'string' ? openUnder(known, named, offer) : undefined;
  const isOlder =
    !last || last.size < known.size || (last.size === known.size && !last.root.equals(known.root));
  return isOlder ? { refusal: 'ORIGIN_UNKNOWN' } : { checkpoint, succeeds: true };
}

/** A checkpoint of the old origin, by the key that is known or one that this one has named since. */
function openUnder(known: WitnessedLog, note: string, { keyChanges }: Offer): Checkpoint | undefined {
  const own = openCheckpoint(note, known.vkey);
  if (own) return own;
  for (const { leaf } of keyChanges) {
    const { vkey } = saidBy(leaf, 'log_key_added') ?? {};
    if (typeof vkey !== 'string' || !leadTo(vkey, known.vkey, keyChanges)) continue;
    const opened = openCheckpoint(note, vkey);
    if (opened) return opened;
  }
  return undefined;
}
