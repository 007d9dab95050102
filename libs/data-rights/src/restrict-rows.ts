import { subjectTablesOf, type Manifest, type SubjectTable } from '@heed/data-map';
import { type Clock } from '@heed/kernel';
import { restrictSubjects, type Tx } from '@heed/postgres';
import { answer, type Outcome, type StoreAnswer } from './answer.js';
import { type ExportStore } from './export.store.js';
import { type HandedOver } from './handed-over.js';
import { type KeptHashes } from './kept-hashes.js';
import { answerName } from './manifest-stores.js';
import { type Order } from './order-batch.js';
import { type SlowStores } from './slow-stores.js';
import { type SpecialCases } from './special.js';

const SAYS = { RESTRICT: 'RESTRICTED', LIFT: 'LIFTED' } as const satisfies Record<string, Outcome>;

export interface RestrictRowsParts {
  manifest: Manifest;
  exports: ExportStore;
  slow: SlowStores;
  special: SpecialCases;
  keptHashes: KeptHashes;
  handedOver: HandedOver;
  clock: Clock;
}

/**
 * Restricts what is held about a person, and lifts it (LAW: GDPR Art. 18): the mark on their subject is what triggers and
 * handlers look at, and each store says how much it holds under it. No row is touched for that.
 */
export class RestrictRows {
  constructor(private readonly parts: RestrictRowsParts) {}

  /** Stores outside of the transaction: what they hold stays where it is, sealed. */
  slowStores(tenantId: string, order: Order, action: 'RESTRICT' | 'LIFT'): Promise<StoreAnswer[]> {
    return this.parts.slow.held(tenantId, order, SAYS[action]);
  }

  /** As role eraser. Somebody dead stays unmarked: nothing of theirs is left that could be changed. */
  async rows(tx: Tx, order: Order, action: 'RESTRICT' | 'LIFT'): Promise<StoreAnswer[]> {
    const { manifest, slow, special, keptHashes, handedOver, clock } = this.parts;
    const { subjectIds, kind, requestId } = order;
    await restrictSubjects(tx, subjectIds, kind, action === 'RESTRICT' ? requestId : null);
    for (const restriction of special.restrictions) {
      await (action === 'RESTRICT' ? restriction.restrict?.(tx, order) : restriction.lift?.(tx, order));
    }
    const answers: StoreAnswer[] = [];
    for (const table of subjectTablesOf(manifest)) {
      answers.push(await this.table(tx, table, subjectIds, SAYS[action]));
    }
    const kept = [...(await keptHashes.count(tx, [order])), ...(await handedOver.count(tx, [order]))];
    return [...answers, ...kept.map(({ orderId: _orderId, ...given }) => given), ...slow.ageing(clock.now())];
  }

  private async table(
    tx: Tx,
    table: SubjectTable,
    subjectIds: readonly string[],
    outcome: Outcome,
  ): Promise<StoreAnswer> {
    const { manifest, exports } = this.parts;
    const store = answerName(manifest.service, table);
    const count = await exports.countHeld(tx, table, subjectIds);
    if (count > 0) return answer(store, outcome, { count });
    if (typeof table.onErasure !== 'object') return answer(store, 'NOTHING_HELD');
    const retained = await exports.countRetained(tx, table, subjectIds);
    return retained > 0
      ? answer(store, 'RETAINED', { count: retained, detail: table.onErasure.ground })
      : answer(store, 'NOTHING_HELD');
  }
}
