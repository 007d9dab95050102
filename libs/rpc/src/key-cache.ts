import { type Clock, DomainError } from '@heed/kernel';

export interface KeyCacheOptions {
  /** How long keys are used before they are fetched again: a withdrawn key works no longer than this. */
  maxAgeMs?: number;
}

// Unknown ids may cause this many fetches at once and then four a second: enough for six services that start together,
// and no way to make tokens with made-up ids into a flood of requests to identity.
const MOST_FETCHES = 5;
const REFILL_MS = 250;

/**
 * Public keys by id, fetched when one is unknown (a rotation, a new service) and when they are old. While their source
 * is down the keys that are known go on working: refusing all calls would turn one outage into many.
 */
export class KeyCache<Key> {
  private keys: ReadonlyMap<string, Key> = new Map();
  private fetchedAt = -Infinity;
  private fetching: Promise<void> | undefined;
  private fetches = MOST_FETCHES;
  private refilledAt: number;
  private readonly maxAgeMs: number;

  constructor(
    private readonly fetch: () => Promise<ReadonlyMap<string, Key>>,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
    options: KeyCacheOptions = {},
  ) {
    this.maxAgeMs = options.maxAgeMs ?? 60_000;
    this.refilledAt = clock.monotonicMs();
  }

  async find(keyId: string): Promise<Key | undefined> {
    const now = this.clock.monotonicMs();
    const wanted = now - this.fetchedAt > this.maxAgeMs || !this.keys.has(keyId);
    if (wanted && (this.fetching !== undefined || this.mayFetch(now))) await this.refresh(now);
    if (this.fetchedAt === -Infinity) {
      throw new DomainError('KEYS_UNAVAILABLE', 'unavailable', {
        message: 'the keys by which tokens are verified could not be had yet',
      });
    }
    return this.keys.get(keyId);
  }

  /** Whoever has just made a key known need not wait for somebody to ask for it. */
  async renew(): Promise<void> {
    // One that is under way may have read before it was there.
    await this.fetching;
    await this.refresh(this.clock.monotonicMs());
  }

  private mayFetch(now: number): boolean {
    const refill = Math.floor((now - this.refilledAt) / REFILL_MS);
    if (refill > 0) {
      this.fetches = Math.min(MOST_FETCHES, this.fetches + refill);
      this.refilledAt += refill * REFILL_MS;
    }
    if (this.fetches === 0) return false;
    this.fetches -= 1;
    return true;
  }

  private refresh(now: number): Promise<void> {
    this.fetching ??= (async () => {
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
