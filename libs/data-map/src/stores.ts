import { type DataCategory } from './vocabulary.js';

/**
 * Whatever holds personal data and is no table. Each answers for itself when a person is erased, or says until when it
 * holds what it has.
 */
export type DeclaredStore =
  /** Objects: files of one kind under one prefix, all versions deleted with the person. */
  | { kind: 'object'; name: string; description: string; categories: DataCategory[]; sealed: boolean }
  /** The keys that sealed columns and objects die with. */
  | { kind: 'keys'; name: string; description: string }
  /** Memory of a process. */
  | { kind: 'cache'; name: string; description: string; categories: DataCategory[]; maxAgeSeconds: number }
  /** A topic or job queue. */
  | { kind: 'queue'; name: string; description: string; categories: DataCategory[]; retentionDays: number }
  /** Somebody else who works for us. */
  | { kind: 'processor'; name: string; description: string; categories: DataCategory[] }
  /** Keyed hashes that outlive the person on a ground that lies with them, and by which nobody can be found. */
  | { kind: 'hashes'; name: string; description: string; ground: string }
  /** Backups, WAL, standbys, versions of objects: out of reach, but not for ever. */
  | { kind: 'copy'; name: string; description: string; expiresAfterDays: number }
  /**
   * A store that was taken out: the service's signed word that it holds nothing any more. It goes on answering until no
   * request is pinned to what it was; then its entry may go, too (a manifest that loses anything else is refused).
   */
  | { kind: 'retired'; name: string; description: string; was: StoreKind; since: string }
  /** Logs and traces; records that somebody must keep say on what ground. */
  | {
      kind: 'log';
      name: string;
      description: string;
      categories: DataCategory[];
      retentionDays: number;
      ground?: string;
    };

/** Kinds of stores, as manifests name them. */
export type StoreKind =
  'table' | 'object' | 'keys' | 'cache' | 'queue' | 'processor' | 'hashes' | 'copy' | 'log';

export function declareStore(store: DeclaredStore): DeclaredStore {
  return store;
}

/**
 * What a column of a table without personal data holds. `payload` is an event's bytes: ids, enums, numbers, times;
 * `sealed` are bytes whose key is kept nowhere: whoever sent the request can open the answer to it, and nobody else.
 */
export type PlainKind =
  'id' | 'code' | 'number' | 'time' | 'flag' | 'name' | 'digest' | 'position' | 'payload' | 'key' | 'sealed';

/**
 * A table that a lib brings and that carries no more than ids about a person. It stands outside the fence (the fence's
 * own table, outbox, inbox, orders), so each column says what it holds.
 */
export interface InfrastructureTable {
  /** schema.table */
  table: string;
  description: string;
  columns: Record<string, PlainKind>;
  /** `wall`: behind row-level security like a tenant's table; `open`: read across tenants by the roles it is granted to. */
  tenants: 'wall' | 'open';
  /** The column of the person, where the table is behind the fence although it holds nothing personal. */
  subject?: string;
  /** Policies beside the wall that this table is meant to have. */
  policies?: string[];
}

export function declareInfrastructure(table: InfrastructureTable): InfrastructureTable {
  return table;
}
