import { type CorrectedOrder } from './corrections.js';
import { type Order } from './order-batch.js';
import { type SpecialCases } from './special.js';

/** What a person is reached at, as they gave it or as contacts knew it. */
export interface Identifier {
  channel: 'email' | 'voice';
  address: string;
}

/** Where the identifiers of open requests are asked for: privacy. */
export interface AskIdentifiers {
  /** By handle. Those of a request that has ended are not among them. */
  ofHandles(tenantId: string, handles: readonly string[]): Promise<Map<string, Identifier[]>>;
}

/** A table that is looked up by what people are reached at, and what is looked up there for each order. */
export interface FormSearch {
  store: string;
  by: string;
  /** By order: an order that is not here has nothing to be looked up by. */
  forms: ReadonlyMap<string, readonly (string | Buffer)[]>;
}

/**
 * What a probe looks up besides ids: the normal forms of what a person is reached at, in each table that has an index for
 * them. Whoever is there under another id, or in a row that was cut off from its person, is found by nothing else.
 */
export class ProbeForms {
  constructor(
    private readonly special: SpecialCases,
    private readonly identifiers: AskIdentifiers,
  ) {}

  /** Before the search's transaction: identifiers come by RPC, keys of hashes on connections of their own. */
  async of(tenantId: string, orders: readonly Order[]): Promise<FormSearch[]> {
    const asking = orders.filter(({ handle }) => handle !== '');
    if (this.special.searches.length === 0 || asking.length === 0) return [];
    const given = await this.identifiers.ofHandles(
      tenantId,
      asking.map(({ handle }) => handle),
    );
    const known = asking.filter(({ handle }) => (given.get(handle) ?? []).length > 0);
    return this.formsOf(
      tenantId,
      known.map(({ orderId, handle }) => [orderId, given.get(handle) ?? []]),
    );
  }

  /** What corrected people were reached at before: what stands in another spelling of the same form is no remains. */
  async ofCorrected(tenantId: string, orders: readonly CorrectedOrder[]): Promise<FormSearch[]> {
    const addresses = (which: 'previous' | 'value') =>
      orders.map(({ order, corrections }): [string, Identifier[]] => [
        order.orderId,
        corrections.flatMap(({ field, [which]: address }) => {
          if (address === '' || (field !== 'email' && field !== 'phone')) return [];
          return [{ channel: field === 'email' ? 'email' : 'voice', address }];
        }),
      ]);
    const [before, now] = [
      await this.formsOf(tenantId, addresses('previous')),
      await this.formsOf(tenantId, addresses('value')),
    ];
    return before.map(({ store, by, forms }) => {
      const stay = now.find((search) => search.store === store)?.forms;
      const gone = [...forms].map(([orderId, theirs]): [string, (string | Buffer)[]] => {
        const stays = new Set((stay?.get(orderId) ?? []).map(keyOf));
        return [orderId, theirs.filter((form) => !stays.has(keyOf(form)))];
      });
      return { store, by, forms: new Map(gone) };
    });
  }

  private async formsOf(
    tenantId: string,
    people: readonly (readonly [orderId: string, given: readonly Identifier[]])[],
  ): Promise<FormSearch[]> {
    if (people.length === 0) return [];
    return Promise.all(
      this.special.searches.map(async ({ store, by, forms }): Promise<FormSearch> => {
        const each = await forms(
          tenantId,
          people.map(([, given]) => given),
        );
        return { store, by, forms: new Map(people.map(([orderId], at) => [orderId, each[at] ?? []])) };
      }),
    );
  }
}

function keyOf(form: string | Buffer): string {
  return Buffer.isBuffer(form) ? form.toString('hex') : form;
}
