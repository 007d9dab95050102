import { type KeyObject } from 'node:crypto';
import { type Clock, keyIdOf, publicKeyObject } from '@heed/kernel';
import { KeyCache, type KeyCacheOptions } from './key-cache.js';

export interface PublishedKey {
  service: string;
  publicKey: Uint8Array;
}

/** Where a service's public keys come from: identity's TokensService, or identity's own table within identity. */
export type ServiceKeySource = () => Promise<PublishedKey[]>;

/** Public keys of services, by key id, each bound to the service that registered it. */
export class ServiceKeys {
  private readonly cache: KeyCache<{ service: string; key: KeyObject; publicKey: Buffer }>;

  constructor(source: ServiceKeySource, clock: Clock, options: KeyCacheOptions = {}) {
    this.cache = new KeyCache(async () => indexed(await source()), clock, options);
  }

  /** The key, if it is this service's: nobody speaks for another service with a key of their own. */
  async keyOf(service: string, keyId: string): Promise<KeyObject | undefined> {
    const found = await this.cache.find(keyId);
    return found?.service === service ? found.key : undefined;
  }

  /** The raw key with which a service signs (receipts, permits), for verifySignature of the kernel. */
  async publicKeyOf(service: string, keyId: string): Promise<Buffer | undefined> {
    const found = await this.cache.find(keyId);
    return found?.service === service ? found.publicKey : undefined;
  }
}

function indexed(
  published: PublishedKey[],
): Map<string, { service: string; key: KeyObject; publicKey: Buffer }> {
  return new Map(
    published.map(({ service, publicKey }) => [
      // Computed here: a source that lied about an id could put one service's key under another's.
      keyIdOf(publicKey),
      { service, key: publicKeyObject(publicKey), publicKey: Buffer.from(publicKey) },
    ]),
  );
}
