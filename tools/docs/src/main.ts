import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attacksPart } from './attacks-page.js';
import { faultsPart, otherErrorsPart, serviceErrorsPart } from './errors-page.js';
import { openApiFiles } from './openapi-files.js';
import { markedPart, rowsOf, withPart } from './marked.js';
import { root } from './place.js';
import { definitions } from './service-definitions.js';
import { eventsPart } from './service-events.js';
import { purposesPart } from './purposes-page.js';
import { rpcsPart } from './service-rpcs.js';
import { tablesPart } from './service-tables.js';
import { settingsPart } from './settings-page.js';

/**
 * `npm run docs`: writes the parts of pages that the code already says, between marks; what people write around them and
 * in the columns that are theirs stays; and docs/openapi. `--check` changes nothing, and fails where a page would change or has a gap.
 */
interface Part {
  page: string;
  name: string;
  make: (page: string) => string | Promise<string>;
}

const parts: Part[] = [
  { page: 'docs/settings.md', name: 'settings', make: () => settingsPart(definitions) },
  { page: 'docs/purposes.md', name: 'purposes', make: () => purposesPart() },
  { page: 'docs/attacks.md', name: 'attacks', make: attacksPart },
  { page: 'docs/errors.md', name: 'errors of services', make: serviceErrorsPart },
  { page: 'docs/errors.md', name: 'other errors', make: otherErrorsPart },
  { page: 'docs/errors.md', name: 'faults', make: faultsPart },
  ...definitions.flatMap((definition) => {
    const page = `services/${definition.name}/README.md`;
    return [
      { page, name: 'tables', make: (text: string) => tablesPart(definition, text) },
      { page, name: 'RPCs', make: () => rpcsPart(definition) },
      { page, name: 'events', make: (text: string) => eventsPart(definition, text) },
    ];
  }),
];

const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
const complaints: string[] = [];
for (const page of new Set(parts.map((part) => part.page))) {
  const file = join(root, page);
  const before = readFileSync(file, 'utf8');
  let after = before;
  for (const part of parts.filter((candidate) => candidate.page === page)) {
    after = withPart(after, part.name, await part.make(after));
    complaints.push(...gapsIn(part, after));
  }
  if (after === before) continue;
  if (values.check) complaints.push(`${page} is not what the code says: npm run docs`);
  else {
    writeFileSync(file, after);
    console.log(`written: ${page}`);
  }
}
complaints.push(...openApiFiles(definitions, { check: values.check ?? false }));
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length ? 1 : 0;

/** Cells that must not be empty: those that people fill, and the test of an attack that is named somewhere. */
function gapsIn({ page, name }: Part, text: string): string[] {
  const columns = { tables: [1], 'other errors': [4], events: [4], attacks: [1, 2] }[name] ?? [];
  const rows = rowsOf(markedPart(text, name) ?? '');
  return columns.flatMap((column) =>
    rows
      .filter((cells) => !cells[column])
      .map(([key]) => `${page}: ${key} has nothing in column ${column + 1} of "${name}"`),
  );
}
