import { type SubjectTable } from '@heed/data-map';
import { type Tx } from '@heed/postgres';
import { columnName, tableName } from './identifiers.js';

/** A column that is to say something else. */
export interface NewValue {
  column: string;
  /** Null: it says nothing any more. */
  value: string | null;
}

/** Whether a person lives here, and their rows put right: one statement a table. */
export class CorrectionStore {
  async isDead(tx: Tx, subjectId: string): Promise<boolean> {
    const rows = await tx.query(
      'select 1 from heed.subject where tenant_id = $1 and subject_id = $2 and not live',
      [tx.tenantId, subjectId],
    );
    return rows.length > 0;
  }

  /** Returns how many rows of theirs there are, retained ones left out: each says it now. */
  correct(
    tx: Tx,
    table: SubjectTable,
    subjectIds: readonly string[],
    values: readonly NewValue[],
  ): Promise<number> {
    const kept = typeof table.onErasure === 'object' ? ' and retained_under is null' : '';
    return tx.execute(
      `update ${tableName(table)} set ${values.map(({ column }, at) => `${columnName(column)} = $${at + 3}`).join(', ')}
       where tenant_id = $1 and ${columnName(table.subject)} = any ($2::uuid[])${kept}`,
      [tx.tenantId, subjectIds, ...values.map(({ value }) => value)],
    );
  }
}
