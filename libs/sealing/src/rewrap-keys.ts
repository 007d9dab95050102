import { type UnitOfWork } from '@heed/postgres';
import { type KeyContext, type KeyManagement } from './kms.js';
import { mastersOf, rewrap, wrappedBy, type Table, type Wrapped } from './rewrap.store.js';

const BATCH = 500;

const USES: Record<Table, (name: string) => string> = {
  'heed.subject_key': (name) => `subject:${name}`,
  'heed.hash_key': (name) => `hash:${name}`,
};

/**
 * Puts keys that older master keys wrapped under the present one. What they sealed stays as it is. A batch a
 * transaction; where it stands is in the rows, so it can be killed anywhere and done by several at once.
 */
export class RewrapKeys {
  constructor(
    private readonly keys: UnitOfWork,
    private readonly main: UnitOfWork,
    private readonly kms: KeyManagement,
  ) {}

  /** The next keys. Returns how many were put under the present one; none: all are that can be. */
  async batch(): Promise<number> {
    const done = await this.ofTable(this.keys, 'heed.subject_key');
    return done > 0 ? done : this.ofTable(this.main, 'heed.hash_key');
  }

  private async ofTable(work: UnitOfWork, table: Table): Promise<number> {
    const found = await work.runAcross('probe', async (tx) => {
      const masters = await mastersOf(tx, table);
      // What a master key wrapped that nobody has cannot be helped here: docs/runbooks/lost-key.md.
      const older = masters.filter((master) => master !== this.kms.keyId && this.kms.holds(master));
      return older.length === 0 ? [] : wrappedBy(tx, table, older, BATCH);
    });
    if (found.length === 0) return 0;
    const items = found.map((key) => ({ ...key, context: contextOf(table, key) }));
    const opened = await this.kms.unwrap(items);
    const wrapped = await this.kms.wrap(items.map(({ context }, at) => ({ key: opened[at]!, context })));
    const anew = found.map((key, at) => ({ ...key, old: key.wrapped, wrapped: wrapped[at]! }));
    let done = 0;
    for (const [tenantId, keys] of Map.groupBy(anew, (key) => key.tenantId)) {
      done += await work.run(tenantId, (tx) => rewrap(tx, table, keys, this.kms.keyId));
    }
    // All of them were moved or destroyed by others meanwhile: there may be more.
    return Math.max(done, 1);
  }
}

function contextOf(table: Table, { tenantId, name }: Wrapped): KeyContext {
  return { tenantId, use: USES[table](name) };
}
