import { isServiceName, type privacyV1 } from '@heed/contracts';
import { type ColumnEntry, type StoreEntry } from '@heed/data-map';
import { type AnsweringStore } from '@heed/data-rights';

const SECONDS_A_DAY = 86_400;

/** What is shown of a store: the same members for every kind. */
export function storeMessage(service: string, store: AnsweringStore): privacyV1.Store {
  const columns = columnsOf(store);
  const terms = columns.flatMap(termsOf);
  const categories =
    'categories' in store ? (store.categories as string[]) : terms.map(({ category }) => category);
  return {
    ...{ service, name: store.name, kind: store.kind },
    description: 'description' in store ? (store.description as string) : '',
    categories: sorted(categories),
    purposes: sorted(terms.map(({ purpose }) => purpose)),
    ...fateOf(store),
    sealed: 'sealed' in store ? store.sealed : terms.length > 0 && terms.every(({ sealed }) => sealed),
    selfAttested: !isServiceName(service),
  };
}

/** Each column, and each key of a json column, by name. */
export function columnMessages(store: AnsweringStore): privacyV1.StoreColumn[] {
  return columnsOf(store).flatMap((column): privacyV1.StoreColumn[] => {
    const { name, holds } = column;
    const plain = { name, category: '', purpose: '', sealed: false };
    if (holds === 'personal') {
      const { category, purpose, sealed = false } = column;
      return [{ name, holds, category, purpose, sealed }];
    }
    if (holds !== 'personal-json') return [{ ...plain, holds }];
    return Object.entries(column.keys).map(([key, says]) =>
      says === 'not-personal'
        ? { ...plain, name: `${name}.${key}`, holds: 'plain' }
        : { ...plain, ...says, name: `${name}.${key}`, holds: 'personal', sealed: says.sealed ?? false },
    );
  });
}

/** Whether the store holds this category or one below it. */
export function holdsCategory({ categories }: privacyV1.Store, wanted: string): boolean {
  return categories.some((category) => category === wanted || category.startsWith(`${wanted}.`));
}

/** A table that a service of others declares has no columns: they are its own affair. */
function columnsOf(store: StoreEntry): ColumnEntry[] {
  return store.kind === 'table' && 'columns' in store ? store.columns : [];
}

function termsOf(column: ColumnEntry): { category: string; purpose: string; sealed: boolean }[] {
  if (column.holds === 'personal') return [{ ...column, sealed: column.sealed ?? false }];
  if (column.holds !== 'personal-json') return [];
  return Object.values(column.keys).flatMap((key) =>
    key === 'not-personal' ? [] : [{ ...key, sealed: key.sealed ?? false }],
  );
}

function fateOf(store: AnsweringStore): Pick<privacyV1.Store, 'onErasure' | 'ground' | 'keptDays'> {
  const gone = { onErasure: 'delete', ground: '', keptDays: 0 };
  const agesOut = (keptDays: number) => ({ ...gone, onErasure: 'ages_out', keptDays });
  switch (store.kind) {
    case 'table': {
      const { onErasure } = store;
      if (typeof onErasure === 'string') return { ...gone, onErasure };
      return { onErasure: 'retain', ground: onErasure.ground, keptDays: onErasure.days };
    }
    case 'cache':
      return agesOut(Math.ceil(store.maxAgeSeconds / SECONDS_A_DAY));
    case 'queue':
      return agesOut(store.retentionDays);
    case 'copy':
      return agesOut(store.expiresAfterDays);
    case 'log':
      return store.ground
        ? { onErasure: 'retain', ground: store.ground, keptDays: store.retentionDays }
        : agesOut(store.retentionDays);
    case 'hashes':
      return { ...gone, onErasure: 'retain', ground: store.ground };
    case 'retired':
      return { ...gone, onErasure: 'nothing_held' };
    default:
      return gone;
  }
}

function sorted(words: readonly string[]): string[] {
  return [...new Set(words)].sort();
}
