import { DomainError } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { type StoreAnswer } from './answer.js';
import { type Correction } from './corrections.js';
import { type Order } from './order-batch.js';
import { type Identifier } from './probe-forms.js';

/**
 * What one service must do beyond its data map: count an aggregate before its rows go, end a running recording, keep
 * the hash of whoever objected. Hooks run in the erasure's own transaction, as role eraser, with the subjects locked.
 */
export interface SpecialErasure {
  /** False puts the batch off: something has to happen first. Asked before anything is locked. */
  ready?(tx: Tx, orders: readonly Order[]): Promise<boolean>;
  /**
   * Does what `ready` waits for and would otherwise happen by itself: a resync opens no service that has still to erase
   * somebody, and within one nothing runs.
   */
  hasten?(): Promise<void>;
  /** `ready` waits for others, who need this service open: a resync does not wait for them. */
  isReadyByOthers?: true;
  /** Before the rows go. */
  before?(tx: Tx, orders: readonly Order[]): Promise<void>;
  /** After the rows have gone, before the fence rises. Answers for stores that are no tables. */
  after?(tx: Tx, orders: readonly Order[]): Promise<void | (StoreAnswer & { orderId: string })[]>;
  /** After the commit, until it succeeds; objects and keys are destroyed and the receipt is signed after it. */
  finish?(tenantId: string, orders: readonly Order[]): Promise<void>;
}

/** What one service must do about a restriction beyond leaving rows alone. In the transaction that sets the mark. */
export interface SpecialRestriction {
  restrict?(tx: Tx, order: Order): Promise<void>;
  lift?(tx: Tx, order: Order): Promise<void>;
}

/** How a service corrects rows that its data map alone cannot. In the correction's own transaction, as role eraser. */
export interface SpecialCorrection {
  /** Name of the table in the manifest, which says `special` of it. */
  store: string;
  /** Before the person is locked: locks that others take ahead of people's, so that nobody waits for each other. */
  before?(tx: Tx, corrections: readonly Correction[]): Promise<void>;
  /** Returns how many rows were corrected: none where nothing of it is held here. */
  correct(tx: Tx, order: Order, corrections: readonly Correction[]): Promise<number>;
  /** Once all tables are corrected, whatever they hold. */
  after?(tx: Tx, order: Order, corrections: readonly Correction[]): Promise<void>;
}

/** One file of an export: an object opened from its seal. */
export interface ExportFile {
  name: string;
  mediaType: string;
  content: AsyncIterable<Uint8Array>;
}

/** How a service hands out a store that its data map alone cannot: a recording of many sealed pieces. */
export interface SpecialExport {
  /** Name of the store in the manifest. */
  store: string;
  files(tx: Tx, order: Order): AsyncIterable<ExportFile>;
}

/** How many hashes of a store are kept about each of these people, who and whose addresses are still there. As eraser. */
export type CountHashes = (tx: Tx, subjectIds: readonly string[]) => Promise<Map<string, number>>;

/** When somebody else worked for the service; what is left out is open. */
export interface HandedSpan {
  from?: Date;
  until?: Date;
}

/** How often something about each of these people was handed to somebody else who worked for the service then. As eraser. */
export type CountHandedOver = (
  tx: Tx,
  subjectIds: readonly string[],
  span: HandedSpan,
) => Promise<Map<string, number>>;

/** How a probe can look a table up by what people are reached at: in SQL that an index of the table covers. */
export interface SpecialSearch {
  /** Name of the table in the manifest. */
  store: string;
  /** `endpoint_hash`, `lower(t.email)`; the table is `t`. */
  by: string;
  /** What would stand there, for each of these people. */
  forms(
    tenantId: string,
    people: readonly (readonly Identifier[])[],
  ): Promise<readonly (readonly (string | Buffer)[])[]>;
}

/**
 * A table whose rows about a person outlive them for some days, sealed and under an id of its own: they are what the
 * person's remains are searched for with.
 */
export interface SpecialKept {
  /** Name of the table in the manifest. */
  store: string;
  ground: string;
  /** The most that they live. */
  days: number;
  /** By person. As eraser. */
  count: CountHashes;
}

/** Where capabilities of a service say what is special about them. */
export class SpecialCases {
  readonly erasures: SpecialErasure[] = [];
  readonly restrictions: SpecialRestriction[] = [];
  /** By the name of the store. */
  readonly corrections = new Map<string, SpecialCorrection>();
  readonly exports = new Map<string, SpecialExport>();
  /** By the name of the store. */
  readonly hashes = new Map<string, CountHashes>();
  readonly searches: SpecialSearch[] = [];
  /** What stores of kind processor answer by. */
  handedOver: CountHandedOver | undefined;
  /** By the name of the store. */
  readonly kept = new Map<string, SpecialKept>();
  /** Tables of copies made for requests: an access package does not contain access packages. */
  readonly copies = new Set<string>();

  addErasure(erasure: SpecialErasure): void {
    this.erasures.push(erasure);
  }

  addRestriction(restriction: SpecialRestriction): void {
    this.restrictions.push(restriction);
  }

  addCorrection(correction: SpecialCorrection): void {
    this.corrections.set(correction.store, correction);
  }

  addCopies(table: string): void {
    this.copies.add(table);
  }

  addSearch(search: SpecialSearch): void {
    this.searches.push(search);
  }

  addKept(kept: SpecialKept): void {
    this.kept.set(kept.store, kept);
  }

  addHashes(store: string, count: CountHashes): void {
    this.hashes.set(store, count);
  }

  /** One for all processors of a service: the spans of the settings tell them apart. */
  countHandedOver(count: CountHandedOver): void {
    this.handedOver = count;
  }

  addExport(special: SpecialExport): void {
    if (this.exports.has(special.store)) {
      throw new DomainError('EXPORT_TAKEN', 'internal', { metadata: { store: special.store } });
    }
    this.exports.set(special.store, special);
  }
}
