import { newId, type Clock } from '@heed/kernel';
import { type UnitOfWork } from '@heed/postgres';
import { KEY_CACHE_MS } from './key-cache.js';
import { KeyHolderStore } from './key-holder.store.js';

/** Keys are read only this long after the holder's row was renewed. */
const LEASE_MS = KEY_CACHE_MS;
/** How long another process has to say that it forgot them, before its memory is left to die of age. */
const ANSWER_MS = 500;
/** A signal holds 4 KB; one that names nobody voids everything. */
const MOST_NAMED = 80;

/** The part of Signals that voids caches in other processes. */
export interface KeySignals {
  publish(subject: string, data: object): void;
  subscribe(subject: string, handler: (data: unknown) => void): unknown;
}

const KEYS_VOIDED = 'heed.keys.voided';
const KEYS_FORGOTTEN = 'heed.keys.forgotten';

interface Waiting {
  others: Set<string>;
  allForgot: () => void;
}

/**
 * Which processes may hold keys in memory. Whoever destroys keys asks them to forget, and is told until when one that
 * does not answer may hold them: nobody, where no other process reads keys.
 */
export class KeyHolders {
  private readonly holderId = newId();
  private readonly store = new KeyHolderStore();
  private readonly waiting = new Map<string, Waiting>();
  private renewed: { monotonicMs: number; bootMs: number } | undefined;

  constructor(
    private readonly keys: UnitOfWork,
    private readonly clock: Clock,
    private readonly signals: KeySignals | undefined,
    forget: (tenantId: string | undefined, subjectIds: readonly string[]) => void,
  ) {
    signals?.subscribe(KEYS_VOIDED, (data) => {
      const { voiding, tenantId, subjectIds } = (data ?? {}) as Record<string, unknown>;
      // A signal that says less than it should voids more than it would.
      if (typeof tenantId === 'string' && Array.isArray(subjectIds)) forget(tenantId, subjectIds.map(String));
      else forget(undefined, []);
      if (typeof voiding === 'string') signals.publish(KEYS_FORGOTTEN, { voiding, holderId: this.holderId });
    });
    signals?.subscribe(KEYS_FORGOTTEN, (data) => {
      const { voiding, holderId } = (data ?? {}) as Record<string, unknown>;
      const waiting = this.waiting.get(String(voiding));
      if (waiting?.others.delete(String(holderId)) && waiting.others.size === 0) waiting.allForgot();
    });
  }

  /** Before keys are read. */
  async beforeReading(): Promise<void> {
    const { renewed } = this;
    const now = { monotonicMs: this.clock.monotonicMs(), bootMs: this.clock.bootMs() };
    const age = renewed && Math.max(now.monotonicMs - renewed.monotonicMs, now.bootMs - renewed.bootMs);
    if (age !== undefined && age < LEASE_MS) return;
    await this.keys.runAcross('service', (tx) => this.store.renew(tx, this.holderId));
    this.renewed = now;
  }

  /** After keys were destroyed: from when on no process holds one. */
  async clearAt(tenantId: string, subjectIds: readonly string[]): Promise<Date> {
    const others = await this.keys.runAcross('service', (tx) =>
      this.store.others(tx, this.holderId, LEASE_MS + KEY_CACHE_MS),
    );
    const silent =
      others.length === 0 ? new Set<string>() : await this.silentAfterAsking(others, tenantId, subjectIds);
    const longest = Math.max(
      0,
      ...others
        .filter(({ holderId }) => silent.has(holderId))
        .map(({ leftMs }) => Math.min(leftMs, KEY_CACHE_MS)),
    );
    return new Date(this.clock.now().getTime() + Math.ceil(longest));
  }

  /** It reads no keys any more and holds none. */
  async leave(): Promise<void> {
    if (!this.renewed) return;
    this.renewed = undefined;
    await this.keys.runAcross('service', (tx) => this.store.leave(tx, this.holderId));
  }

  private async silentAfterAsking(
    others: readonly { holderId: string }[],
    tenantId: string,
    subjectIds: readonly string[],
  ): Promise<Set<string>> {
    const silent = new Set(others.map(({ holderId }) => holderId));
    if (!this.signals) return silent;
    const voiding = newId();
    const answered = new AbortController();
    this.waiting.set(voiding, { others: silent, allForgot: () => answered.abort() });
    try {
      const named = subjectIds.length <= MOST_NAMED ? { subjectIds } : {};
      this.signals.publish(KEYS_VOIDED, { voiding, tenantId, ...named });
      if (silent.size > 0) await this.clock.wait(ANSWER_MS, answered.signal).catch(() => undefined);
    } finally {
      this.waiting.delete(voiding);
    }
    return silent;
  }
}
