import { type contactsV1 } from '@heed/contracts';
import { inclusionProofs, leafHash, type SigningKey } from '@heed/kernel';
import { addressCommitment, encodeLeaf, PERMIT_CONTEXT } from '@heed/permits';
import { numberOf } from '../contacts/channel-message.js';
import { publicHash } from '../suppression/revocations.js';
import { denialMessage } from './permit-message.js';
import { TEMPLATE_FIELDS, type Ask, type IssuedPermit, type Verdict } from './permit.js';

export interface Batch {
  tenantId: string;
  verdicts: readonly Verdict[];
  /** Opt-out links of those that have one. */
  links: ReadonlyMap<Verdict, string>;
  at: Date;
  key: SigningKey;
}

/**
 * The answers under one Ed25519 signature over the root of a Merkle tree: a signature for each permit would take 60% of
 * a core at 10,000 a second. The attempt keeps leaf, path and signature, and so can show later that it had a permit.
 */
export function signedBatch(batch: Batch): contactsV1.BatchIssuePermitsResponse {
  const leaves = batch.verdicts.flatMap(({ ask, issued }) => (issued ? [leafOf(batch, ask, issued)] : []));
  const { root, proofs } = inclusionProofs(leaves.map((leaf) => leafHash(leaf)));
  let next = 0;
  const answers = batch.verdicts.map((verdict): contactsV1.PermitAnswer => {
    const { ask, issued } = verdict;
    const { attemptId } = ask;
    if (!issued) return { attemptId, answer: { $case: 'denial', value: denialMessage(verdict) } };
    const leafIndex = next++;
    const permit = {
      ...permitOf(ask, issued),
      optOutUrl: batch.links.get(verdict) ?? '',
      ...{ leaf: leaves[leafIndex]!, leafIndex, path: proofs[leafIndex]! },
    };
    return { attemptId, answer: { $case: 'permit', value: permit } };
  });
  if (leaves.length === 0) {
    return { answers, root: Buffer.alloc(0), signature: Buffer.alloc(0), keyId: '', treeSize: 0 };
  }
  const signature = batch.key.sign(Buffer.concat([Buffer.from(PERMIT_CONTEXT), root]));
  return { answers, root, signature, keyId: batch.key.keyId, treeSize: leaves.length };
}

function permitOf(
  ask: Ask,
  issued: IssuedPermit,
): Omit<contactsV1.Permit, 'leaf' | 'leafIndex' | 'path' | 'optOutUrl'> {
  return {
    permitId: issued.permitId,
    address: issued.address,
    fields: Object.fromEntries(
      ask.fields.map((field) => [field, issued.profile[TEMPLATE_FIELDS[field]!] ?? '']),
    ),
    endpointId: issued.endpointId,
    endpointHash: publicHash(issued.endpointHash),
    consentEntryId: issued.consentEntryId,
    ruleVersion: issued.ruleVersion,
    lifetimeMs: issued.lifetimeMs,
    reserves: issued.reserves,
    mayTrack: issued.mayTrack,
  };
}

function leafOf({ tenantId, at }: Batch, ask: Ask, issued: IssuedPermit): Buffer {
  return encodeLeaf({
    tenantId,
    permitId: issued.permitId,
    attemptId: ask.attemptId,
    nonce: ask.nonce,
    contactId: ask.contactId,
    channel: numberOf(ask.channel),
    endpointId: issued.endpointId,
    addressCommitment: addressCommitment(issued.salt, issued.address),
    purpose: ask.purpose,
    consentEntryId: issued.consentEntryId,
    ruleVersion: issued.ruleVersion,
    issuedAt: at.toISOString(),
    lifetimeMs: issued.lifetimeMs,
  });
}
