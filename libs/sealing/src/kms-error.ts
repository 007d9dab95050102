import { DomainError } from '@heed/kernel';

/** The reasons with which every driver refuses: a caller need not know which one it has. */
export function keyBroken(): DomainError {
  return new DomainError('KEY_BROKEN', 'internal', {
    message: 'a wrapped key was altered, or belongs to another subject',
  });
}

export function masterKeyUnknown(keyId: string): DomainError {
  return new DomainError('MASTER_KEY_UNKNOWN', 'failed-precondition', {
    message: `the master key ${keyId} is not among those that are configured, or is disabled: bring it back (docs/runbooks/lost-key.md)`,
    metadata: { keyId },
  });
}

export function kmsUnreachable(kms: string, cause?: unknown): DomainError {
  return new DomainError('KMS_UNREACHABLE', 'unavailable', {
    message: `${kms} does not answer: nothing new can be sealed or opened until it does; keys in memory serve for seconds`,
    metadata: { kms },
    cause,
  });
}

export function kmsThrottled(kms: string): DomainError {
  return new DomainError('KMS_THROTTLED', 'resource-exhausted', {
    message: `${kms} answers that there are too many calls, after several tries: raise its quota`,
    metadata: { kms },
  });
}

export function kmsRefused(kms: string, code: string): DomainError {
  return new DomainError('KMS_REFUSED', 'permission-denied', {
    message: `${kms} refuses us (${code}): look at its credentials, and whether they may encrypt, decrypt and describe the key`,
    metadata: { kms, code },
  });
}
