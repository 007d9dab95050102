import { canonicalJson } from '@heed/kernel';
import { demandComplete } from './answers.js';
import { readCertificate } from './certificate-file.js';
import { claimsOf, type Claims } from './claims.js';
import { ProvedLeaves } from './proved-leaves.js';
import { proveRequest, proveStatement } from './proved-statements.js';
import { proveSweeps } from './proved-sweeps.js';
import { refuse } from './refusal.js';
import { openCheckpoint, readVerifierKey } from './signed-note.js';

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
 * Verifies a certificate offline: with the file, and the log's verifier key that came by another way. Nothing in the
 * file is believed: the checkpoint is signed by the key, the leaves are in its tree, the receipts in the leaves are
 * signed by keys that the log took in before, the statements open from them, every declared store has answered, and
 * the readable part is what all of this says. Throws a DomainError whose reason says what does not hold.
 *
 * It proves who said what, unaltered. It does not prove that no copy exists anywhere.
 */
export function verifyCertificate(file: Uint8Array, vkey: string): VerifiedCertificate {
  const key = readVerifierKey(vkey);
  const { certificate, claims } = readCertificate(file);
  const checkpoint = openCheckpoint(certificate.log.checkpoint, key);
  const leaves = new ProvedLeaves(certificate.log.leaves, checkpoint);
  const request = proveRequest(certificate.request, leaves);
  const statements = certificate.openings.map((opening) => proveStatement(opening, leaves));
  if (statements.some(({ leaf }) => leaf >= certificate.request.leaf)) {
    throw refuse('ANSWER_MISSING', 'the request was closed before a receipt that it rests on');
  }
  if (statements.some(({ leaf }, at) => at > 0 && leaf <= (statements[at - 1]?.leaf ?? 0))) {
    throw refuse('CERTIFICATE_MALFORMED', 'the openings are not in order of their leaves');
  }
  const sweeps = proveSweeps(certificate.sweeps, request, certificate.request.leaf, leaves);
  leaves.demandAllUsed();
  const answers = demandComplete(request, certificate.manifests, statements);
  const proved = claimsOf(request, answers, certificate.manifests, sweeps);
  if (canonicalJson(proved) !== claims) {
    throw refuse('CLAIMS_NOT_PROVED', 'the readable part says something else than the statements');
  }
  return {
    claims: proved,
    log: { origin: checkpoint.origin, size: checkpoint.size },
    manifests: request.manifests,
    receipts: statements.filter(({ action }) => action !== 'PROBE').length,
    probes: statements.filter(({ action }) => action === 'PROBE').length,
  };
}
