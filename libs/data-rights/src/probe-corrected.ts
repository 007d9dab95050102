import { CORRECTED_CATEGORIES, type Manifest, type SubjectTable } from '@heed/data-map';
import { type Tx } from '@heed/postgres';
import { answer, type StoreAnswer } from './answer.js';
import { type CorrectedOrder, type Correction } from './corrections.js';
import { type OrderAnswer } from './erase-rows.js';
import { type Order } from './order-batch.js';
import { type FormSearch } from './probe-forms.js';
import { SEARCHED } from './probe-rows.js';
import { ProbeStore } from './probe.store.js';

/** Nothing of what was corrected is held there: by its declaration, or because none of it was of its kind. */
export const NOTHING_OF_IT = 'nothing_of_it';
const FOUND_BY_FORM = 'by_normal_form';

/**
 * Searches for what a correction should have replaced: rows of the person that say something else than what they should,
 * and rows that stand under the normal form of what they were reached at. Plain SQL from the manifest, in no word that of
 * the code that corrects.
 */
export class ProbeCorrected {
  private readonly store = new ProbeStore();

  constructor(private readonly manifest: Manifest) {}

  /** As role probe. Undefined while somebody who began before the corrections may still write. */
  async probe(
    tx: Tx,
    orders: readonly CorrectedOrder[],
    fenceXid: string,
    searches: readonly FormSearch[],
  ): Promise<OrderAnswer[] | undefined> {
    if (!(await this.store.hasPassed(tx, fenceXid))) return undefined;
    const answers: OrderAnswer[] = [];
    for (const entry of this.manifest.stores) {
      if (entry.kind !== 'table' || entry.of !== 'subject') continue;
      for (const { order, corrections } of orders) {
        const given = await this.one(tx, entry, order, corrections, searches);
        answers.push({ orderId: order.orderId, ...given });
      }
    }
    return answers;
  }

  private async one(
    tx: Tx,
    entry: SubjectTable,
    { orderId, subjectIds }: Order,
    corrections: readonly Correction[],
    searches: readonly FormSearch[],
  ): Promise<StoreAnswer> {
    const name = `${this.manifest.service}.${entry.name}`;
    const found = await this.store.search(tx, entry, subjectIds);
    const retained = found.reduce((sum, hit) => sum + hit.retained, 0);
    if (retained > 0)
      return answer(name, 'RETAINED', {
        count: retained,
        detail: found.find((hit) => hit.ground)?.ground ?? '',
      });
    const live = found.reduce((sum, hit) => sum + hit.live, 0);
    if (typeof entry.onCorrection === 'object' && live > 0)
      return answer(name, 'RETAINED', { count: live, detail: entry.onCorrection.ground });
    // Erased since, so that nobody knows the values any more: whatever is left is too much.
    if (corrections.length === 0 && live > 0 && entry.onCorrection !== undefined)
      return answer(name, 'PROBED_FOUND', { count: live, detail: SEARCHED.byId });
    if (entry.onCorrection === 'correct') {
      const expected = corrections.flatMap(({ field, value }) =>
        entry.columns
          .filter((column) => column.holds === 'personal' && column.category === CORRECTED_CATEGORIES[field])
          .map((column) => ({ column: column.name, value })),
      );
      if (expected.length > 0) {
        const others = await this.store.countOtherThan(tx, entry, subjectIds, expected);
        return others > 0
          ? answer(name, 'PROBED_FOUND', { count: others, detail: SEARCHED.byId })
          : answer(name, 'PROBED_CLEAN', { detail: SEARCHED.byId });
      }
    }
    const search = entry.onCorrection === 'special' && searches.find(({ store }) => store === entry.name);
    const forms = search ? (search.forms.get(orderId) ?? []) : [];
    if (!search || forms.length === 0) return answer(name, 'PROBED_CLEAN', { detail: NOTHING_OF_IT });
    const standing = await this.store.searchForms(tx, entry, search.by, forms);
    const theirs = standing.filter(({ subjectId }) => subjectId !== null && subjectIds.includes(subjectId));
    if (theirs.length > 0)
      return answer(name, 'PROBED_FOUND', { count: theirs.length, detail: FOUND_BY_FORM });
    const detail = standing.length > 0 ? SEARCHED.exceptLiving : SEARCHED.byForm;
    return answer(name, 'PROBED_CLEAN', { detail });
  }
}
