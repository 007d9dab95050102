import { type Clock } from '@heed/kernel';

/** How many groups of one tenant are written at once: where one waits for a lock, others pass it. */
const GROUPS = 3;
/** In one transaction. */
const MOST = 64;
/** A group that takes so long waits for somebody: a second one begins beside it. */
export const PASSED_AFTER_MS = 25;

interface Waiting<T> {
  item: T;
  done(): void;
  failed(error: unknown): void;
}

interface Queue<T> {
  waiting: Waiting<T>[];
  groups: number;
  /** Groups that are not slow yet: who comes meanwhile waits for the next. */
  brisk: number;
}

/**
 * Lets those who come while others are being written wait for the next group, so that many at once share a transaction
 * and its commit. Who comes alone waits for nobody.
 */
export class Gatherer<T> {
  private readonly queues = new Map<string, Queue<T>>();

  constructor(
    private readonly options: {
      /** No two of one group have the same. */
      keyOf(item: T): string;
      /** Of different keys; all of it or nothing. */
      write(tenantId: string, items: readonly T[]): Promise<void>;
      wait: Clock['wait'];
    },
  ) {}

  /** Resolves when it is written. A group that fails is written one by one: nobody fails for another's sake. */
  add(tenantId: string, item: T): Promise<void> {
    return new Promise((done, failed) => {
      const queue = this.queues.get(tenantId) ?? { waiting: [], groups: 0, brisk: 0 };
      this.queues.set(tenantId, queue);
      queue.waiting.push({ item, done, failed });
      this.begin(tenantId, queue);
    });
  }

  private begin(tenantId: string, queue: Queue<T>): void {
    if (queue.brisk === 0 && queue.groups < GROUPS && queue.waiting.length > 0)
      void this.work(tenantId, queue);
  }

  private async work(tenantId: string, queue: Queue<T>): Promise<void> {
    queue.groups += 1;
    for (let group = this.next(queue); group.length > 0; group = this.next(queue)) {
      await this.passable(tenantId, queue, () => this.write(tenantId, group));
    }
    queue.groups -= 1;
    if (queue.groups === 0 && queue.waiting.length === 0) this.queues.delete(tenantId);
  }

  private async passable(tenantId: string, queue: Queue<T>, work: () => Promise<void>): Promise<void> {
    const over = new AbortController();
    let isBrisk = true;
    const slow = (): void => {
      if (isBrisk) queue.brisk -= 1;
      isBrisk = false;
    };
    queue.brisk += 1;
    const passing = this.options.wait(PASSED_AFTER_MS, over.signal).then(
      () => {
        slow();
        this.begin(tenantId, queue);
      },
      () => undefined,
    );
    await work();
    slow();
    over.abort();
    await passing;
  }

  private next(queue: Queue<T>): Waiting<T>[] {
    const taken = new Map<string, Waiting<T>>();
    const rest: Waiting<T>[] = [];
    for (const each of queue.waiting) {
      const key = this.options.keyOf(each.item);
      if (taken.size < MOST && !taken.has(key)) taken.set(key, each);
      else rest.push(each);
    }
    queue.waiting = rest;
    return [...taken.values()];
  }

  private async write(tenantId: string, group: readonly Waiting<T>[]): Promise<void> {
    try {
      await this.options.write(
        tenantId,
        group.map(({ item }) => item),
      );
      for (const { done } of group) done();
    } catch (error) {
      if (group.length === 1) group[0]!.failed(error);
      else await Promise.all(group.map((each) => this.write(tenantId, [each])));
    }
  }
}
