const opening = (name: string): string => `<!-- ${name}: made by npm run docs -->`;
const closing = (name: string): string => `<!-- end of ${name} -->`;

/** What stands between the marks of this name; undefined where the page has none. */
export function markedPart(page: string, name: string): string | undefined {
  const from = page.indexOf(opening(name));
  const to = page.indexOf(closing(name));
  return from < 0 || to < from ? undefined : page.slice(from + opening(name).length, to).trim();
}

/** The page with this part in place of what stood between the marks. */
export function withPart(page: string, name: string, part: string): string {
  const from = page.indexOf(opening(name));
  const to = page.indexOf(closing(name));
  if (from < 0 || to < from) throw new Error(`the page has no place for "${name}": ${opening(name)}`);
  return `${page.slice(0, from)}${opening(name)}\n${part}\n${page.slice(to)}`;
}

/** Rows of a Markdown table, cell by cell. */
export function rowsOf(part: string): string[][] {
  return part
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .replace(/^\||\|$/g, '')
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

/** Words of a column that people write, by the key in the first column. */
export function wordsIn(page: string, name: string, column: number): Map<string, string> {
  const rows = rowsOf(markedPart(page, name) ?? '');
  return new Map(rows.map((cells) => [cells[0] ?? '', cells[column] ?? '']));
}

export const code = (text: string): string => `\`${text}\``;
