import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { isServiceName } from '@heed/contracts';
import { canonicalJson, CLOCK, DomainError, leafHash, type Clock } from '@heed/kernel';
import { UnitOfWork, type AcrossTx } from '@heed/postgres';
import { GrowingTree } from './growing-tree.js';
import { LogKeyRing, signerOf, sizesDue } from './log-signers.js';
import { logSigners } from './log-signer.store.js';
import {
  hasLeafSince,
  insertCheckpoint,
  insertKeys,
  insertLeaves,
  knownKeys,
  latestCheckpoint,
  leafData,
  leafHashesFrom,
  lockLog,
  logSize,
  type StoredCheckpoint,
} from './log.store.js';

export interface ServiceKeyEntry {
  service: string;
  keyId: string;
  publicKey: Uint8Array;
}

export interface ProvedLeaf {
  index: number;
  data: Buffer;
  /** Audit path to the checkpoint's root, RFC 6962. */
  proof: Buffer[];
}

interface Waiting {
  leaves: readonly Buffer[];
  done: (indices: number[]) => void;
  failed: (error: unknown) => void;
}

/**
 * The transparency log: RFC 6962 in hashing, C2SP in its checkpoints. Leaves are committed before a checkpoint over them
 * is signed; a checkpoint is stored before anybody sees it; none is signed over a tree that does not contain the last.
 */
@Injectable()
export class TransparencyLog implements OnModuleInit {
  private readonly tree = new GrowingTree();
  /** Keys that were seen in the log: they never leave it, and every receipt asks. */
  private readonly seen = new Set<string>();
  private waiting: Waiting[] = [];
  private writing = false;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly keys: LogKeyRing,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Verifies the latest checkpoint. */
  async vkey(): Promise<string> {
    return this.uow.runAcross('service', async (tx) => {
      const latest = await latestCheckpoint(tx);
      return this.keys.of(signerOf(await logSigners(tx), latest?.size ?? 0)).vkey;
    });
  }

  /** Signs what a process that died had written and not signed; proves that the log still holds what was promised. */
  async onModuleInit(): Promise<void> {
    await this.sign();
  }

  /** Resolves with the leaves' indices once they are durable and under a signed checkpoint. Concurrent calls share one. */
  append(leaves: readonly Buffer[]): Promise<number[]> {
    if (leaves.length === 0) return Promise.resolve([]);
    return new Promise((done, failed) => {
      this.waiting.push({ leaves, done, failed });
      if (!this.writing) void this.writeWaiting();
    });
  }

  /** A `key_added` leaf for each key that the log has not seen: what verifies receipts must have entered before them. */
  async noteServiceKeys(noted: readonly ServiceKeyEntry[]): Promise<void> {
    const keys = noted.filter(({ keyId }) => !this.seen.has(keyId));
    if (keys.length === 0) return;
    const added = await this.uow.runAcross('service', async (tx) => {
      await lockLog(tx);
      const known = await knownKeys(
        tx,
        keys.map(({ keyId }) => keyId),
      );
      const fresh = keys.filter(({ keyId }) => !known.has(keyId));
      if (fresh.length === 0) return false;
      const at = this.clock.now().toISOString();
      const [first] = await this.write(
        tx,
        fresh.map(({ service, keyId, publicKey }) => {
          const key = Buffer.from(publicKey).toString('base64');
          // Nobody but a participant looks into its stores: certificates say so of what it says.
          const attests = isServiceName(service) ? {} : { self_attested: true };
          return Buffer.from(
            canonicalJson({ ...{ at, key, key_id: keyId, service, type: 'key_added' }, ...attests }),
          );
        }),
      );
      await insertKeys(
        tx,
        fresh.map(({ keyId, service }, i) => ({ keyId, service, index: first! + i })),
      );
      return true;
    });
    if (added) await this.sign();
    for (const { keyId } of keys) this.seen.add(keyId);
  }

  /** A leaf that the log has once, together with what is to be known of it; durable and signed when this resolves. */
  async appendOnce(
    isThere: (tx: AcrossTx) => Promise<boolean>,
    leaf: Buffer,
    note: (tx: AcrossTx, index: number) => Promise<void>,
  ): Promise<void> {
    await this.uow.runAcross('service', async (tx) => {
      await lockLog(tx);
      if (await isThere(tx)) return;
      const [index] = await this.write(tx, [leaf]);
      await note(tx, index!);
    });
    await this.sign();
  }

