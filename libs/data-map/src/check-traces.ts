import { nameOf, type Finding } from './finding.js';
import { type LiveRelation } from './live-catalogue.js';
import { personalColumnsOf, type TableEntry } from './manifest.js';

/** Copies that PostgreSQL itself keeps: histograms hold erased values after DELETE and VACUUM (ATTACKS 4.2). */
export function traceFindings(relation: LiveRelation, table: TableEntry): Finding[] {
  const name = nameOf(relation);
  const personal = new Set(personalColumnsOf(table));
  const findings: Finding[] = [];
  for (const column of relation.columns) {
    if (personal.has(column.name) && (!column.withoutStatistics || column.valuesKept)) {
      findings.push({
        code: 'PERSONAL_STATISTICS',
        where: `${name}.${column.name}`,
        message: 'PostgreSQL keeps statistics of its values: call heed.personal(...) for it',
      });
    }
  }
  for (const index of relation.indexes) {
    for (const column of index.expressionStatisticsOf.filter((read) => personal.has(read))) {
      findings.push({
        code: 'PERSONAL_STATISTICS',
        where: `${name} ${index.name}`,
        message: `keeps statistics of an expression over ${column}: call heed.personal(...) after the index`,
      });
    }
  }
  for (const statistics of relation.extendedStatistics) {
    if (statistics.columns.some((column) => personal.has(column))) {
      findings.push({
        code: 'PERSONAL_STATISTICS',
        where: `${name} ${statistics.name}`,
        message: 'extended statistics over a personal column',
      });
    }
  }
  return findings;
}
