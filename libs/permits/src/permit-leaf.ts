import { canonicalJson, sha256 } from '@heed/kernel';
import { type Issuer } from './issuer.js';

const KIND = 'heed.permit.v1';

/** What an issuer signs is this text followed by the root, so that no other signature of its key can stand in. */
export const PERMIT_CONTEXT = 'heed permits v1\n';

/**
 * What a permit says, as it is committed to: the bytes of a leaf of its batch's Merkle tree. The attempt keeps them as
 * proof; they hold a commitment to the address, and not the address (ATTACKS 1.5).
 */
export interface PermitLeaf {
  /** Absent where it is contacts. */
  issuer?: Exclude<Issuer, 'contacts'>;
  tenantId: string;
  permitId: string;
  attemptId: string;
  /** 16 bytes. */
  nonce: Uint8Array;
  /** Whom it reaches: a contact, or the issuer's own person. */
  contactId: string;
  /** Number of the channel in the contract. */
  channel: number;
  endpointId: string;
  /** `addressCommitment` of the address with a salt that the issuer keeps. */
  addressCommitment: Uint8Array;
  purpose: string;
  /** Who writes or calls; absent in permits of before, and of other issuers. */
  sender?: string;
  /** What it rests on: an entry of the consent ledger, or what the issuer wrote down that the person is to be told. */
  consentEntryId: string;
  ruleVersion: string;
  /** RFC 3339 time of the issuer. For the auditor; no sender compares it with a clock of its own. */
  issuedAt: string;
  lifetimeMs: number;
}

export function encodeLeaf(leaf: PermitLeaf): Buffer {
  return Buffer.from(
    canonicalJson({
      kind: KIND,
      ...(leaf.issuer && { issuer: leaf.issuer }),
      tenant: leaf.tenantId,
      permit: leaf.permitId,
      attempt: leaf.attemptId,
      nonce: hex(leaf.nonce),
      contact: leaf.contactId,
      channel: leaf.channel,
      endpoint: leaf.endpointId,
      address: hex(leaf.addressCommitment),
      purpose: leaf.purpose,
      ...(leaf.sender && { sender: leaf.sender }),
      consent: leaf.consentEntryId,
      rules: leaf.ruleVersion,
      issued: leaf.issuedAt,
      lifetime: leaf.lifetimeMs,
    }),
  );
}

/** The leaf, or undefined where the bytes are not exactly what `encodeLeaf` writes. */
export function decodeLeaf(bytes: Uint8Array): PermitLeaf | undefined {
  try {
    const { kind, ...read } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, unknown>;
    if (kind !== KIND) return undefined;
    const leaf: PermitLeaf = {
      ...(isOther(read.issuer) && { issuer: read.issuer }),
      tenantId: String(read.tenant),
      permitId: String(read.permit),
      attemptId: String(read.attempt),
      nonce: Buffer.from(String(read.nonce), 'hex'),
      contactId: String(read.contact),
      channel: Number(read.channel),
      endpointId: String(read.endpoint),
      addressCommitment: Buffer.from(String(read.address), 'hex'),
      purpose: String(read.purpose),
      ...(read.sender !== undefined && { sender: String(read.sender) }),
      consentEntryId: String(read.consent),
      ruleVersion: String(read.rules),
      issuedAt: String(read.issued),
      lifetimeMs: Number(read.lifetime),
    };
    // One text for one leaf: a missing, doubled or additional member, or another order, does not come back the same.
    return encodeLeaf(leaf).equals(bytes) ? leaf : undefined;
  } catch {
    return undefined;
  }
}

/** Binds a permit to an address without showing it: with the salt, and only with it, the binding can be checked. */
export function addressCommitment(salt: Uint8Array, address: string): Buffer {
  return sha256(salt, Buffer.from(address));
}

function isOther(issuer: unknown): issuer is Exclude<Issuer, 'contacts'> {
  return issuer === 'identity' || issuer === 'privacy';
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
