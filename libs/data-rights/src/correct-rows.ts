import { fieldOfCategory, subjectTablesOf, type Manifest, type SubjectTable } from '@heed/data-map';
import { DomainError, type Clock } from '@heed/kernel';
import { lockSubjectsForCorrection, type Tx, type UnitOfWork } from '@heed/postgres';
import { answer, type StoreAnswer } from './answer.js';
import { CorrectionStore, type NewValue } from './correction.store.js';
import { type AskCorrections, type Correction } from './corrections.js';
import { type ExportStore } from './export.store.js';
import { type HandedOver } from './handed-over.js';
import { type KeptHashes } from './kept-hashes.js';
import { answerName } from './manifest-stores.js';
import { type Order } from './order-batch.js';
import { type SlowStores } from './slow-stores.js';
import { type SpecialCases, type SpecialCorrection } from './special.js';

export interface CorrectRowsParts {
  manifest: Manifest;
  work: UnitOfWork;
  corrections: AskCorrections;
  exports: ExportStore;
  slow: SlowStores;
  special: SpecialCases;
  keptHashes: KeptHashes;
  handedOver: HandedOver;
  clock: Clock;
}

/**
 * Corrects what is held about a person (LAW: GDPR Art. 16), in every table that its annotation calls a copy of what was
 * corrected. Who is restricted is corrected too: it is their own word, and their rows are then kept as they should be.
 */
export class CorrectRows {
  private readonly store = new CorrectionStore();

  constructor(private readonly parts: CorrectRowsParts) {}

  /** Before the transaction: values come by RPC. Who holds no copy does not learn them, nor who asks about the dead. */
  async values(tenantId: string, order: Order): Promise<Correction[]> {
    const { manifest, work, corrections } = this.parts;
    if (!subjectTablesOf(manifest).some(isCopy)) return [];
    if (await work.run(tenantId, (tx) => this.store.isDead(tx, order.subjectId))) return [];
    return corrections.ofHandle(tenantId, order.handle);
  }

  /** As role eraser. Of somebody dead nothing is left that could be corrected. */
  async rows(tx: Tx, order: Order, corrections: readonly Correction[]): Promise<StoreAnswer[]> {
    const { manifest, keptHashes, handedOver, slow, clock } = this.parts;
    for (const special of this.specials()) await special.before?.(tx, corrections);
    const living = await lockSubjectsForCorrection(tx, order.subjectIds);
    // While the addresses are there that go: hashes are counted by them.
    const kept = [...(await keptHashes.count(tx, [order])), ...(await handedOver.count(tx, [order]))];
    const answers: StoreAnswer[] = [];
    for (const table of subjectTablesOf(manifest)) {
      answers.push(await this.table(tx, table, order, living.size > 0 ? corrections : []));
    }
    if (living.size > 0) {
      for (const special of this.specials()) await special.after?.(tx, order, corrections);
    }
    return [...answers, ...kept.map(({ orderId: _orderId, ...given }) => given), ...slow.ageing(clock.now())];
  }

  private async table(
    tx: Tx,
    table: SubjectTable,
    order: Order,
    corrections: readonly Correction[],
  ): Promise<StoreAnswer> {
    const { manifest, exports } = this.parts;
    const store = answerName(manifest.service, table);
    const { onCorrection, onErasure } = table;
    if (isCopy(table) && corrections.length > 0) {
      const count = await this.corrected(tx, table, order, corrections);
      if (count > 0) return answer(store, 'CORRECTED', { count });
    }
    if (typeof onCorrection === 'object') {
      const count = await exports.countHeld(tx, table, order.subjectIds);
      if (count > 0) return answer(store, 'RETAINED', { count, detail: onCorrection.ground });
    }
    if (typeof onErasure !== 'object') return answer(store, 'NOTHING_HELD');
    const retained = await exports.countRetained(tx, table, order.subjectIds);
    return retained > 0
      ? answer(store, 'RETAINED', { count: retained, detail: onErasure.ground })
      : answer(store, 'NOTHING_HELD');
  }

  private async corrected(
    tx: Tx,
    table: SubjectTable,
    order: Order,
    corrections: readonly Correction[],
  ): Promise<number> {
    if (table.onCorrection === 'special') {
      const special = this.parts.special.corrections.get(table.name);
      if (special) return special.correct(tx, order, corrections);
      throw new DomainError('CORRECTION_NOT_SERVED', 'internal', { metadata: { store: table.name } });
    }
    const values = newValuesOf(table, corrections);
    return values.length > 0 ? this.store.correct(tx, table, order.subjectIds, values) : 0;
  }

  private specials(): SpecialCorrection[] {
    return [...this.parts.special.corrections.values()];
  }
}

/** Rows that say what is corrected, and should then say the other. */
export function isCopy({ onCorrection }: SubjectTable): boolean {
  return onCorrection === 'correct' || onCorrection === 'special';
}

function newValuesOf({ columns }: SubjectTable, corrections: readonly Correction[]): NewValue[] {
  return columns.flatMap((column) => {
    if (column.holds !== 'personal' || column.sealed) return [];
    const field = fieldOfCategory(column.category);
    const given = corrections.find((correction) => correction.field === field);
    return given ? [{ column: column.name, value: given.value === '' ? null : given.value }] : [];
  });
}
