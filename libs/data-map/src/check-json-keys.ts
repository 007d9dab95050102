import { type Finding } from './finding.js';
import { type CatalogueClient } from './live-catalogue.js';
import { tablesOf, type ColumnEntry, type Manifest } from './manifest.js';

/**
 * The keys that json columns really have, against those declared. Reads every row: for the nightly check, as the probe,
 * since other roles see one tenant only.
 */
export async function checkJsonKeys(client: CatalogueClient, manifest: Manifest): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const table of tablesOf(manifest)) {
    for (const column of table.columns) {
      const declared = declaredKeys(column);
      if (!declared) continue;
      const relation = `${quoted(table.schema)}.${quoted(table.table)}`;
      const { rows } = await client.query(
        `select distinct key from ${relation}, lateral jsonb_object_keys(
           case when jsonb_typeof(to_jsonb(${quoted(column.name)})) = 'object' then to_jsonb(${quoted(column.name)}) else '{}' end
         ) key where key <> all ($1::text[]) order by key limit 100`,
        [declared],
      );
      for (const { key } of rows as { key: string }[]) {
        findings.push({
          code: 'UNDECLARED_KEY',
          // A key may itself be somebody's name: it is shown only where it looks like one of a program.
          where: `${table.schema}.${table.table}.${column.name}.${/^[A-Za-z_]\w{0,40}$/.test(key) ? key : '?'}`,
          message: 'is in no data map',
        });
      }
    }
  }
  return findings;
}

function declaredKeys(column: ColumnEntry): string[] | undefined {
  if (column.holds === 'personal-json') return Object.keys(column.keys);
  return column.holds === 'plain' ? column.keys : undefined;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
