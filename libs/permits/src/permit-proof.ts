import { type contactsV1 } from '@heed/contracts';
import { leafHash, verifyInclusion, verifySignature } from '@heed/kernel';
import { type Issuer } from './issuer.js';
import { decodeLeaf, PERMIT_CONTEXT } from './permit-leaf.js';

/** Longest life that a permit may have: the promise of I2 is one of these. */
export const LONGEST_LIFETIME_MS = 1_000;

/** What an attempt keeps of its permit: enough to show an auditor that it had one, nothing that reaches the person. */
export interface PermitProof {
  /** Whose key signed it. */
  issuer: Issuer;
  permitId: string;
  endpointId: string;
  consentEntryId: string;
  leaf: Buffer;
  leafIndex: number;
  treeSize: number;
  path: Buffer[];
  root: Buffer;
  signature: Buffer;
  keyId: string;
}

/** Head of a batch's tree, signed by its issuer. */
export type SignedRoot = Pick<PermitProof, 'issuer' | 'treeSize' | 'root' | 'signature' | 'keyId'>;

export function rootIsSigned({ root, signature }: SignedRoot, publicKey: Uint8Array): boolean {
  return (
    root.length === 32 &&
    verifySignature(publicKey, Buffer.concat([Buffer.from(PERMIT_CONTEXT), root]), signature)
  );
}

/** The proof, if the permit is the answer to this ask and stands under this root; otherwise undefined. */
export function proofOf(
  tenantId: string,
  ask: contactsV1.PermitAsk,
  permit: contactsV1.Permit,
  head: SignedRoot,
): PermitProof | undefined {
  const leaf = decodeLeaf(permit.leaf);
  if (leaf === undefined) return undefined;
  const answersThisAsk =
    // ATTACKS 1.3: nobody gives leave to reach another's people.
    (leaf.issuer ?? 'contacts') === head.issuer &&
    leaf.tenantId === tenantId &&
    leaf.attemptId === ask.attemptId &&
    // ATTACKS 2.9: an answer to an earlier question bears another nonce.
    ask.nonce.equals(leaf.nonce) &&
    leaf.contactId === ask.contactId &&
    leaf.channel === (ask.channel as number) &&
    leaf.purpose === ask.purpose &&
    (leaf.sender ?? '') === ask.sender;
  const saysTheSame =
    leaf.permitId === permit.permitId &&
    leaf.endpointId === permit.endpointId &&
    leaf.consentEntryId === permit.consentEntryId &&
    leaf.ruleVersion === permit.ruleVersion &&
    leaf.lifetimeMs === permit.lifetimeMs;
  const usable =
    permit.address !== '' &&
    permit.endpointHash.length === 32 &&
    permit.lifetimeMs > 0 &&
    permit.lifetimeMs <= LONGEST_LIFETIME_MS;
  const stands = verifyInclusion({
    leafHash: leafHash(permit.leaf),
    index: permit.leafIndex,
    size: head.treeSize,
    proof: permit.path,
    root: head.root,
  });
  if (!answersThisAsk || !saysTheSame || !usable || !stands) return undefined;
  const { permitId, endpointId, consentEntryId, leafIndex, path } = permit;
  return { permitId, endpointId, consentEntryId, leaf: permit.leaf, leafIndex, path, ...head };
}
