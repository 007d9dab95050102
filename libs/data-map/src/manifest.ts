import { canonicalJson, DomainError, sha256 } from '@heed/kernel';
import { annotationsOf, type OnErasure, type PersonalOptions } from './annotations.js';
import { type OnCorrection } from './corrections.js';
import { demandSound } from './manifest-rules.js';
import { type DeclaredStore, type InfrastructureTable, type PlainKind } from './stores.js';

/** A table and its columns as the mapper knows them (`entityShapes` of libs/postgres). */
export interface EntityShape {
  entity: object;
  schema: string;
  table: string;
  columns: { property: string; name: string; nullable: boolean }[];
}

/** What the frame puts into tables: known without an annotation. */
export type FrameColumn = 'tenant' | 'subject' | 'also';

export type ColumnEntry = { name: string } & (
  | { holds: FrameColumn }
  | ({ holds: 'personal' } & PersonalOptions)
  | { holds: 'personal-json'; keys: Record<string, PersonalOptions | 'not-personal'> }
  | { holds: 'plain'; keys?: string[]; kind?: PlainKind }
);

interface TableEntryBase {
  kind: 'table';
  /** `table`, or `schema.table` outside the schema public. Unique in a manifest, and what receipts name. */
  name: string;
  schema: string;
  table: string;
  columns: ColumnEntry[];
}

/** Rows about a person: erased, exported and probed from this entry alone. */
export interface SubjectTable extends TableEntryBase {
  of: 'subject';
  subject: string;
  also?: string;
  onErasure: OnErasure;
  /** Absent where nothing in it is personal. */
  onCorrection?: OnCorrection;
  /** Columns that anonymising empties besides the personal ones. */
  cut: string[];
}

export interface TenantTable extends TableEntryBase {
  of: 'tenant';
}

/** A table of the frame: ids only. */
export interface FrameTable extends TableEntryBase {
  of: 'infrastructure';
  description: string;
  tenants: 'wall' | 'open';
  subject?: string;
  policies: string[];
}

export type TableEntry = SubjectTable | TenantTable | FrameTable;
export type StoreEntry = TableEntry | DeclaredStore;

/** Everything a service holds, in one canonical form. Its version is the digest of the rest. */
export interface Manifest {
  format: 1;
  service: string;
  version: string;
  stores: StoreEntry[];
}

/** Injection token of the manifest of the service that runs. */
export const MANIFEST = Symbol('Manifest');

export interface ManifestParts {
  service: string;
  entities: readonly EntityShape[];
  stores?: readonly DeclaredStore[];
  infrastructure?: readonly InfrastructureTable[];
}

/** The manifest, or one error that lists everything that is not declared as it must be. */
export function manifestOf(parts: ManifestParts): Manifest {
  const problems: string[] = [];
  const stores: StoreEntry[] = [
    ...parts.entities.map((shape) => entityEntry(shape, problems)).filter((entry) => entry !== undefined),
    ...(parts.infrastructure ?? []).map(infrastructureEntry),
    ...(parts.stores ?? []),
  ].sort((a, b) => compare(a.kind, b.kind) || compare(a.name, b.name));
  demandSound(stores, problems);
  if (problems.length > 0) {
    throw new DomainError('DATA_MAP_INVALID', 'failed-precondition', {
      message: `the data map of ${parts.service} is not complete:\n- ${problems.join('\n- ')}`,
    });
  }
  const content = { format: 1 as const, service: parts.service, stores };
  return { ...content, version: sha256(Buffer.from(canonicalJson(content))).toString('hex') };
}

/** True if the version is the digest of the content: a manifest that came over the wire is what it says it is. */
export function isGenuine({ version, ...content }: Manifest): boolean {
  return sha256(Buffer.from(canonicalJson(content))).toString('hex') === version;
}

export function tablesOf(manifest: Manifest): TableEntry[] {
  return manifest.stores.filter((store) => store.kind === 'table');
}

export function subjectTablesOf(manifest: Manifest): SubjectTable[] {
  return tablesOf(manifest).filter((table) => table.of === 'subject');
}

