import { personalColumnsOf, type ColumnEntry, type Manifest, type StoreEntry } from './manifest.js';

interface Field {
  name: string;
  data_categories?: string[];
  fides_meta?: { data_type: 'object' };
  fields?: Field[];
}

/**
 * Data maps as a file of Fides datasets (fideslang 3): one dataset for each service, one collection for each store, with
 * a field for each column of a table. Other stores say their categories as a whole.
 */
export function fidesDatasets(manifests: readonly Manifest[]): string {
  // JSON is YAML, and needs no second writer with rules of its own about quotes.
  return `${JSON.stringify({ dataset: manifests.map(datasetOf) }, null, 2)}\n`;
}

function datasetOf(manifest: Manifest): object {
  return {
    fides_key: `heed_${manifest.service.replaceAll('-', '_')}`,
    name: `Heed ${manifest.service}`,
    description: `Made from the data map, version ${manifest.version}`,
    collections: manifest.stores.map(collectionOf),
  };
}

function collectionOf(store: StoreEntry): object {
  // Tables that another service declares say their categories as a whole, too: its columns are its own affair.
  const categories = 'categories' in store ? { data_categories: [...new Set(store.categories)].sort() } : {};
  const fields = store.kind === 'table' && 'columns' in store ? store.columns.map(fieldOf) : [];
  return { name: store.name, description: describe(store), ...categories, fields };
}

function describe(store: StoreEntry): string {
  if (store.kind !== 'table') return `${store.kind}: ${store.description}`;
  if (store.of === 'infrastructure') return store.description;
  if (store.of === 'tenant') return "A tenant's data about no person";
  if (!('columns' in store)) return (store as { description: string }).description;
  const what =
    typeof store.onErasure === 'object'
      ? `retained under ${store.onErasure.ground} for ${store.onErasure.days} days`
      : store.onErasure === 'delete'
        ? 'deleted'
        : `anonymised (${[...personalColumnsOf(store), ...store.cut].join(', ')})`;
  return `About ${store.subject}; on erasure: ${what}`;
}

function fieldOf(column: ColumnEntry): Field {
  switch (column.holds) {
    case 'personal':
      return { name: column.name, data_categories: [column.category] };
    case 'subject':
    case 'also':
      return { name: column.name, data_categories: ['user.unique_id.pseudonymous'] };
    case 'personal-json':
      return {
        name: column.name,
        fides_meta: { data_type: 'object' },
        fields: Object.entries(column.keys).map(([name, key]) =>
          key === 'not-personal' ? { name } : { name, data_categories: [key.category] },
        ),
      };
    default:
      return { name: column.name };
  }
}
