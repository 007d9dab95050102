import { type KeyObject } from 'node:crypto';
import { type Clock } from '@heed/kernel';

/**
 * How long a process may go on using a subject's key after it was destroyed, if no signal reaches it. A receipt for
 * destroyed keys waits this long, so it is short; 60 s is the most that the promise allows.
 */
export const KEY_CACHE_MS = 10_000;

const MOST_KEYS = 20_000;

interface Held {
  key: KeyObject;
  monotonicMs: number;
  bootMs: number;
}

/** Keys in use, for seconds. Ages are measured by two clocks: the monotonic one stands still while a machine sleeps. */
export class KeyCache {
  private readonly held = new Map<string, Held>();
  private voidings = 0;

  constructor(private readonly clock: Clock) {}

  /** Taken before keys are read: they age from here, and are not kept if anything was voided meanwhile. */
  reading(): { monotonicMs: number; bootMs: number; voidings: number } {
    return { monotonicMs: this.clock.monotonicMs(), bootMs: this.clock.bootMs(), voidings: this.voidings };
  }

  get(tenantId: string, subjectId: string): KeyObject | undefined {
    const name = nameOf(tenantId, subjectId);
    const held = this.held.get(name);
    if (!held) return undefined;
    const age = Math.max(this.clock.monotonicMs() - held.monotonicMs, this.clock.bootMs() - held.bootMs);
    if (age < KEY_CACHE_MS) return held.key;
    this.held.delete(name);
    return undefined;
  }

  put(tenantId: string, keys: ReadonlyMap<string, KeyObject>, since: ReturnType<KeyCache['reading']>): void {
    if (since.voidings !== this.voidings) return;
    for (const [subjectId, key] of keys) {
      this.held.set(nameOf(tenantId, subjectId), {
        key,
        monotonicMs: since.monotonicMs,
        bootMs: since.bootMs,
      });
    }
    // Oldest first: a Map keeps the order in which names came.
    for (const name of this.held.keys()) {
      if (this.held.size <= MOST_KEYS) break;
      this.held.delete(name);
    }
  }

  void(tenantId: string, subjectIds: readonly string[]): void {
    this.voidings += 1;
    for (const subjectId of subjectIds) this.held.delete(nameOf(tenantId, subjectId));
  }

  voidAll(): void {
    this.voidings += 1;
    this.held.clear();
  }
}

function nameOf(tenantId: string, subjectId: string): string {
  return `${tenantId}/${subjectId}`.toLowerCase();
}
