import { personalColumnsOf, tablesOf, type ColumnEntry, type Manifest, type TableEntry } from './manifest.js';

/** The tables of a manifest as a Fides dataset file, for tools that read those (fideslang 3.1). */
export function fidesDataset(manifest: Manifest): string {
  const lines = [
    'dataset:',
    `  - fides_key: ${scalar(`heed_${manifest.service}`)}`,
    `    name: ${scalar(`Heed ${manifest.service}`)}`,
    `    description: ${scalar(`Made from the data map, version ${manifest.version}`)}`,
    '    collections:',
  ];
  for (const table of tablesOf(manifest)) {
    lines.push(
      `      - name: ${scalar(table.name)}`,
      `        description: ${scalar(describe(table))}`,
      '        fields:',
    );
    for (const column of table.columns) lines.push(...field(column, '          '));
  }
  return `${lines.join('\n')}\n`;
}

function describe(table: TableEntry): string {
  if (table.of === 'infrastructure') return table.description;
  if (table.of === 'tenant') return "A tenant's data about no person";
  const what =
    typeof table.onErasure === 'object'
      ? `retained under ${table.onErasure.ground} for ${table.onErasure.days} days`
      : table.onErasure === 'delete'
        ? 'deleted'
        : `anonymised (${[...personalColumnsOf(table), ...table.cut].join(', ')})`;
  return `About ${table.subject}; on erasure: ${what}`;
}

function field(column: ColumnEntry, indent: string): string[] {
  const lines = [`${indent}- name: ${scalar(column.name)}`];
  const categories = categoriesOf(column);
  if (categories.length > 0) {
    lines.push(
      `${indent}  data_categories:`,
      ...categories.map((category) => `${indent}    - ${scalar(category)}`),
    );
  }
  if (column.holds === 'personal-json') {
    lines.push(`${indent}  fides_meta:`, `${indent}    data_type: object`, `${indent}  fields:`);
    for (const [name, key] of Object.entries(column.keys)) {
      const entry: ColumnEntry =
        key === 'not-personal' ? { name, holds: 'plain' } : { name, holds: 'personal', ...key };
      lines.push(...field(entry, `${indent}    `));
    }
  }
  return lines;
}

function categoriesOf(column: ColumnEntry): string[] {
  switch (column.holds) {
    case 'personal':
      return [column.category];
    case 'subject':
    case 'also':
      return ['user.unique_id.pseudonymous'];
    default:
      return [];
  }
}

/** JSON strings are YAML strings. */
function scalar(text: string): string {
  return JSON.stringify(text);
}
