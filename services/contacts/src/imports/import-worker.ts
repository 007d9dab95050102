import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DueWork, type DueItem } from '@heed/data-rights';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { LOGGER, metrics, type Logger } from '@heed/telemetry';
import { deleteRejects } from './import-reject.store.js';
import { hasEnded, type Import } from './import.js';
import { lockImport, saveImport } from './import.store.js';
import { MergeBatch } from './merge-batch.js';
import { deleteStaged } from './staged-row.store.js';

const IMPORTS = 'imports';
const EXPIRY = 'import-expiry';

/** An upload from which nothing has come for so long is dead, and its process with it. */
const UPLOAD_PATIENCE_MS = 300_000;
const REJECTS_KEPT_MS = 7 * 24 * 3_600_000;
/** How soon it is looked again whether a hold still keeps some of them. */
const HELD_MS = 24 * 3_600_000;
const DELETED_AT_ONCE = 2_000;
const ended = metrics.counter('heed_imports_ended_total', { description: 'Imports that ended, by how' });

/** A batch that failed so often in a row will not succeed. */
const MOST_ATTEMPTS = 6;

/**
 * Works imports off, a batch a transaction, those of all tenants in turn. It keeps nothing in memory between two
 * batches: killed at any point, it or another goes on where the last commit stands. A DueWork of its own, so that no
 * import keeps an order of erasure waiting.
 */
@Injectable()
export class ImportWorker implements OnModuleDestroy {
  readonly due: DueWork;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly batches: MergeBatch,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    // Merging takes a core; a second import in hand would only take turns with the first.
    this.due = new DueWork({ work: uow, clock, log, parallel: 1 });
    this.due.serve(IMPORTS, (item) => this.step(item));
    this.due.serve(EXPIRY, (item) => this.expire(item));
  }

  start(): void {
    this.due.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.due.stop();
  }

  /** There is something to do about this import, now. */
  async wake(tx: Tx, importId: string): Promise<void> {
    await this.due.add(tx, IMPORTS, [importId]);
  }

  /** The next piece of work of an import, in one transaction. */
  step(item: DueItem): Promise<void> {
    const at = this.clock.now();
    return this.asImporter(item, async (tx) => {
      const found = await lockImport(tx, item.ref);
      if (!found) return item.done(tx);
      if (hasEnded(found)) return this.clean(tx, item, found);
      if (item.attempt >= MOST_ATTEMPTS) return this.end(tx, item, failed(found, 'INTERNAL', at));
      if (found.state === 'merging') return this.end(tx, item, await this.batches.merge(tx, found));
      const patience = new Date(found.receivedAt.getTime() + UPLOAD_PATIENCE_MS);
      if (patience > at) return item.putOff(tx, patience);
      return this.end(tx, item, failed(found, 'UPLOAD_BROKEN_OFF', at));
    });
  }

  /** Saves where it stands, and comes again at once: whatever else is due has its turn before. */
  private async end(tx: Tx, item: DueItem, now: Import): Promise<void> {
    await saveImport(tx, now);
    await item.putOff(tx, this.clock.now());
    if (!hasEnded(now)) return;
    const { importId, rows, accepted, state } = now;
    tx.afterCommit(() => ended.add(1, { state }));
    tx.afterCommit(() => this.log.info('import ended', { importId, rows, accepted, state }));
  }

  private async clean(tx: Tx, item: DueItem, { importId, finishedAt }: Import): Promise<void> {
    if ((await deleteStaged(tx, importId, DELETED_AT_ONCE)) > 0) return item.putOff(tx, this.clock.now());
    const expiry = new Date((finishedAt ?? this.clock.now()).getTime() + REJECTS_KEPT_MS);
    await this.due.add(tx, EXPIRY, [importId], expiry);
    return item.done(tx);
  }

  private expire(item: DueItem): Promise<void> {
    return this.asImporter(item, async (tx) => {
      const areKept = await deleteRejects(tx, item.ref);
      await (areKept ? item.putOff(tx, new Date(this.clock.now().getTime() + HELD_MS)) : item.done(tx));
    });
  }

  private asImporter(item: DueItem, work: (tx: Tx) => Promise<void>): Promise<void> {
    return this.uow.run(item.tenantId, work, { role: 'import' });
  }
}

function failed(found: Import, failureReason: string, at: Date): Import {
  return { ...found, state: 'failed', failureReason, finishedAt: at };
}
