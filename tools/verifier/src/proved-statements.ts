import { canonicalJson, leafHash, verifyInclusion, verifySignature } from '@heed/kernel';
import {
  readCanonical,
  requestForm,
  statementForm,
  type CertificateFile,
  type ReceiptLeaf,
  type RequestStatement,
  type Statement,
} from './certificate-file.js';
import { type ProvedLeaves } from './proved-leaves.js';
import { refuse } from './refusal.js';

export interface ProvedStatement extends Statement {
  /** Where its receipt stands in the log. */
  leaf: number;
  /** By a key that the log took in as a participant's. */
  selfAttested: boolean;
}

/** What the log committed to when the request was closed. */
export function proveRequest(request: CertificateFile['request'], leaves: ProvedLeaves): RequestStatement {
  const { commitment } = leaves.take(request.leaf, 'request_closed');
  const committed = leafHash(Buffer.concat([request.salt, request.statement]));
  if (!committed.equals(commitment)) {
    throw refuse('STATEMENT_NOT_COMMITTED', 'the request is not the one that the log committed to');
  }
  return readCanonical(request.statement, requestForm, 'CERTIFICATE_MALFORMED', 'the request');
}

/** A service's statement: opened from the root that it signed, in a leaf of the log, with a key that the log knew. */
export function proveStatement(
  opening: CertificateFile['openings'][number],
  leaves: ProvedLeaves,
): ProvedStatement {
  const leaf = leaves.take(opening.leaf, 'receipt', 'probe');
  const { key, self_attested: attests } = leaves.keyOf(leaf, opening.leaf);
  if (!verifySignature(key, signedBytes(leaf, opening.receipt), leaf.signature)) {
    throw refuse(
      'RECEIPT_NOT_SIGNED',
      `the receipt of leaf ${opening.leaf} is not signed by ${leaf.service}`,
    );
  }
  const included = verifyInclusion({
    leafHash: leafHash(Buffer.concat([opening.salt, opening.statement])),
    index: opening.position,
    size: leaf.tree_size,
    proof: opening.path,
    root: leaf.root,
  });
  if (!included) {
    throw refuse('STATEMENT_NOT_COMMITTED', `a statement is not in the receipt of leaf ${opening.leaf}`);
  }
  const statement = readCanonical(
    opening.statement,
    statementForm,
    'CERTIFICATE_MALFORMED',
    `the statement of leaf ${opening.leaf}`,
  );
  if (
    statement.service !== leaf.service ||
    statement.action !== leaf.action ||
    statement.manifest !== leaf.manifest ||
    (leaf.action === 'PROBE') !== (leaf.type === 'probe')
  ) {
    throw refuse('STATEMENT_OF_ANOTHER', `the statement of leaf ${opening.leaf} is not about its receipt`);
  }
  return { ...statement, leaf: opening.leaf, selfAttested: attests ?? false };
}

/** The bytes that a service signs for a batch of orders (docs/certificate.md). */
function signedBytes(leaf: ReceiptLeaf, receipt: { batch: string; id: string }): Buffer {
  const signed = canonicalJson({
    action: leaf.action,
    batch_id: receipt.batch,
    key_id: leaf.key_id,
    manifest_version: leaf.manifest,
    receipt_id: receipt.id,
    root: leaf.root.toString('base64'),
    service: leaf.service,
    signed_at: leaf.signed_at,
    tree_size: leaf.tree_size,
  });
  return Buffer.from(`heed receipt v1\n${signed}`);
}
