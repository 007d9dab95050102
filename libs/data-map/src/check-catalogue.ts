import { fenceFindings, noFence, subjectTableFindings } from './check-fence.js';
import { traceFindings } from './check-traces.js';
import { wallFindings } from './check-wall.js';
import { nameOf, type Finding } from './finding.js';
import {
  readCatalogue,
  type CatalogueClient,
  type LiveCatalogue,
  type LiveRelation,
} from './live-catalogue.js';
import { tablesOf, type Manifest, type TableEntry } from './manifest.js';

/**
 * Compares the manifest with the live catalogue of all schemas: what is there and not declared (job queues, staging,
 * a column that somebody added by hand), what is declared and not there, and what no longer protects.
 */
export async function checkCatalogue(client: CatalogueClient, manifest: Manifest): Promise<Finding[]> {
  return compareCatalogue(await readCatalogue(client), manifest);
}

export function compareCatalogue(live: LiveCatalogue, manifest: Manifest): Finding[] {
  const declared = new Map(tablesOf(manifest).map((table) => [`${table.schema}.${table.table}`, table]));
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const relation of live.relations) {
    const name = nameOf(relation);
    if (relation.kind === 'v') {
      // A view of an extension shows what the server counts; what it keeps itself is a table.
      if (!relation.securityInvoker && relation.extension === null) {
        findings.push({
          code: 'VIEW_PAST_THE_WALL',
          where: name,
          message: 'a view reads as its owner, past row-level security: create it with security_invoker',
        });
      }
      continue;
    }
    const table = declared.get(relation.partitionOf ?? name);
    if (!table) {
      const whose = relation.extension === null ? '' : `, brought by the extension ${relation.extension}`;
      findings.push({ code: 'UNDECLARED_TABLE', where: name, message: `is in no data map${whose}` });
      continue;
    }
    if (!relation.partitionOf) {
      seen.add(name);
      findings.push(...columnFindings(relation, table));
    }
    findings.push(...wallFindings(relation, table));
    findings.push(...traceFindings(relation, table));
    if (table.of === 'subject') findings.push(...subjectTableFindings(relation, table));
    if (table.of === 'infrastructure' && table.subject) findings.push(...noFence(relation, table.subject));
    findings.push(...fenceFindings(relation));
  }
  for (const name of declared.keys()) {
    if (!seen.has(name))
      findings.push({ code: 'MISSING_TABLE', where: name, message: 'is declared and not there' });
  }
  return [...findings, ...databaseFindings(live, manifest.service)];
}

const FRAME_COLUMNS = new Set(['subject_live', 'retained_under']);

function columnFindings(relation: LiveRelation, table: TableEntry): Finding[] {
  const name = nameOf(relation);
  const declared = new Map(table.columns.map((column) => [column.name, column]));
  const findings: Finding[] = [];
  for (const column of relation.columns) {
    const entry = declared.get(column.name);
    const where = `${name}.${column.name}`;
    if (!entry && table.of === 'subject' && FRAME_COLUMNS.has(column.name)) continue;
    if (!entry) {
      findings.push({ code: 'UNDECLARED_COLUMN', where, message: 'is in no data map' });
      continue;
    }
    const byKey =
      entry.holds === 'personal-json' ||
      (entry.holds === 'personal' && entry.sealed) ||
      (entry.holds === 'plain' && (entry.keys !== undefined || entry.kind !== undefined));
    if (/^jsonb?$/.test(column.type) && !byKey) {
      findings.push({
        code: 'UNDECLARED_KEYS',
        where,
        message: 'is json and does not say which keys it has',
      });
    }
  }
  for (const column of declared.keys()) {
    if (!relation.columns.some((live) => live.name === column)) {
      findings.push({
        code: 'MISSING_COLUMN',
        where: `${name}.${column}`,
        message: 'is declared and not there',
      });
    }
  }
  return findings;
}

function databaseFindings(live: LiveCatalogue, service: string): Finding[] {
  const findings: Finding[] = [];
  for (const role of live.bypassing) {
    // Other services' roles are in their own check; a stranger that passes row-level security is everybody's concern.
    const ofOthers = /_(probe|backup)$/.test(role);
    if (ofOthers || role === `${service}_probe` || role === `${service}_backup`) continue;
    findings.push({
      code: 'ROLE_PAST_THE_WALL',
      where: role,
      message: 'has BYPASSRLS, which is for probes and backups alone',
    });
  }
  if (live.largeObjects > 0) {
    findings.push({
      code: 'UNDECLARED_LARGE_OBJECTS',
      where: 'pg_largeobject',
      message: `${live.largeObjects} large objects are in no data map and behind no wall`,
    });
  }
  for (const subscription of live.subscriptions) {
    findings.push({
      code: 'WRITTEN_BY_REPLICATION',
      where: subscription,
      message: 'logical replication writes past the fence: such a database must not serve',
    });
  }
  for (const sequence of live.sequences) {
    findings.push({
      code: 'UNDECLARED_SEQUENCE',
      where: sequence,
      message: 'belongs to no column: numbers that it gave out are in no data map',
    });
  }
  for (const where of live.tellingComments) {
    findings.push({
      code: 'COMMENT_ABOUT_SOMEBODY',
      where,
      message: 'its comment reads like an address or a number, which no erasure reaches',
    });
  }
  for (const definer of live.definers) {
    if (definer.startsWith('heed.')) continue;
    findings.push({
      code: 'FUNCTION_PAST_THE_WALL',
      where: definer,
      message: 'runs as its owner (SECURITY DEFINER), whom other policies bind than the caller',
    });
  }
  return findings;
}
