import { type KeyObject } from 'node:crypto';
import { isServiceName } from '@heed/contracts';
import { type Clock, keyIdOf, publicKeyObject } from '@heed/kernel';
import { KeyCache, type KeyCacheOptions } from './key-cache.js';

export interface PublishedKey {
  service: string;
  publicKey: Uint8Array;
  /** RFC 3339 time from which calls made with it are refused; empty or absent while no other has followed it. */
  retiresAt?: string;
  /** RFC 3339 time at which it was revoked; empty or absent: it was not. */
  revokedAt?: string;
}

interface KnownKey {
  service: string;
  key: KeyObject;
  publicKey: Buffer;
  retiresAt: number;
  isRevoked: boolean;
}

/** Where a service's public keys come from: identity's TokensService, or identity's own table within identity. */
export type ServiceKeySource = () => Promise<PublishedKey[]>;

/** Public keys of services, by key id, each bound to the service that registered it. */
export class ServiceKeys {
  private readonly cache: KeyCache<KnownKey>;

  constructor(
    source: ServiceKeySource,
    private readonly clock: Clock,
    options: KeyCacheOptions = {},
  ) {
    this.cache = new KeyCache(async () => indexed(await source()), clock, options);
  }

  /** The key by which the service calls now: nobody speaks for another service with a key of their own. */
  async keyOf(service: string, keyId: string): Promise<KeyObject | undefined> {
    const found = await this.cache.find(keyId);
    const isTaken = found?.service === service && this.clock.now().getTime() < found.retiresAt;
    return isTaken ? found.key : undefined;
  }

  /** A key was added to where they come from. */
  renew(): Promise<void> {
    return this.cache.renew();
  }

  /** Whether a key is one of ours: nobody else may be known by it. */
  async isOfService(keyId: string): Promise<boolean> {
    const found = await this.cache.find(keyId);
    return found !== undefined && isServiceName(found.service);
  }

  /**
   * The raw key with which a service signs (orders, receipts, permits), for verifySignature of the kernel. Also one that
   * another has followed: what it signed is read again after a restore. One that was revoked verifies nothing any more;
   * what it signed before stands in the log, whose leaves show that it was valid there.
   */
  async publicKeyOf(service: string, keyId: string): Promise<Buffer | undefined> {
    const found = await this.cache.find(keyId);
    return found?.service === service && !found.isRevoked ? found.publicKey : undefined;
  }
}

function indexed(published: PublishedKey[]): Map<string, KnownKey> {
  return new Map(
    published.map(({ service, publicKey, retiresAt, revokedAt }) => [
      // Computed here: a source that lied about an id could put one service's key under another's.
      keyIdOf(publicKey),
      {
        ...{ service, key: publicKeyObject(publicKey), publicKey: Buffer.from(publicKey) },
        retiresAt: retiresAt ? Date.parse(retiresAt) : Infinity,
        isRevoked: Boolean(revokedAt),
      },
    ]),
  );
}
