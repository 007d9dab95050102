import { DomainError, systemClock, type Clock } from '@heed/kernel';
import { KeyRing } from './key-ring.js';
import { AwsKms } from './kms-aws.js';
import { FileKms } from './kms-file.js';
import { VaultKms } from './kms-vault.js';

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
  /** Whether it can unwrap what that one wrapped. */
  holds(keyId: string): boolean;
  wrap(keys: readonly { key: Buffer; context: KeyContext }[]): Promise<Buffer[]>;
  unwrap(keys: readonly { wrapped: Buffer; keyId: string; context: KeyContext }[]): Promise<Buffer[]>;
}

export interface OpenKeyManagement {
  /** Makes a file where none is: never in production, where a new key would orphan all that the old one wrapped. */
  create: boolean;
  /** Places of master keys that wrap nothing any more and must still unwrap. */
  older?: readonly string[];
  clock?: Clock;
  /** For one call. */
  timeoutMs?: number;
}

/** Long enough for a service in another region, short enough for an import to wait for. */
const TIMEOUT_MS = 5_000;

/**
 * `place` is a file (a path or a file: URL), `aws-kms:<alias, id or ARN>` with `?region=` and `?endpoint=` where the
 * environment does not say them, or `vault:https://host:8200/<mount>/<key>`. One that cannot be reached refuses here.
 */
export async function openKeyManagement(place: string, options: OpenKeyManagement): Promise<KeyManagement> {
  const [present, ...older] = await Promise.all([
    openOne(place, options),
    ...(options.older ?? []).map((each) => openOne(each, { ...options, create: false })),
  ]);
  return older.length === 0 ? present! : new KeyRing(present!, older);
}

function openOne(place: string, options: OpenKeyManagement): Promise<KeyManagement> {
  const { clock = systemClock, timeoutMs = TIMEOUT_MS } = options;
  const scheme = /^([a-z][a-z0-9+-]*):/.exec(place)?.[1] ?? 'file';
  if (scheme === 'file') return FileKms.open(place, options);
  if (scheme === 'aws-kms') return AwsKms.open(place, { timeoutMs });
  if (scheme === 'vault') return VaultKms.open(place, { clock, timeoutMs, env: process.env });
  throw new DomainError('KMS_UNKNOWN', 'failed-precondition', {
    message: `no master key can be kept by ${scheme}: name a file, aws-kms:KEY or vault:https://HOST/MOUNT/KEY`,
    metadata: { scheme },
  });
}
