import { type PersonalOptions } from './annotations.js';
import { fieldOfCategory } from './corrections.js';
import { type StoreEntry, type SubjectTable, type TableEntry } from './manifest.js';
import { dataCategories, dataUses } from './vocabulary.js';

const CATEGORIES: ReadonlySet<string> = new Set(dataCategories);
const GROUND = /^[a-z][a-z0-9_]{1,59}$/;
const USES: ReadonlySet<string> = new Set(dataUses);

/** Rules over whole entries; what is wrong with a single annotation has been found while it was read. */
export function demandSound(stores: readonly StoreEntry[], problems: string[]): void {
  const names = new Set<string>();
  for (const store of stores) {
    if (names.has(store.name)) problems.push(`${store.name} is declared twice`);
    names.add(store.name);
    if (store.kind === 'table') demandSoundTable(store, problems);
    else if (store.kind === 'retired' && !/^\d{4}-\d{2}-\d{2}$/.test(store.since))
      problems.push(`${store.name}: since when it is retired is no date (2026-11-27)`);
    else if ('categories' in store) demandCategories(store.name, store.categories, problems);
  }
}

function demandSoundTable(table: TableEntry, problems: string[]): void {
  for (const column of table.columns) {
    const where = `${table.name}.${column.name}`;
    if (column.holds === 'personal') demandTerms(where, column, problems);
    if (column.holds === 'personal-json') {
      for (const [key, options] of Object.entries(column.keys)) {
        if (options !== 'not-personal') demandTerms(`${where}.${key}`, options, problems);
      }
    }
    if (table.of === 'tenant' && column.holds.startsWith('personal')) {
      problems.push(`${where}: a table of @TenantData() holds nothing personal; say @SubjectData(...)`);
    }
  }
  if (table.of === 'subject') demandOnCorrection(table, problems);
  if (table.of === 'subject' && typeof table.onErasure === 'object') {
    const { ground, days } = table.onErasure;
    if (!GROUND.test(ground)) problems.push(`${table.name}: the ground "${ground}" is not snake_case`);
    if (!Number.isInteger(days) || days < 1)
      problems.push(`${table.name}: retained for no whole number of days`);
  }
}

/** Whether a row is a copy of what is corrected, or rightly says what was so: nobody but who declares it can know. */
function demandOnCorrection({ name, columns, onCorrection }: SubjectTable, problems: string[]): void {
  if (onCorrection === undefined) {
    if (columns.some(({ holds }) => holds.startsWith('personal')))
      problems.push(
        `${name}: say onCorrection: 'correct', 'special' or asItWas(ground) in @SubjectData(...)`,
      );
  } else if (typeof onCorrection === 'object') {
    if (!GROUND.test(onCorrection.ground))
      problems.push(`${name}: the ground "${onCorrection.ground}" is not snake_case`);
  } else if (onCorrection === 'correct') {
    const isCorrected = columns.some(
      (column) =>
        column.holds === 'personal' && !column.sealed && fieldOfCategory(column.category) !== undefined,
    );
    if (!isCorrected) problems.push(`${name}: no column of a category that can be corrected; say 'special'`);
  }
}

function demandTerms(where: string, { category, purpose }: PersonalOptions, problems: string[]): void {
  demandCategories(where, [category], problems);
  if (!USES.has(purpose)) problems.push(`${where}: "${purpose}" is no data use`);
}

function demandCategories(where: string, categories: readonly string[], problems: string[]): void {
  for (const category of categories) {
    if (!CATEGORIES.has(category)) problems.push(`${where}: "${category}" is no data category`);
  }
}
