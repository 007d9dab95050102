import { type Manifest } from '@heed/data-map';
import { type Tx } from '@heed/postgres';
import { answer, type StoreAnswer } from './answer.js';
import { type OrderAnswer } from './erase-rows.js';
import { type Order } from './order-batch.js';
import { type FormSearch } from './probe-forms.js';
import { ProbeStore, type Found, type FoundByForm, type SearchedTable } from './probe.store.js';

/** How a store was searched that is clean, in the words of docs/certificate.md. */
export const SEARCHED = {
  byId: 'by_id',
  byForm: 'by_id_and_normal_form',
  /** Somebody who lives stands there under the same address: a household, or the person, come back. */
  exceptLiving: 'by_id_and_normal_form_except_living',
} as const;
const FOUND_BY_FORM = 'by_normal_form';

/** Searches every table about people for those who were erased: by their ids, and by their addresses' normal forms. */
export class ProbeRows {
  private readonly store = new ProbeStore();
  private readonly tables: SearchedTable[];

  constructor(private readonly manifest: Manifest) {
    this.tables = manifest.stores.filter(
      (store): store is typeof store & SearchedTable => store.kind === 'table' && store.of === 'subject',
    );
  }

  /** As role probe. Undefined while somebody who began before the fence may still write. */
  async probe(
    tx: Tx,
    orders: readonly Order[],
    fenceXid: string,
    searches: readonly FormSearch[],
  ): Promise<OrderAnswer[] | undefined> {
    if (!(await this.store.hasPassed(tx, fenceXid))) return undefined;
    const ids = orders.flatMap((order) => order.subjectIds);
    const answers: OrderAnswer[] = [];
    for (const table of this.tables) {
      const found = await this.store.search(tx, table, ids);
      const search = searches.find(({ store }) => store === table.name);
      const byForm = search ? await this.byForms(tx, table, search) : new Map<string, FoundByForm[]>();
      const name = `${this.manifest.service}.${table.name}`;
      for (const order of orders) {
        const hits = found.filter((hit) => order.subjectIds.includes(hit.subjectId));
        answers.push({ orderId: order.orderId, ...said(name, order, hits, byForm.get(order.orderId)) });
      }
    }
    return answers;
  }

  /** By order, for those that have something to be looked up by. */
  private async byForms(
    tx: Tx,
    table: SearchedTable,
    { by, forms }: FormSearch,
  ): Promise<Map<string, FoundByForm[]>> {
    const all = [...forms.values()].flat();
    const found = all.length > 0 ? await this.store.searchForms(tx, table, by, all) : [];
    const rows = Map.groupBy(found, ({ form }) => keyOf(form));
    return new Map(
      [...forms].map(([orderId, theirs]) => [
        orderId,
        [...new Set(theirs.map(keyOf))].flatMap((form) => rows.get(form) ?? []),
      ]),
    );
  }
}

/** `byForm` is undefined where nothing was looked up by form. */
function said(
  name: string,
  { subjectIds }: Order,
  byId: readonly Found[],
  byForm: readonly FoundByForm[] | undefined,
): StoreAnswer {
  const live = byId.reduce((sum, hit) => sum + hit.live, 0);
  if (live > 0) return answer(name, 'PROBED_FOUND', { count: live, detail: SEARCHED.byId });
  const others = (byForm ?? []).filter(
    ({ subjectId }) => subjectId === null || !subjectIds.includes(subjectId),
  );
  const left = others.filter(({ living }) => !living);
  if (left.length > 0) return answer(name, 'PROBED_FOUND', { count: left.length, detail: FOUND_BY_FORM });
  const retained = byId.reduce((sum, hit) => sum + hit.retained, 0);
  if (retained > 0) {
    const until = Math.max(0, ...byId.map((hit) => hit.until?.getTime() ?? 0));
    return answer(name, 'RETAINED', {
      count: retained,
      detail: byId.find((hit) => hit.ground)?.ground ?? '',
      until: until > 0 ? new Date(until).toISOString() : '',
    });
  }
  const detail = !byForm ? SEARCHED.byId : others.length > 0 ? SEARCHED.exceptLiving : SEARCHED.byForm;
  return answer(name, 'PROBED_CLEAN', { detail });
}

function keyOf(form: string | Buffer): string {
  return Buffer.isBuffer(form) ? form.toString('hex') : form;
}
