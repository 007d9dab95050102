import { type LiveRelation } from './live-catalogue.js';

/** One way in which the database is not what the data map says. */
export interface Finding {
  /** Stable, for alarms and tests. */
  code: string;
  /** schema.table, with the column, index or policy. */
  where: string;
  message: string;
}

export function nameOf(relation: LiveRelation): string {
  return `${relation.schema}.${relation.table}`;
}
