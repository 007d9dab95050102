import { createHmac, randomBytes } from 'node:crypto';
import { type Clock } from '@heed/kernel';

/** Failures that one source may have at once: an office behind one address, on a Monday. */
const MOST_FAILURES = 50;
/** One more from then on in each of these: 120 guesses an hour, over all accounts and tenants. */
const FORGIVEN_EVERY_MS = 30_000;
const MOST_SOURCES = 20_000;

interface Failures {
  count: number;
  at: number;
}

/**
 * Wrong sign-ins by where they come from: who tries one password on many accounts closes none of them. Refused before
 * anything is looked up, so that the refusal tells nothing of any account. Kept in this process alone and under a key
 * that dies with it: an address is not written down, and each replica counts for itself.
 */
export class SourceLimit {
  private readonly failures = new Map<string, Failures>();
  private readonly key = randomBytes(32);

  constructor(private readonly clock: Pick<Clock, 'monotonicMs'>) {}

  isClosed(source: string): boolean {
    return this.left(this.nameOf(source)).count >= MOST_FAILURES;
  }

  countFailure(source: string): void {
    const name = this.nameOf(source);
    const { count, at } = this.left(name);
    // Anew at the end of the map: the source that has been quiet longest is the first to be forgotten.
    this.failures.delete(name);
    if (this.failures.size >= MOST_SOURCES) this.failures.delete(this.failures.keys().next().value ?? '');
    this.failures.set(name, { count: count + 1, at });
  }

  /** What is not forgiven yet. `at` is when the last one was: a part of an interval counts on. */
  private left(name: string): Failures {
    const now = this.clock.monotonicMs();
    const known = this.failures.get(name);
    if (known === undefined) return { count: 0, at: now };
    const forgiven = Math.floor((now - known.at) / FORGIVEN_EVERY_MS);
    if (forgiven >= known.count) return { count: 0, at: now };
    return { count: known.count - forgiven, at: known.at + forgiven * FORGIVEN_EVERY_MS };
  }

  private nameOf(source: string): string {
    return createHmac('sha256', this.key).update(source).digest('base64url');
  }
}
