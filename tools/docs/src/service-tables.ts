import { type DeclaredStore, type SubjectTable, type TableEntry, tablesOf } from '@heed/data-map';
import { manifestOfService, type ServiceDefinition } from '@heed/service';
import { code, table, wordsIn } from './marked.js';

/** Tables of the libs are the same everywhere: libs/*\/README.md tell of them. */
const isOfLibs = ({ schema }: TableEntry): boolean => schema === 'heed';

/**
 * Tables and objects from the data map, in the order that the page has them in. What they hold is said by hand, and
 * so is what becomes of those that are about nobody.
 */
export async function tablesPart(definition: ServiceDefinition, page: string): Promise<string> {
  const manifest = await manifestOfService(definition);
  const [words, stays] = [wordsIn(page, 'tables', 1), wordsIn(page, 'tables', 3)];
  const holds = (key: string, otherwise: string): string => words.get(key) || otherwise;
  const tables = tablesOf(manifest)
    .filter((entry) => !isOfLibs(entry))
    .map((entry) => {
      const key = code(entry.name);
      const otherwise = entry.of === 'infrastructure' ? entry.description : '';
      const erasure = entry.of === 'subject' ? doneTo(entry) : stays.get(key) || 'no person';
      return [key, holds(key, otherwise), subjectOf(entry), erasure];
    });
  const others = (definition.stores ?? []).map((store) => {
    const key = `${store.kind} ${code(store.name)}`;
    return [key, holds(key, store.description), '', endOf(store, stays.get(key))];
  });
  const order = [...words.keys()];
  const place = ([key = '']: string[]): number => (order.includes(key) ? order.indexOf(key) : order.length);
  const rows = [...tables, ...others].sort((a, b) => place(a) - place(b));
  return table(['table', 'holds', 'subject', 'on erasure'], rows);
}

function subjectOf(entry: TableEntry): string {
  if (entry.of === 'tenant') return '';
  if (entry.of === 'infrastructure') return entry.subject ? code(entry.subject) : '';
  return [entry.subject, entry.also]
    .filter((column) => column !== undefined)
    .map(code)
    .join(', ');
}

function endOf(store: DeclaredStore, said: string | undefined): string {
  if (store.kind === 'object') return 'deleted';
  if (store.kind === 'log') return `kept ${store.retentionDays} days: ${store.ground}`;
  return said || 'stays';
}

/** Of an erased `also` (a member who did it) the column alone is emptied. */
function doneTo({ onErasure, cut }: SubjectTable): string {
  if (onErasure === 'delete') return 'deleted';
  if (onErasure !== 'anonymise') return `retained: ${onErasure.ground}`;
  const others = cut.length > 0 ? `; so are ${cut.map(code).join(', ')}` : '';
  return `anonymised: personal columns are emptied${others}`;
}
