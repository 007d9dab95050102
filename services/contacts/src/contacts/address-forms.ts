import { hash } from 'node:crypto';
import { NORMALISER_VERSION, type Address } from './address.js';

/** How one version of our rules writes an address for hashing. */
export interface Normaliser {
  version: number;
  canonicalOf(address: Address): string;
}

/** Oldest first. Entries bear their version, so what an older one wrote is found by its rules, for ever. */
export const NORMALISERS: readonly Normaliser[] = [
  { version: NORMALISER_VERSION, canonicalOf: ({ canonical }) => canonical },
];

/** Digests by which senders hand one another lists of those who said no, without showing the addresses. */
export const DIGESTS = ['md5', 'sha1', 'sha256'] as const;
export type Digest = (typeof DIGESTS)[number];

/** In hexadecimal. */
export const DIGEST_LENGTHS: Record<Digest, number> = { md5: 32, sha1: 40, sha256: 64 };

/** What is hashed, under the tenant's key, for an entry of a list: a digest alone is no secret (addresses are guessed). */
export function listedValue(digest: Digest, hex: string): string {
  return `${digest}:${hex.toLowerCase()}`;
}

/** Every text under which an entry about this address may have been hashed, the address itself first. */
export function valuesOf(address: Address, { canonicalOf }: Normaliser): string[] {
  const canonical = canonicalOf(address);
  // Of telephones some lists digest the digits alone.
  const written = address.channel === 'voice' ? [canonical, canonical.replace(/^\+/, '')] : [canonical];
  return [
    canonical,
    ...written.flatMap((text) => DIGESTS.map((digest) => listedValue(digest, hash(digest, text, 'hex')))),
  ];
}
