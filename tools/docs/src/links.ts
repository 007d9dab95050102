import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { root } from './place.js';

export interface Link {
  page: string;
  line: number;
  target: string;
}

/** Every page that is, or is about to be, committed. */
export function pages(): string[] {
  const { stdout } = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: root,
    encoding: 'utf8',
  });
  return stdout.split('\n').filter((page) => page !== '' && existsSync(join(root, page)));
}

/** Links of a page that lead to other places of the repository. */
export function linksIn(page: string, text: string): Link[] {
  return proseLines(text).flatMap((line, index) =>
    [...line.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => ({ page, line: index + 1, target }))
      .filter(({ target }) => !/^[a-z]+:/.test(target)),
  );
}

/** Files that a page names as code, without a link. From its own folder, the sources there, or the top. */
export function filesNamedIn(page: string, text: string): Link[] {
  const file = /`((?:\.{1,2}\/)*(?:[a-z][\w.-]*\/)+[\w.-]+\.(?:ts|mjs|sql|proto|md|json))(?::\d+)?`/g;
  return proseLines(text).flatMap((line, index) =>
    [...line.matchAll(file)].map(([, target = '']) => ({ page, line: index + 1, target })),
  );
}

/** What is wrong with a link, or nothing. */
export function faultOf({ page, target }: Link): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(root, file))) return 'is not there';
  if (anchor === undefined || !file.endsWith('.md')) return undefined;
  return anchorsOf(readFileSync(join(root, file), 'utf8')).has(anchor) ? undefined : 'has no such heading';
}

/** Numbered lines that begin with a link to a file, and the names in it that they tell the reader to look for. */
export function placesIn(page: string, text: string): (Link & { names: string[] })[] {
  const items = proseLines(text)
    .map((words, index) => ({ words, line: index + 1 }))
    .filter(({ words }) => /^\d+\. /.test(words));
  return items.flatMap(({ words, line }) => {
    const [, target = '', rest = ''] = /^\d+\. \[[^\]]*\]\(([^)]+)\)(.*)$/.exec(words) ?? [];
    const names = [...rest.matchAll(/`([\w ]+)`/g)].map(([, name = '']) => name);
    return target === '' ? [] : [{ page, line, target, names }];
  });
}

/** Names that do not occur in the file. */
export function missingIn({ page, target, names }: Link & { names: string[] }): string[] {
  const text = readFileSync(join(root, dirname(page), target), 'utf8');
  return names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
}

export function isThere({ page, target }: Link): boolean {
  return (
    ['', 'src'].some((from) => existsSync(join(root, dirname(page), from, target))) ||
    existsSync(join(root, target))
  );
}

/** Lines as they are numbered; those within fences are empty. */
function proseLines(text: string): string[] {
  let fenced = false;
  return text.split('\n').map((line) => {
    const isFence = /^\s*```/.test(line);
    if (isFence) fenced = !fenced;
    return fenced || isFence ? '' : line;
  });
}

/** As GitHub makes them: lower case, no punctuation, spaces to hyphens; a second one of a name is numbered. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const line of proseLines(text)) {
    const [, heading] = /^#{1,6} (.*)$/.exec(line) ?? [];
    if (heading === undefined) continue;
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    let name = anchor;
    for (let again = 1; anchors.has(name); again += 1) name = `${anchor}-${again}`;
    anchors.add(name);
  }
  return anchors;
}
