import { DomainError } from '@heed/kernel';

/** Why a certificate or an audit log is refused. Stable: scripts compare these. */
export type RefusalReason =
  /** The file is not the one JSON form (RFC 8785), or has members that it must not have. */
  | 'CERTIFICATE_MALFORMED'
  /** The verifier key that was given is not one. */
  | 'VERIFIER_KEY_MALFORMED'
  /** The checkpoint is not a note of this log with this log's signature and nothing else. */
  | 'CHECKPOINT_NOT_SIGNED'
  /** A leaf is not in the tree that the checkpoint stands for. */
  | 'LEAF_NOT_IN_LOG'
  /** A leaf of the log is not of a kind that a certificate rests on, or is not needed by it. */
  | 'LEAF_MALFORMED'
  /** A receipt is signed by a key that the log has not seen before it, or by another service's. */
  | 'SERVICE_KEY_UNKNOWN'
  /** A receipt stands in the log behind the revocation of the key that signed it. */
  | 'SERVICE_KEY_REVOKED'
  /** A receipt's signature is not that of its key. */
  | 'RECEIPT_NOT_SIGNED'
  /** A statement is not what the receipt or the log committed to. */
  | 'STATEMENT_NOT_COMMITTED'
  /** A statement is about another request, person, order, service or manifest. */
  | 'STATEMENT_OF_ANOTHER'
  /** A manifest is not the one that the request is pinned to. */
  | 'MANIFEST_NOT_PINNED'
  /** A service or a store has not answered, or has answered what does not end a request. */
  | 'ANSWER_MISSING'
  /** A sweep was signed before the request was closed. */
  | 'SWEEP_NOT_PROVED'
  /** What is said of a key that follows the log's does not follow from what that one signed. */
  | 'LOG_KEY_NOT_FOLLOWED'
  /** A line of an exported audit log is not of the form that is described. */
  | 'AUDIT_MALFORMED'
  /** An audit log is not the one that was written, or not all of it. */
  | 'AUDIT_CHAIN_BROKEN'
  /** The readable part says something else than the evidence. */
  | 'CLAIMS_NOT_PROVED';

export function refuse(reason: RefusalReason, message: string): DomainError {
  return new DomainError(reason, 'invalid-argument', { message });
}

/** What the verifier that stands alone refuses, as errors are in Heed. */
export function asDomainError<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { reason, message } = error as { reason?: RefusalReason; message: string };
    if (reason === undefined) throw error;
    throw refuse(reason, message);
  }
}
