import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { chunked, type Clock } from '@heed/kernel';
import { type UnitOfWork } from '@heed/postgres';
import { KeyCache } from './key-cache.js';
import { KeyHolders, type KeySignals } from './key-holders.js';
import { type KeyManagement } from './kms.js';
import { SubjectKeyStore, type WrappedKey } from './subject-key.store.js';

/** Transactions that insert in bulk stay under 1,000 rows: an eraser waits for them. */
const BATCH = 500;

/** The data keys of subjects: made once, held for seconds, gone with their subject. */
export class SubjectKeys {
  private readonly store = new SubjectKeyStore();
  private readonly cache: KeyCache;
  private readonly holders: KeyHolders;

  constructor(
    private readonly keys: UnitOfWork,
    private readonly kms: KeyManagement,
    private readonly clock: Clock,
    signals: KeySignals | undefined,
  ) {
    this.cache = new KeyCache(clock);
    this.holders = new KeyHolders(keys, clock, signals, (tenantId, subjectIds) =>
      tenantId === undefined ? this.cache.voidAll() : this.cache.void(tenantId, subjectIds),
    );
  }

  /** The keys of those subjects that have one. */
  async existing(tenantId: string, subjectIds: readonly string[]): Promise<Map<string, KeyObject>> {
    return this.collect(tenantId, subjectIds, (missing) =>
      this.keys.run(tenantId, (tx) => this.store.find(tx, missing)),
    );
  }

  /** The keys of all subjects that live, made where there is none. Whoever was erased is left out. */
  async ensured(tenantId: string, subjectIds: readonly string[]): Promise<Map<string, KeyObject>> {
    return this.collect(tenantId, subjectIds, async (missing) => {
      const found = await this.keys.run(tenantId, (tx) => this.store.find(tx, missing));
      const has = new Set(found.map((key) => key.subjectId));
      const fresh = await this.wrapped(
        tenantId,
        missing.filter((subjectId) => !has.has(subjectId)),
      );
      if (fresh.length === 0) return found;
      const added = await this.keys.run(tenantId, (tx) => this.store.add(tx, fresh, this.clock.now()));
      return [...found, ...added];
    });
  }

  /** And from when on no process holds one in memory. */
  async destroy(
    tenantId: string,
    subjectIds: readonly string[],
  ): Promise<{ destroyed: number; cachesClearAt: Date }> {
    let destroyed = 0;
    for (const batch of chunked(distinct(subjectIds), BATCH)) {
      destroyed += await this.keys.run(tenantId, (tx) => this.store.destroy(tx, batch), { role: 'eraser' });
      this.cache.void(tenantId, batch);
    }
    return { destroyed, cachesClearAt: await this.holders.clearAt(tenantId, subjectIds) };
  }

  async close(): Promise<void> {
    this.cache.voidAll();
    await this.holders.leave();
  }

  async present(tenantId: string, subjectIds: readonly string[]): Promise<string[]> {
    return this.keys.run(tenantId, (tx) => this.store.present(tx, subjectIds), { role: 'probe' });
  }

  private async collect(
    tenantId: string,
    subjectIds: readonly string[],
    read: (missing: string[]) => Promise<WrappedKey[]>,
  ): Promise<Map<string, KeyObject>> {
    const keys = new Map<string, KeyObject>();
    const missing: string[] = [];
    for (const subjectId of distinct(subjectIds)) {
      const cached = this.cache.get(tenantId, subjectId);
      if (cached) keys.set(subjectId, cached);
      else missing.push(subjectId);
    }
    for (const batch of chunked(missing, BATCH)) {
      // Keys age from before the process says that it reads: what it holds dies before its row does.
      const since = this.cache.reading();
      await this.holders.beforeReading();
      const opened = await this.unwrapped(tenantId, await read(batch));
      this.cache.put(tenantId, opened, since);
      for (const [subjectId, key] of opened) keys.set(subjectId, key);
    }
    return keys;
  }

  private async wrapped(tenantId: string, subjectIds: readonly string[]): Promise<WrappedKey[]> {
    if (subjectIds.length === 0) return [];
    const wrapped = await this.kms.wrap(
      subjectIds.map((subjectId) => ({ key: randomBytes(32), context: contextOf(tenantId, subjectId) })),
    );
    return subjectIds.map((subjectId, at) => ({
      subjectId,
      wrapped: wrapped[at]!,
      keyId: this.kms.keyId,
    }));
  }

  private async unwrapped(tenantId: string, keys: readonly WrappedKey[]): Promise<Map<string, KeyObject>> {
    const opened = await this.kms.unwrap(
      keys.map((key) => ({ ...key, context: contextOf(tenantId, key.subjectId) })),
    );
    return new Map(keys.map((key, at) => [key.subjectId, createSecretKey(opened[at]!)]));
  }
}

function contextOf(tenantId: string, subjectId: string): { tenantId: string; use: string } {
  return { tenantId: tenantId.toLowerCase(), use: `subject:${subjectId.toLowerCase()}` };
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}
