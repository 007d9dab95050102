import { DomainError } from '@heed/kernel';
import { FileKms } from './kms-file.js';

/** What a wrapped key is bound to: it opens for nothing else. */
export interface KeyContext {
  tenantId: string;
  /** What the key is for: 'subject:<id>', 'hash:<version>'. */
  use: string;
}

/** Where the master key is. It never leaves; keys are wrapped and unwrapped by it, many in one call. */
export interface KeyManagement {
  /** Names the master key that wraps now. */
  readonly keyId: string;
  wrap(keys: readonly { key: Buffer; context: KeyContext }[]): Promise<Buffer[]>;
  unwrap(keys: readonly { wrapped: Buffer; keyId: string; context: KeyContext }[]): Promise<Buffer[]>;
}

/**
 * `place` is a file (a path or a file: URL). `create` makes one where none is: never in production, where a new master
 * key would silently orphan everything that the old one wrapped.
 */
export async function openKeyManagement(place: string, options: { create: boolean }): Promise<KeyManagement> {
  const scheme = /^([a-z][a-z0-9+-]*):/.exec(place)?.[1] ?? 'file';
  if (scheme === 'file') return FileKms.open(place, options);
  throw new DomainError('KMS_NOT_BUILT', 'unimplemented', {
    message: `a master key by ${scheme} is not built yet: name a file`,
    metadata: { scheme },
  });
}
