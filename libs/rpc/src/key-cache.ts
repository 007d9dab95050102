import { type Clock, DomainError } from '@heed/kernel';

export interface KeyCacheOptions {
  /** How long keys are used before they are fetched again: a withdrawn key works no longer than this. */
  maxAgeMs?: number;
  /** How often an unknown key id may cause a fetch: tokens with made-up ids must not become requests to identity. */
  cooldownMs?: number;
}

/**
 * Public keys by id, fetched when one is unknown (a rotation) and when they are old. While their source is down the
 * keys that are known go on working: refusing all calls would turn one outage into many.
 */
export class KeyCache<Key> {
  private keys: ReadonlyMap<string, Key> = new Map();
  private fetchedAt = -Infinity;
  private triedAt = -Infinity;
  private fetching: Promise<void> | undefined;
  private readonly maxAgeMs: number;
  private readonly cooldownMs: number;

  constructor(
    private readonly fetch: () => Promise<ReadonlyMap<string, Key>>,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
    options: KeyCacheOptions = {},
  ) {
    this.maxAgeMs = options.maxAgeMs ?? 60_000;
    this.cooldownMs = options.cooldownMs ?? 250;
  }

  async find(keyId: string): Promise<Key | undefined> {
    const now = this.clock.monotonicMs();
    const wanted = now - this.fetchedAt > this.maxAgeMs || !this.keys.has(keyId);
    if (this.fetching !== undefined || (wanted && now - this.triedAt > this.cooldownMs))
      await this.refresh(now);
    if (this.fetchedAt === -Infinity) {
      throw new DomainError('KEYS_UNAVAILABLE', 'unavailable', {
        message: 'the keys by which tokens are verified could not be had yet',
      });
    }
    return this.keys.get(keyId);
  }

  private refresh(now: number): Promise<void> {
    this.fetching ??= (async () => {
      this.triedAt = now;
      try {
        this.keys = await this.fetch();
        this.fetchedAt = now;
      } catch {
        // Known keys stay; without any, find() says so.
      } finally {
        this.fetching = undefined;
      }
    })();
    return this.fetching;
  }
}
