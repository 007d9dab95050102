import { subjectTablesOf, type Manifest } from '@heed/data-map';
import { type Clock } from '@heed/kernel';
import { type Tx, type UnitOfWork } from '@heed/postgres';
import { type DueItem } from './due-work.js';
import { isHeld } from './hold.store.js';
import { tableName, columnName } from './identifiers.js';

const DAY_MS = 86_400_000;

/** Deletes what was retained once its ground has ended, and no hold keeps it for longer. */
export class PurgeRetained {
  constructor(
    private readonly manifest: Manifest,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** `ref` is the person, long dead here. */
  handle(item: DueItem): Promise<void> {
    return this.work.run(
      item.tenantId,
      async (tx) => {
        const kept = await tx.query<{ store: string; until: Date }>(
          'select store, until from heed.retention where tenant_id = $1 and subject_id = $2 for update',
          [tx.tenantId, item.ref],
        );
        const at = this.clock.now();
        if (await isHeld(tx, item.ref)) return item.putOff(tx, new Date(at.getTime() + DAY_MS));
        for (const { store } of kept.filter(({ until }) => until <= at))
          await this.purge(tx, store, item.ref);
        const next = kept.map(({ until }) => until).filter((until) => until > at);
        if (next.length === 0) return item.done(tx);
        return item.putOff(tx, new Date(Math.min(...next.map((until) => until.getTime()))));
      },
      { role: 'eraser' },
    );
  }

  private async purge(tx: Tx, store: string, subjectId: string): Promise<void> {
    const table = subjectTablesOf(this.manifest).find(({ name }) => name === store);
    if (table) {
      await tx.execute(
        `delete from ${tableName(table)}
         where tenant_id = $1 and ${columnName(table.subject)} = $2 and retained_under is not null`,
        [tx.tenantId, subjectId],
      );
    }
    await tx.execute('delete from heed.retention where tenant_id = $1 and subject_id = $2 and store = $3', [
      tx.tenantId,
      subjectId,
      store,
    ]);
  }
}
