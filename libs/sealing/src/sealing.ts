import { DomainError, isUuid, type Clock } from '@heed/kernel';
import { type UnitOfWork } from '@heed/postgres';
import { additionalData, openBytes, sealBytes, type SealedPlace } from './envelope.js';
import { KeyedHash } from './keyed-hash.js';
import { type KeySignals } from './key-holders.js';
import { type KeyManagement } from './kms.js';
import { SubjectKeys } from './subject-keys.js';

/** Something that is a tenant's: a Tx, or the tenant's id. */
export type OfTenant = string | { tenantId: string };

export interface ToSeal extends SealedPlace {
  subjectId: string;
  plaintext: Uint8Array;
}

export interface ToOpen extends SealedPlace {
  subjectId: string;
  sealed: Buffer;
}

/** A tenant's secret under the master key, and which one that was. */
export interface WrappedSecret {
  wrapped: Buffer;
  keyId: string;
}

export interface SealingParts {
  /** On the database of keys. */
  keys: UnitOfWork;
  /** On the service's own database, for the keys of hashes. */
  main: UnitOfWork;
  kms: KeyManagement;
  clock: Clock;
  signals?: KeySignals;
}

/** Seals what a person said under a key of their own, so that destroying the key erases every copy of it. */
export class Sealing {
  private readonly subjectKeys: SubjectKeys;
  private readonly hashing: KeyedHash;
  private readonly kms: KeyManagement;

  constructor({ keys, main, kms, clock, signals }: SealingParts) {
    this.kms = kms;
    this.subjectKeys = new SubjectKeys(keys, kms, clock, signals);
    this.hashing = new KeyedHash(main, kms, clock);
  }

  /** Forgets every key: at the end of a process. */
  close(): Promise<void> {
    return this.subjectKeys.close();
  }

  /** Throws SUBJECT_ERASED for someone whose key was destroyed: no second key is ever made. */
  async seal(of: OfTenant, subjectId: string, place: SealedPlace, plaintext: Uint8Array): Promise<Buffer> {
    const [sealed] = await this.sealMany(of, [{ subjectId, ...place, plaintext }]);
    if (!sealed) throw new DomainError('SUBJECT_ERASED', 'failed-precondition');
    return sealed;
  }

  /** In order of the items; undefined for those whose subject was erased. Keys are made 500 at a time. */
  async sealMany(of: OfTenant, items: readonly ToSeal[]): Promise<(Buffer | undefined)[]> {
    const tenantId = tenantOf(of);
    const keys = await this.subjectKeys.ensured(
      tenantId,
      items.map((item) => item.subjectId),
    );
    return items.map((item) => {
      const key = keys.get(item.subjectId.toLowerCase());
      return key && sealBytes(key, additionalData(tenantId, item.subjectId, item), item.plaintext);
    });
  }

  /** Throws KEY_DESTROYED where the key is gone, SEAL_BROKEN where the bytes were altered or stood elsewhere. */
  async open(of: OfTenant, subjectId: string, place: SealedPlace, sealed: Buffer): Promise<Buffer> {
    const [opened] = await this.openMany(of, [{ subjectId, ...place, sealed }]);
    if (!opened) throw new DomainError('KEY_DESTROYED', 'failed-precondition');
    return opened;
  }

  /** In order of the items; undefined for those whose key was destroyed. */
  async openMany(of: OfTenant, items: readonly ToOpen[]): Promise<(Buffer | undefined)[]> {
    const tenantId = tenantOf(of);
    const keys = await this.subjectKeys.existing(
      tenantId,
      items.map((item) => item.subjectId),
    );
    return items.map((item) => {
      const key = keys.get(item.subjectId.toLowerCase());
      return key && openBytes(key, additionalData(tenantId, item.subjectId, item), item.sealed);
    });
  }

  /**
   * Destroys the keys of these subjects for ever. Other processes that read keys are told and answer; one that does not
   * may hold a key until `cachesClearAt`, which a receipt must wait for.
   */
  destroyKeys(
    tenantId: string,
    subjectIds: readonly string[],
  ): Promise<{ destroyed: number; cachesClearAt: Date }> {
    return this.subjectKeys.destroy(tenantId, subjectIds);
  }

  /** Which of these subjects still have a key, read past all policies: for probes. */
  subjectsWithKeys(tenantId: string, subjectIds: readonly string[]): Promise<string[]> {
    return this.subjectKeys.present(tenantId, subjectIds);
  }

  /** A secret of the tenant's own, no person's (a private key): it opens for this tenant and this use, and no other. */
  async wrapSecret(tenantId: string, use: string, secret: Buffer): Promise<WrappedSecret> {
    const [wrapped] = await this.kms.wrap([{ key: secret, context: { tenantId, use } }]);
    return { wrapped: wrapped!, keyId: this.kms.keyId };
  }

  async unwrapSecret(tenantId: string, use: string, { wrapped, keyId }: WrappedSecret): Promise<Buffer> {
    const [secret] = await this.kms.unwrap([{ wrapped, keyId, context: { tenantId, use } }]);
    return secret!;
  }

  /** See KeyedHash.of. */
  keyedHash(of: OfTenant, purpose: string, value: string, normaliserVersion = 1): Promise<Buffer> {
    return this.hashing.of(tenantOf(of), purpose, value, normaliserVersion);
  }

  /** See KeyedHash.ofMany. */
  keyedHashes(
    of: OfTenant,
    purpose: string,
    values: readonly string[],
    normaliserVersion = 1,
  ): Promise<Buffer[]> {
    return this.hashing.ofMany(tenantOf(of), purpose, values, normaliserVersion);
  }

  /** Keys of hashes: what look-ups, rotation and re-hashing need. */
  get hashes(): KeyedHash {
    return this.hashing;
  }
}

function tenantOf(of: OfTenant): string {
  const tenantId = typeof of === 'string' ? of : of.tenantId;
  if (!isUuid(tenantId)) throw new DomainError('TENANT_INVALID', 'internal');
  return tenantId.toLowerCase();
}
