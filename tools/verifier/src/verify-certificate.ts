import * as alone from '../verify-certificate.mjs';
import { type Claims } from './claims.js';
import { asDomainError } from './refusal.js';

export interface VerifiedCertificate {
  claims: Claims;
  /** Name and size of the log at the checkpoint. */
  log: { origin: string; size: number };
  /** The stores that each service declared, by the manifest's version. */
  manifests: Record<string, string>;
  /** How many receipts and probes stand behind the claims. */
  receipts: number;
  probes: number;
}

/**
 * Verifies a certificate offline: with the file, and the log's verifier key that came by another way. All of it happens in
 * verify-certificate.mjs, which anybody can copy and run with Node alone. Throws a DomainError whose reason says what
 * does not hold.
 *
 * It proves who said what, unaltered. It does not prove that no copy exists anywhere.
 */
export function verifyCertificate(
  file: Uint8Array,
  vkey: string,
  witnesses: readonly string[] = [],
): VerifiedCertificate {
  return asDomainError(() => alone.verifyCertificate(file, vkey, witnesses) as VerifiedCertificate);
}
