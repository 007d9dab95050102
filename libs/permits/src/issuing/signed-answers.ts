import { type contactsV1 } from '@heed/contracts';
import { inclusionProofs, leafHash, type SigningKey } from '@heed/kernel';
import { encodeLeaf, PERMIT_CONTEXT, type PermitLeaf } from '../permit-leaf.js';

/** What a permit tells its sender beyond its leaf. */
export interface Granted {
  leaf: PermitLeaf;
  address: string;
  /** Values that the message needs. */
  fields: Record<string, string>;
  /** 32 bytes. */
  endpointHash: Buffer;
  /** Empty where there is nothing to opt out of. */
  optOutUrl: string;
  /** It holds a place under a frequency cap. */
  reserves: boolean;
  /** The person agreed to be tracked. */
  mayTrack: boolean;
}

/** The answer to one ask: exactly one of the two. */
export type ToAnswer = { attemptId: string } & ({ granted: Granted } | { denial: contactsV1.Denial });

/**
 * The answers under one Ed25519 signature over the root of a Merkle tree: a signature for each permit would take 60% of
 * a core at 10,000 a second. The attempt keeps leaf, path and signature, and so can show later that it had a permit.
 */
export function signedAnswers(
  key: SigningKey,
  verdicts: readonly ToAnswer[],
): contactsV1.BatchIssuePermitsResponse {
  const leaves = verdicts.flatMap((verdict) =>
    'granted' in verdict ? [encodeLeaf(verdict.granted.leaf)] : [],
  );
  const { root, proofs } = inclusionProofs(leaves.map((leaf) => leafHash(leaf)));
  let next = 0;
  const answers = verdicts.map((verdict): contactsV1.PermitAnswer => {
    const { attemptId } = verdict;
    if ('denial' in verdict) return { attemptId, answer: { $case: 'denial', value: verdict.denial } };
    const leafIndex = next++;
    const place = { leaf: leaves[leafIndex]!, leafIndex, path: proofs[leafIndex]! };
    return { attemptId, answer: { $case: 'permit', value: { ...told(verdict.granted), ...place } } };
  });
  if (leaves.length === 0) {
    return { answers, root: Buffer.alloc(0), signature: Buffer.alloc(0), keyId: '', treeSize: 0 };
  }
  const signature = key.sign(Buffer.concat([Buffer.from(PERMIT_CONTEXT), root]));
  return { answers, root, signature, keyId: key.keyId, treeSize: leaves.length };
}

function told({ leaf, ...rest }: Granted): Omit<contactsV1.Permit, 'leaf' | 'leafIndex' | 'path'> {
  const { permitId, endpointId, consentEntryId, ruleVersion, lifetimeMs } = leaf;
  return { permitId, endpointId, consentEntryId, ruleVersion, lifetimeMs, ...rest };
}