export function personalColumnsOf(table: TableEntry): string[] {
  return table.columns
    .filter((column) => column.holds === 'personal' || column.holds === 'personal-json')
    .map((column) => column.name);
}

function entityEntry(shape: EntityShape, problems: string[]): TableEntry | undefined {
  const { table: about, columns } = annotationsOf(shape.entity);
  const name = nameOf(shape);
  if (!about) {
    problems.push(`${name}: say @SubjectData(...) or @TenantData() on its entity`);
    return undefined;
  }
  const frame = new Map<string, FrameColumn>([['tenant_id', 'tenant']]);
  if (about.of === 'subject') {
    frame.set(about.subject, 'subject');
    if (about.also) frame.set(about.also, 'also');
  }
  const entries: ColumnEntry[] = [];
  for (const column of shape.columns) {
    // The frame's own columns: they are checked against the catalogue, not declared.
    if (column.name === 'subject_live' || column.name === 'retained_under') continue;
    const known = frame.get(column.name);
    const said = columns.get(column.property);
    if (known) entries.push({ name: column.name, holds: known });
    else if (!said)
      problems.push(`${name}.${column.name}: say @Personal(...) or @NotPersonal() on ${column.property}`);
    else if (!said.personal)
      entries.push({ name: column.name, holds: 'plain', ...(said.keys && { keys: said.keys }) });
    else if ('keys' in said) entries.push({ name: column.name, holds: 'personal-json', keys: said.keys });
    else {
      const { category, purpose, sealed } = said;
      entries.push({ name: column.name, holds: 'personal', category, purpose, ...(sealed && { sealed }) });
    }
  }
  for (const property of columns.keys()) {
    if (!shape.columns.some((column) => column.property === property)) {
      problems.push(`${name}: ${property} is annotated and is no column`);
    }
  }
  for (const column of frame.keys()) {
    if (!entries.some((entry) => entry.name === column)) problems.push(`${name} has no column ${column}`);
  }
  entries.sort((a, b) => compare(a.name, b.name));
  const base = { kind: 'table' as const, name, schema: shape.schema, table: shape.table, columns: entries };
  if (about.of === 'tenant') return { ...base, of: 'tenant' };
  const { subject, also, onErasure, onCorrection, anonymiseColumns = [] } = about;
  if (onErasure === 'anonymise')
    demandNullable(shape, [subject, ...anonymiseColumns, ...personalIn(entries)], problems);
  if (also) demandNullable(shape, [also], problems);
  return {
    ...base,
    of: 'subject',
    subject,
    ...(also && { also }),
    onErasure,
    ...(onCorrection && { onCorrection }),
    cut: [...anonymiseColumns].sort(compare),
  };
}

function personalIn(entries: ColumnEntry[]): string[] {
  return entries.filter(({ holds }) => holds.startsWith('personal')).map(({ name }) => name);
}

/** What is to be emptied must be allowed to be empty; found here and not by the first erasure. */
function demandNullable(shape: EntityShape, names: string[], problems: string[]): void {
  for (const name of names) {
    const column = shape.columns.find((candidate) => candidate.name === name);
    if (!column) problems.push(`${nameOf(shape)} has no column ${name}`);
    else if (!column.nullable)
      problems.push(`${nameOf(shape)}.${name}: anonymising empties it, so it must be nullable`);
  }
}

function infrastructureEntry(table: InfrastructureTable): FrameTable {
  const [schema = '', plain = ''] = table.table.split('.');
  return {
    kind: 'table',
    of: 'infrastructure',
    name: nameOf({ schema, table: plain }),
    schema,
    table: plain,
    description: table.description,
    tenants: table.tenants,
    policies: table.policies ?? [],
    ...(table.subject && { subject: table.subject }),
    columns: Object.entries(table.columns)
      .map(([name, kind]): ColumnEntry => ({ name, holds: 'plain', kind }))
      .sort((a, b) => compare(a.name, b.name)),
  };
}

function nameOf({ schema, table }: { schema: string; table: string }): string {
  return schema === 'public' ? table : `${schema}.${table}`;
}

// By code unit, as RFC 8785 sorts: a locale would give another digest on another machine.
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
