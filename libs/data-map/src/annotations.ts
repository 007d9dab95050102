import { type OnCorrection } from './corrections.js';
import { type DataCategory, type DataUse } from './vocabulary.js';

/** Kept on a legal ground when the person is erased: hidden from the service, purged when the time is over. */
export interface Retention {
  ground: string;
  days: number;
}

/** What becomes of a row when its person is erased. */
export type OnErasure = 'delete' | 'anonymise' | Retention;

/** A legal ground, named as the certificate will name it, and how long it holds. */
export function retain(ground: string, period: { days: number }): Retention {
  return { ground, days: period.days };
}

export interface SubjectDataOptions {
  /** The column that names the person. */
  subject: string;
  onErasure: OnErasure;
  /** Must be said where a column is personal; a table without one holds nothing that could be corrected. */
  onCorrection?: OnCorrection;
  /** A second person's column (the agent of a call): their erasure cuts them off and leaves the row. */
  also?: string;
  /** Columns that are emptied with the personal ones: ids that events carry and that would lead back to the person. */
  anonymiseColumns?: string[];
}

export interface PersonalOptions {
  category: DataCategory;
  purpose: DataUse;
  /** The bytes are sealed under the person's key: they die with it, wherever copies lie. */
  sealed?: boolean;
}

/** A json column, key by key. A key that is not named here is undeclared data. */
export interface PersonalKeys {
  keys: Record<string, PersonalOptions | 'not-personal'>;
}

export type TableAnnotation = ({ of: 'subject' } & SubjectDataOptions) | { of: 'tenant' };
export type ColumnAnnotation =
  | ({ personal: true } & PersonalOptions)
  | ({ personal: true } & PersonalKeys)
  | { personal: false; keys?: string[] };

interface Annotations {
  table?: TableAnnotation;
  columns: Map<string, ColumnAnnotation>;
}

// Held on the class itself. A registry of all classes would take a forgotten import for a table without data.
const ANNOTATIONS = Symbol.for('heed.dataMap');

function ownAnnotations(target: object): Annotations {
  if (!Object.hasOwn(target, ANNOTATIONS)) {
    Object.defineProperty(target, ANNOTATIONS, { value: { columns: new Map() } satisfies Annotations });
  }
  return (target as { [ANNOTATIONS]: Annotations })[ANNOTATIONS];
}

/** A table whose rows are about a person. */
export function SubjectData(options: SubjectDataOptions): ClassDecorator {
  return (target) => {
    ownAnnotations(target).table = { of: 'subject', ...options };
  };
}

/** A table of a tenant's data that is about no person. */
export function TenantData(): ClassDecorator {
  return (target) => {
    ownAnnotations(target).table = { of: 'tenant' };
  };
}

/** A column that says something about the person; a json column says so key by key. */
export function Personal(options: PersonalOptions | PersonalKeys): PropertyDecorator {
  return (prototype, property) => {
    ownAnnotations(prototype.constructor).columns.set(String(property), { personal: true, ...options });
  };
}

/** A column that says nothing about a person; a json column names its keys. */
export function NotPersonal(options: { keys?: string[] } = {}): PropertyDecorator {
  return (prototype, property) => {
    ownAnnotations(prototype.constructor).columns.set(String(property), { personal: false, ...options });
  };
}

/** The annotations of a class and of those that it extends; its own win. */
export function annotationsOf(entity: object): Annotations {
  const columns = new Map<string, ColumnAnnotation>();
  let table: TableAnnotation | undefined;
  for (
    let at: object | null = entity;
    at !== null && at !== Function.prototype;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    if (!Object.hasOwn(at, ANNOTATIONS)) continue;
    const own = ownAnnotations(at);
    table ??= own.table;
    for (const [property, annotation] of own.columns) {
      if (!columns.has(property)) columns.set(property, annotation);
    }
  }
  return { table, columns };
}
