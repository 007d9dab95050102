import { type datarightsV1 } from '@heed/contracts';
import { canonicalJson, DomainError, inclusionProofs, verifySignature, type SigningKey } from '@heed/kernel';
import { actionFromWire, actionToWire, answerToWire, type ActionName } from './answer.js';
import { commitment, newSalt, statementBytes, type Statement } from './statement.js';

const PREFIX = 'heed receipt v1\n';

/** One signature of a service over all that it answered in one batch. */
export interface Receipt {
  receiptId: string;
  batchId: string;
  service: string;
  action: ActionName;
  /** Root over the salted commitments. */
  root: Buffer;
  treeSize: number;
  manifestVersion: string;
  signedAt: Date;
  keyId: string;
  signature: Buffer;
}

/** Opens one commitment of a receipt: to its own statement, and to no other. */
export interface Opening {
  orderId: string;
  statement: Buffer;
  salt: Buffer;
  leafIndex: number;
  path: Buffer[];
}

export interface ReceiptHead {
  receiptId: string;
  batchId: string;
  service: string;
  action: ActionName;
  manifestVersion: string;
  signedAt: Date;
}

/** Commits to one statement an order and signs once for all: 500 signatures would be 500 leaves of the log. */
export function signReceipt(
  head: ReceiptHead,
  statements: readonly Statement[],
  key: SigningKey,
): { receipt: Receipt; openings: Opening[] } {
  const committed = statements.map((statement) => {
    const bytes = statementBytes(statement);
    const salt = newSalt();
    return { orderId: statement.orderId, statement: bytes, salt, leaf: commitment(salt, bytes) };
  });
  const { root, proofs } = inclusionProofs(committed.map(({ leaf }) => leaf));
  const unsigned = { ...head, root, treeSize: committed.length, keyId: key.keyId };
  return {
    receipt: { ...unsigned, signature: key.sign(signedBytes(unsigned)) },
    openings: committed.map(({ orderId, statement, salt }, leafIndex) => ({
      orderId,
      statement,
      salt,
      leafIndex,
      path: proofs[leafIndex] ?? [],
    })),
  };
}

/** The same words under another key. */
export function signAnew(receipt: Receipt, key: SigningKey): Receipt {
  const unsigned = { ...receipt, keyId: key.keyId };
  return { ...unsigned, signature: key.sign(signedBytes(unsigned)) };
}

export function isReceiptSignedBy(receipt: Receipt, publicKey: Uint8Array): boolean {
  return verifySignature(publicKey, signedBytes(receipt), receipt.signature);
}

/**
 * True where these are all the leaves of the receipt's tree, each with the path that proves it. The tree is built once: to
 * follow each of 500 paths by itself hashes ten times as often.
 */
export function opens(receipt: Pick<Receipt, 'root' | 'treeSize'>, openings: readonly Opening[]): boolean {
  if (openings.length !== receipt.treeSize) return false;
  const leaves: Buffer[] = [];
  for (const { leafIndex, salt, statement } of openings) leaves[leafIndex] = commitment(salt, statement);
  // A place taken twice leaves another empty.
  if (leaves.length !== receipt.treeSize || Object.keys(leaves).length !== receipt.treeSize) return false;
  const { root, proofs } = inclusionProofs(leaves);
  return (
    root.equals(receipt.root) &&
    openings.every(({ leafIndex, path }) => {
      const proof = proofs[leafIndex]!;
      return path.length === proof.length && path.every((hash, index) => hash.equals(proof[index]!));
    })
  );
}

/** Described in docs/certificate.md: a verifier rebuilds these bytes from a leaf of the log. */
function signedBytes(receipt: Omit<Receipt, 'signature'>): Buffer {
  const signed = canonicalJson({
    action: receipt.action,
    batch_id: receipt.batchId,
    key_id: receipt.keyId,
    manifest_version: receipt.manifestVersion,
    receipt_id: receipt.receiptId,
    root: receipt.root.toString('base64'),
    service: receipt.service,
    signed_at: receipt.signedAt.toISOString(),
    tree_size: receipt.treeSize,
  });
  return Buffer.from(PREFIX + signed);
}

export function receiptToWire(receipt: Receipt): datarightsV1.Receipt {
  return {
    ...receipt,
    action: actionToWire(receipt.action),
    signedAt: receipt.signedAt.toISOString(),
  };
}

/** Of a receipt as an event or an answer brings it. Throws ACTION_UNKNOWN; the signature decides about the rest. */
export function receiptFromWire(
  wire: Omit<datarightsV1.Receipt, 'root' | 'signature'> & { root: Uint8Array; signature: Uint8Array },
): Receipt {
  const signedAt = new Date(wire.signedAt);
  if (Number.isNaN(signedAt.getTime())) {
    throw new DomainError('RECEIPT_MALFORMED', 'invalid-argument', { message: 'a receipt without a time' });
  }
  return {
    receiptId: wire.receiptId,
    batchId: wire.batchId,
    service: wire.service,
    action: actionFromWire(wire.action),
    root: Buffer.from(wire.root),
    treeSize: wire.treeSize,
    manifestVersion: wire.manifestVersion,
    signedAt,
    keyId: wire.keyId,
    signature: Buffer.from(wire.signature),
  };
}

export function openingToWire(opening: Opening, entries: Statement['entries']): datarightsV1.ReceiptOpening {
  return { ...opening, entries: entries.map(answerToWire) };
}

export function openingFromWire(wire: datarightsV1.ReceiptOpening): Opening {
  return {
    orderId: wire.orderId,
    statement: Buffer.from(wire.statement),
    salt: Buffer.from(wire.salt),
    leafIndex: wire.leafIndex,
    path: wire.path.map((hash) => Buffer.from(hash)),
  };
}
