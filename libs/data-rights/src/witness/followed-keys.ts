import { canonicalJson, leafHash, openCheckpoint, readVkey, verifyInclusion } from '@heed/kernel';

/** That a key of the log named the one that follows it, in the last leaf of what it signed. */
export interface KeyChange {
  leaf: Buffer;
  proof: readonly Buffer[];
  checkpoint: string;
}

/**
 * Whether these changes lead from the key that is known to the one that is offered; each is signed by the one before.
 * Changes from before the known key, or of another origin, say nothing about it and are passed over.
 */
export function leadTo(offered: string, known: string, changes: readonly KeyChange[]): boolean {
  let vkey = known;
  for (const change of changes) {
    if (vkey === offered) break;
    vkey = namedAfter(vkey, change) ?? vkey;
  }
  return vkey === offered;
}

function namedAfter(vkey: string, { leaf, proof, checkpoint }: KeyChange): string | undefined {
  const signed = openCheckpoint(checkpoint, vkey);
  const { vkey: next } = saidBy(leaf, 'log_key_added') ?? {};
  if (!signed || typeof next !== 'string') return undefined;
  const { size, root } = signed;
  const isItsLast = verifyInclusion({ leafHash: leafHash(leaf), index: size - 1, size, proof, root });
  return isItsLast && readVkey('log', next)?.name === signed.origin ? next : undefined;
}

/** What a leaf of this type says; undefined where it is another, or not in the one form. */
export function saidBy(leaf: Buffer, type: string): Record<string, unknown> | undefined {
  const text = leaf.toString('utf8');
  try {
    const says = JSON.parse(text) as Record<string, unknown>;
    return canonicalJson(says) === text && says['type'] === type ? says : undefined;
  } catch {
    return undefined;
  }
}