  /** Whether a leaf from this index on holds these words. */
  hasLeafSince(tx: AcrossTx, index: number, words: string): Promise<boolean> {
    return hasLeafSince(tx, index, Buffer.from(words));
  }

  inclusionProof(index: number, size: number): Buffer[] {
    return this.tree.inclusionProof(index, size);
  }

  /** Where a key entered the log, if it did. */
  async indexOfKey(keyId: string): Promise<number | undefined> {
    return (await this.uow.runAcross('service', (tx) => knownKeys(tx, [keyId]))).get(keyId);
  }

  /** These leaves with their paths to the latest checkpoint. */
  async prove(indices: readonly number[]): Promise<{ checkpoint: string; leaves: ProvedLeaf[] }> {
    const { size, note } = await this.checkpoint();
    const data = await this.uow.runAcross('service', (tx) => leafData(tx, indices));
    const leaves = [...new Set(indices)]
      .sort((a, b) => a - b)
      .map((index): ProvedLeaf => {
        const bytes = data.get(index);
        if (!bytes || index >= size) {
          throw new DomainError('LEAF_NOT_IN_LOG', 'internal', { metadata: { index: String(index) } });
        }
        return { index, data: bytes, proof: this.tree.inclusionProof(index, size) };
      });
    return { checkpoint: note, leaves };
  }

  /** The latest signed checkpoint. */
  async checkpoint(): Promise<StoredCheckpoint> {
    return this.uow.runAcross('service', async (tx) => {
      const latest = await latestCheckpoint(tx);
      if (!latest) throw new DomainError('LOG_EMPTY', 'failed-precondition');
      await this.catchUp(tx);
      return latest;
    });
  }

  async consistencyProof(oldSize: number, newSize: number): Promise<Buffer[]> {
    await this.checkpoint();
    return this.tree.consistencyProof(oldSize, newSize);
  }

  private async writeWaiting(): Promise<void> {
    this.writing = true;
    try {
      while (this.waiting.length > 0) {
        const batch = this.waiting;
        this.waiting = [];
        try {
          const indices = await this.uow.runAcross('service', async (tx) => {
            await lockLog(tx);
            return this.write(
              tx,
              batch.flatMap(({ leaves }) => leaves),
            );
          });
          await this.sign();
          let from = 0;
          for (const { leaves, done } of batch) {
            done(indices.slice(from, from + leaves.length));
            from += leaves.length;
          }
        } catch (error) {
          for (const { failed } of batch) failed(error);
        }
      }
    } finally {
      this.writing = false;
    }
  }

  /** Under the log's lock, which gives the indices their order. */
  private async write(tx: AcrossTx, leaves: readonly Buffer[]): Promise<number[]> {
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
    await this.uow.runAcross('service', async (tx) => {
      await lockLog(tx);
      await this.catchUp(tx);
      const last = await latestCheckpoint(tx);
      const { size } = this.tree;
      if (last && !(last.size <= size && this.tree.root(last.size).equals(last.root))) {
        // A restored or altered database: what was promised is not there. Signing over it would be a fork.
        throw new DomainError('LOG_FORKED', 'failed-precondition', {
          message: 'The log does not contain the last checkpoint that was signed',
          metadata: { signed: String(last.size), found: String(size) },
        });
      }
      const signers = await logSigners(tx);
      for (const due of sizesDue(signers, last?.size, size)) {
        const root = this.tree.root(due);
        const note = this.keys.of(signerOf(signers, due)).signCheckpoint(due, root);
        await insertCheckpoint(tx, { size: due, root, note }, this.clock.now());
      }
    });
  }

  /** Takes in the leaves that were committed since, by whichever process. */
  private async catchUp(tx: AcrossTx): Promise<void> {
    const from = this.tree.size;
    const hashes = await leafHashesFrom(tx, from);
    // Two that catch up at once read the same leaves: only the first may add them.
    for (const hash of hashes.slice(this.tree.size - from)) this.tree.append(hash);
  }
}
