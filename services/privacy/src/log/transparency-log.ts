import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CLOCK, DomainError, leafHash, type Clock } from '@heed/kernel';
import { UnitOfWork, type AcrossTx } from '@heed/postgres';
import { LOGGER, type Logger } from '@heed/telemetry';
import { refusal } from '../errors.js';
import { GatheredLeaves, type Gathered } from './gathered-leaves.js';
import { type NewLeaf } from './new-leaf.js';
import { type GrowingTree } from './growing-tree.js';
import { currentOrigin, insertOrigin, markForked, type LogOrigin } from './log-origin.store.js';
import { LogKeyRing, signerOf, sizesDue } from './log-signers.js';
import { logSigners } from './log-signer.store.js';
import {
  insertCheckpoint,
  insertLeaves,
  latestCheckpoint,
  lockLog,
  logSize,
  type StoredCheckpoint,
} from './log.store.js';
import { OriginTrees } from './origin-trees.js';
import { restingLeaves } from './resting-leaves.js';
import { type Sequenced } from './sequenced.js';

/**
 * The transparency log: RFC 6962 in hashing, C2SP in its checkpoints. Leaves are committed before a checkpoint over them
 * is signed; a checkpoint is stored before anybody sees it; none is signed over a tree that does not contain the last.
 *
 * Indices here are those among all leaves that this database holds; what others see counts from the origin's first leaf.
 */
@Injectable()
export class TransparencyLog implements OnModuleInit {
  private readonly trees = new OriginTrees();
  private readonly gathered = new GatheredLeaves((batch) => this.writeGathered(batch));
  private ready: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly keys: LogKeyRing,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Signs what a process that died had written and not signed; finds out whether the log holds what was promised. */
  async onModuleInit(): Promise<void> {
    try {
      await this.sign();
    } catch (error) {
      if (!(error instanceof DomainError) || error.reason !== 'LOG_FORKED') throw error;
      // It serves, so that a new origin can be begun; it appends nothing.
      this.logger.error('the log does not contain what it has promised: nothing is appended', { error });
    }
  }

  /** Nothing that waits for a checkpoint is appended before this has ended. */
  holdUntil(known: Promise<unknown>): void {
    this.ready = known;
  }

  /** Resolves with the leaves' indices once they are durable and under a signed checkpoint. Concurrent calls share one. */
  async append(leaves: readonly NewLeaf[]): Promise<number[]> {
    if (leaves.length === 0) return [];
    await this.ready;
    return this.gathered.add(leaves);
  }

  /** Does this alone; what it writes is under a signed checkpoint when this resolves. */
  async sequenced<T>(work: (alone: Sequenced) => Promise<T>): Promise<T> {
    let written = false;
    const within = (tx: AcrossTx, origin: LogOrigin): Sequenced => ({
      ...{ tx, origin },
      write: (leaves) => {
        written ||= leaves.length > 0;
        return this.write(tx, origin, leaves);
      },
      begin: async (name) => {
        const begun = { number: origin.number + 1, name, firstLeaf: await logSize(tx), forkedNote: null };
        await insertOrigin(tx, begun, this.clock.now());
        return within(tx, begun);
      },
    });
    const result = await this.uow.runAcross('service', async (tx) => {
      await lockLog(tx);
      return work(within(tx, await this.origin(tx)));
    });
    if (written) await this.sign();
    return result;
  }

  /** Reads of the log together, with the tree of the current origin. */
  reading<T>(work: (tx: AcrossTx, origin: LogOrigin, tree: GrowingTree) => Promise<T>): Promise<T> {
    return this.uow.runAcross('service', async (tx) => {
      const origin = await this.origin(tx);
      return work(tx, origin, await this.trees.of(tx, origin));
    });
  }

  /** Of any origin: those that came to their end are complete. */
  treeOf(tx: AcrossTx, origin: LogOrigin): Promise<GrowingTree> {
    return this.trees.of(tx, origin);
  }

  /** The latest signed checkpoint, with the tree that holds its leaves. */
  checkpoint(): Promise<StoredCheckpoint & { origin: LogOrigin; tree: GrowingTree }> {
    return this.reading(async (tx, origin, tree) => {
      const latest = await latestCheckpoint(tx, origin);
      if (!latest) throw new DomainError('LOG_EMPTY', 'failed-precondition');
      return { ...latest, origin, tree };
    });
  }

  /** The keys that this process holds, under the name that the log has now. */
  async ring(): Promise<LogKeyRing> {
    return this.reading(async (_tx, { name }) => this.keys.under(name));
  }

  /** Verifies the latest checkpoint. */
  vkey(): Promise<string> {
    return this.reading(async (tx, origin) => {
      const latest = await latestCheckpoint(tx, origin);
      return this.keys.under(origin.name).of(signerOf(await logSigners(tx, origin), latest?.size ?? 0)).vkey;
    });
  }

  /** Somebody holds a checkpoint that this log's key has signed and that the log does not contain. */
  async foundForked(number: number, note: string): Promise<void> {
    await this.uow.runAcross('service', (tx) => markForked(tx, number, note, this.clock.now()));
    this.logger.error('the log was put back or forked: nothing is appended until a new origin begins');
  }

  private origin(tx: AcrossTx): Promise<LogOrigin> {
    return currentOrigin(tx, this.keys.current.origin, this.clock.now());
  }

  private async writeGathered(batch: readonly Gathered[]): Promise<void> {
    const settled = await this.sequenced(async (alone) => {
      const resting = await restingLeaves(
        alone,
        batch.map(({ leaves }) => leaves),
      );
      const indices = await alone.write(resting.flatMap(({ leaves }) => leaves));
      let from = 0;
      return resting.map(({ leaves, error }) => {
        from += leaves.length;
        return { error, indices: indices.slice(from - leaves.length, from) };
      });
    });
    settled.forEach(({ error, indices }, at) => {
      if (error === undefined) batch[at]!.done(indices);
      else batch[at]!.failed(error);
    });
  }

  /** Under the log's lock, which gives the indices their order. */
  private async write(tx: AcrossTx, { forkedNote }: LogOrigin, leaves: readonly Buffer[]): Promise<number[]> {
    if (forkedNote !== null) throw refusal('LOG_FORKED');
    const first = await logSize(tx);
    await insertLeaves(
      tx,
      first,
      leaves.map((data) => ({ data, leafHash: leafHash(data) })),
      this.clock.now(),
    );
    return leaves.map((_, i) => first + i);
  }

  /** In a transaction of its own, after the leaves' own: what is signed is durable. */
  private async sign(): Promise<void> {
    const lost = await this.uow.runAcross('service', async (tx) => {
      await lockLog(tx);
      const origin = await this.origin(tx);
      const tree = await this.trees.of(tx, origin);
      const last = await latestCheckpoint(tx, origin);
      const { size } = tree;
      if (last && !(last.size <= size && tree.root(last.size).equals(last.root))) return { origin, last };
      const ring = this.keys.under(origin.name);
      const signers = await logSigners(tx, origin);
      for (const due of sizesDue(signers, last?.size, size)) {
        const root = tree.root(due);
        const note = ring.of(signerOf(signers, due)).signCheckpoint(due, root);
        await insertCheckpoint(tx, origin, { size: due, root, note }, this.clock.now());
      }
      return undefined;
    });
    if (!lost) return;
    // An altered database: what was promised is not there. Signing over it would be a fork.
    await this.foundForked(lost.origin.number, lost.last.note);
    throw refusal('LOG_FORKED');
  }
}
