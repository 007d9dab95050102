import { type SubjectTable } from '@heed/data-map';
import { DomainError } from '@heed/kernel';
import { type Statements } from '@heed/postgres';

interface Reference {
  /** schema.table that refers. */
  child: string;
  parent: string;
}

/** The foreign keys among a service's tables, as the live catalogue has them. */
export async function readReferences(tx: Statements): Promise<Reference[]> {
  return tx.query<Reference>(
    `select cn.nspname || '.' || c.relname as child, pn.nspname || '.' || p.relname as parent
     from pg_constraint k
     join pg_class c on c.oid = k.conrelid join pg_namespace cn on cn.oid = c.relnamespace
     join pg_class p on p.oid = k.confrelid join pg_namespace pn on pn.oid = p.relnamespace
     where k.contype = 'f' and k.conparentid = 0 and k.conrelid <> k.confrelid`,
  );
}

/** Tables so that each comes before those that it refers to: rows can then be deleted one table after another. */
export function inOrderOfErasure(
  tables: readonly SubjectTable[],
  references: readonly Reference[],
): SubjectTable[] {
  const byName = new Map(tables.map((table) => [`${table.schema}.${table.table}`, table]));
  const ordered: SubjectTable[] = [];
  const visited = new Map<string, 'open' | 'done'>();
  const visit = (name: string): void => {
    const table = byName.get(name);
    if (!table || visited.get(name) === 'done') return;
    if (visited.get(name) === 'open') {
      throw new DomainError('ERASURE_ORDER_CIRCULAR', 'failed-precondition', {
        message: `${name} refers to itself by way of others: no order of deletion satisfies its foreign keys`,
      });
    }
    visited.set(name, 'open');
    for (const { child } of references.filter(({ parent }) => parent === name)) visit(child);
    visited.set(name, 'done');
    ordered.push(table);
  };
  for (const name of [...byName.keys()].sort()) visit(name);
  return ordered;
}
