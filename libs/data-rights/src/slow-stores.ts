import { type DeclaredStore, type Manifest } from '@heed/data-map';
import { type ObjectStore } from '@heed/objects';
import { answer, type Outcome, type StoreAnswer } from './answer.js';
import { answerName, answeringStores } from './manifest-stores.js';
import { objectPrefix } from './object-prefix.js';
import { sumOf, type OrderAnswer } from './erase-rows.js';
import { type Order } from './order-batch.js';
import { SEARCHED } from './probe-rows.js';

/** Why objects stay as they are when something about their person is corrected. */
const AS_IT_WAS = 'record_of_contact';

/** Copies that nobody reaches into: they say until when they hold what they have. */
type Ageing = Extract<DeclaredStore, { kind: 'cache' | 'queue' | 'copy' | 'log' }>;

/** What the keys of people can do here; `Sealing` of @heed/sealing is one. */
export interface SubjectKeys {
  subjectsWithKeys(tenantId: string, subjectIds: readonly string[]): Promise<string[]>;
  destroyKeys(tenantId: string, subjectIds: readonly string[]): Promise<{ cachesClearAt: Date }>;
}

/**
 * Stores outside the database: keys in another database, objects in a folder or bucket. No transaction spans them, so
 * each step may be repeated: what is there is counted and the count is kept, then it is destroyed, then signed for.
 */
export class SlowStores {
  private readonly declared: DeclaredStore[];

  constructor(
    private readonly manifest: Manifest,
    private readonly keys: SubjectKeys,
    private readonly objects: ObjectStore,
  ) {
    this.declared = answeringStores(manifest).filter((store) => store.kind !== 'table');
  }

  /** What each of them holds about each order's person, before anything is destroyed. */
  async take(tenantId: string, orders: readonly Order[]): Promise<OrderAnswer[]> {
    const counted = await this.count(tenantId, orders);
    return counted.map(({ order, store, count }) => ({
      orderId: order.orderId,
      ...answer(store, count > 0 ? 'ERASED' : 'NOTHING_HELD', { count }),
    }));
  }

  /** The same where nothing is to be destroyed. */
  async held(tenantId: string, order: Order, outcome: Outcome): Promise<StoreAnswer[]> {
    const counted = await this.count(tenantId, [order]);
    return counted.map(({ store, count }) => answer(store, count > 0 ? outcome : 'NOTHING_HELD', { count }));
  }

  /** What a correction finds there: objects are what was said and heard, and keys say nothing. */
  async asItWas(
    tenantId: string,
    order: Order,
    clean: 'NOTHING_HELD' | 'PROBED_CLEAN',
  ): Promise<StoreAnswer[]> {
    const detail = clean === 'PROBED_CLEAN' ? SEARCHED.byId : '';
    const counted = await this.count(tenantId, [order]);
    return counted.map(({ store, count }) =>
      count > 0 && !this.keyStores().includes(store)
        ? answer(store, 'RETAINED', { count, detail: AS_IT_WAS })
        : answer(store, clean, { detail }),
    );
  }

  /** Keys last: an object that is put meanwhile is already unreadable. Returns when no memory holds a key any more. */
  async destroy(tenantId: string, orders: readonly Order[], hadKeys: boolean): Promise<Date | undefined> {
    const ids = orders.flatMap((order) => order.subjectIds);
    for (const store of this.objectStores()) {
      for (const id of ids) {
        for await (const { key } of this.objects.list(objectPrefix(store.name, tenantId, id))) {
          await this.objects.delete(key);
        }
      }
    }
    if (this.ofKind('keys').length === 0) return undefined;
    // Also for those who never had one: their key's fence is raised, and none is made for them later.
    const { cachesClearAt } = await this.keys.destroyKeys(tenantId, ids);
    return hadKeys ? cachesClearAt : undefined;
  }

  /** What a search finds now. */
  async probe(tenantId: string, orders: readonly Order[]): Promise<OrderAnswer[]> {
    const counted = await this.count(tenantId, orders);
    return counted.map(({ order, store, count }) => ({
      orderId: order.orderId,
      ...answer(store, count > 0 ? 'PROBED_FOUND' : 'PROBED_CLEAN', { count, detail: SEARCHED.byId }),
    }));
  }

  /** Copies age out by themselves; each says when the last of them will have, and on what ground if there is one. */
  ageing(at: Date): StoreAnswer[] {
    return this.declared.filter(isAgeing).map((store) => {
      const until = new Date(at.getTime() + lifeOf(store)).toISOString();
      const name = answerName(this.manifest.service, store);
      return store.kind === 'log' && store.ground
        ? answer(name, 'RETAINED', { detail: store.ground, until })
        : answer(name, 'IN_BACKUP', { detail: store.kind, until });
    });
  }

  /** Stores of objects, those that were retired too: what was forgotten there is found all the same. */
  objectStores(): { name: string }[] {
    return [...this.ofKind('object'), ...this.ofKind('retired').filter(({ was }) => was === 'object')];
  }

  keyStores(): string[] {
    return this.ofKind('keys').map((store) => answerName(this.manifest.service, store));
  }

  /** Keys are no data that a person could be handed; what was retired has none. */
  storesWithoutData(): string[] {
    const retired = this.retired().map((store) => answerName(this.manifest.service, store));
    return [...this.keyStores(), ...retired];
  }

  /** Retired tables: that none is left in the database is checked before the service starts. */
  private retired(): { name: string }[] {
    return this.ofKind('retired').filter(({ was }) => was !== 'object');
  }

  private async count(
    tenantId: string,
    orders: readonly Order[],
  ): Promise<{ order: Order; store: string; count: number }[]> {
    const ids = orders.flatMap((order) => order.subjectIds);
    const rows: { order: Order; store: string; count: number }[] = [];
    for (const store of this.objectStores()) {
      const counts = new Map<string, number>();
      for (const id of ids) {
        counts.set(id, await countOf(this.objects.list(objectPrefix(store.name, tenantId, id))));
      }
      rows.push(...orders.map((order) => this.row(order, store, counts)));
    }
    for (const store of this.retired()) {
      rows.push(...orders.map((order) => this.row(order, store, new Map())));
    }
    for (const store of this.ofKind('keys')) {
      const held = await this.keys.subjectsWithKeys(tenantId, ids);
      const counts = new Map(held.map((id) => [id, 1]));
      rows.push(...orders.map((order) => this.row(order, store, counts)));
    }
    return rows;
  }

  private row(order: Order, store: { name: string }, counts: ReadonlyMap<string, number>) {
    return { order, store: answerName(this.manifest.service, store), count: sumOf(order, counts) };
  }

  private ofKind<Kind extends DeclaredStore['kind']>(kind: Kind): Extract<DeclaredStore, { kind: Kind }>[] {
    return this.declared.filter(
      (store): store is Extract<DeclaredStore, { kind: Kind }> => store.kind === kind,
    );
  }
}

function isAgeing(store: DeclaredStore): store is Ageing {
  return ['cache', 'queue', 'copy', 'log'].includes(store.kind);
}

const DAY_MS = 86_400_000;

function lifeOf(store: Ageing): number {
  if (store.kind === 'cache') return store.maxAgeSeconds * 1_000;
  return (store.kind === 'copy' ? store.expiresAfterDays : store.retentionDays) * DAY_MS;
}

async function countOf(items: AsyncIterable<unknown>): Promise<number> {
  const iterator = items[Symbol.asyncIterator]();
  let count = 0;
  while (!(await iterator.next()).done) count += 1;
  return count;
}
