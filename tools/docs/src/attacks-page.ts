import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { table, wordsIn } from './marked.js';
import { root } from './place.js';

/**
 * Attacks by number, with the specs that try them: a test for one bears its number, one for several bears theirs. How the promise could be false is
 * said by hand. A number that a comment names and no test bears is an attack that nobody tries.
 */
export function attacksPart(page: string): string {
  const words = wordsIn(page, 'attacks', 1);
  const tried = triedIn();
  const numbers = [...new Set([...tried.keys(), ...namedInComments()])].sort(byNumber);
  return table(
    ['number', 'how the promise could be false', 'tried in'],
    numbers.map((number) => [number, words.get(number) ?? '', linksTo(tried.get(number) ?? new Set())]),
  );
}

function triedIn(): Map<string, Set<string>> {
  const tried = new Map<string, Set<string>>();
  // Titles of conformance suites stand in files of their own.
  for (const file of filesNamed(/\.spec\.ts$|-conformance[\w-]*\.ts$/)) {
    const titles = readFileSync(join(root, file), 'utf8').matchAll(/['"`]((?:\d+\.\d+ )+)[^'"`\n]+['"`]/g);
    for (const number of [...titles].flatMap(([, numbers = '']) => numbers.trim().split(' '))) {
      tried.set(number, (tried.get(number) ?? new Set()).add(file));
    }
  }
  return tried;
}

function namedInComments(): string[] {
  return filesNamed(/\.(ts|sql)$/).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\bATTACKS (\d+\.\d+)/g)].map(
      ([, number = '']) => number,
    ),
  );
}

function filesNamed(pattern: RegExp): string[] {
  return ['libs', 'services', 'tools'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && pattern.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file)),
  );
}

function linksTo(files: ReadonlySet<string>): string {
  return [...files]
    .sort()
    .map((file) => `[${file.replace(/^(?:libs|services|tools)\/([^/]+)\/(?:.*\/)?/, '$1: ')}](../${file})`)
    .join(', ');
}

function byNumber(a: string, b: string): number {
  const [[first = 0, second = 0], [third = 0, fourth = 0]] = [a, b].map((text) =>
    text.split('.').map(Number),
  ) as [number[], number[]];
  return first - third || second - fourth;
}
