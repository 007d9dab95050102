import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** A file is short enough to read in one sitting. A spec and what it stands on tell a story and may be longer. */
const LONGEST = 300;
const LONGEST_OF_SPECS = 500;
const OF_SPECS = /\.spec\.ts$|\/test\/|^libs\/testing\//;

/** What a file's name may say about it; the rest of the name says what it does. */
const SUFFIXES = [
  '',
  'grpc',
  'http',
  'consumer',
  'entity',
  'store',
  'module',
  'generated',
  'spec',
  'db.spec',
];

/** Names that say nothing: what lies there belongs to whatever it is about. */
const NAMELESS = /^(utils?|common|shared|core|helpers?|misc|base|lib|types)$/;

interface SourceFile {
  path: string;
  text: string;
}

const files = ['libs', 'services', 'tools', 'bench'].flatMap(sourcesUnder);
const written = files.filter(({ path }) => !/\/(gen|wire|packages)\/|\.generated\./.test(path));

function sourcesUnder(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !/\/(node_modules|dist)\//.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

describe('the tree', () => {
  it('has no file that is too long', () => {
    const tooLong = written
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ path, lines }) => lines > (OF_SPECS.test(path) ? LONGEST_OF_SPECS : LONGEST));
    expect(tooLong).toEqual([]);
  });

  it('numbers the migrations of a database without a doublet', () => {
    const folders = ['libs', 'services'].flatMap((parent) =>
      readdirSync(join(root, parent)).map((name) => join(parent, name, 'migrations')),
    );
    const numbers = folders
      .filter((folder) => existsSync(join(root, folder)))
      .flatMap((folder) =>
        readdirSync(join(root, folder)).map((file) => `${folder}/${file.slice(0, file.indexOf('_'))}`),
      );
    expect(numbers.length).toBeGreaterThan(30);
    expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([]);
  });

  it('names files for what they do, with one of the known suffixes', () => {
    const strange = written
      .map(({ path }) => path)
      .filter((path) => {
        const [name = '', ...suffix] = basename(path, '.ts').split('.');
        return !SUFFIXES.includes(suffix.join('.')) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name);
      });
    expect(strange).toEqual([]);
  });

  it('has no utils', () => {
    const nameless = written
      .map(({ path }) => path)
      .filter((path) => path.split('/').some((part) => NAMELESS.test(part.replace(/\..*$/, ''))));
    expect(nameless).toEqual([]);
  });

  it('gathers exports at the top of a package only: inside, one imports the file itself', () => {
    const barrels = written
      .map(({ path }) => path)
      .filter((path) => basename(path) === 'index.ts' && !/^\w+\/[^/]+\/src\/index\.ts$/.test(path));
    expect(barrels).toEqual([]);
  });

  it('imports in no circle', () => {
    expect(circlesAmong(files)).toEqual([]);
  });
});

describe('the search for circles', () => {
  const file = (path: string, text: string): SourceFile => ({ path: `libs/a/src/${path}.ts`, text });

  it('finds one, by way of exports too', () => {
    const [circle] = circlesAmong([
      file('one', "import { two } from './two.js';"),
      file('two', "export * from './three.js';"),
      file('three', "import './one.js';"),
    ]);
    expect(circle).toEqual(['libs/a/src/one.ts', 'libs/a/src/two.ts', 'libs/a/src/three.ts']);
  });

  it('leaves out types, which are gone when it runs', () => {
    const found = circlesAmong([
      file('one', "import { type Two, type Other } from './two.js';\nimport type { Three } from './two.js';"),
      file('two', "import { one } from './one.js';"),
    ]);
    expect(found).toEqual([]);
  });
});

/** Each circle once, from where it was come upon. */
function circlesAmong(sources: readonly SourceFile[]): string[][] {
  const paths = new Set(sources.map(({ path }) => path));
  const imports = new Map(
    sources.map(({ path, text }) => [path, neededBy(path, text).filter((to) => paths.has(to))]),
  );
  const circles: string[][] = [];
  const done = new Set<string>();
  const walk = (path: string, way: string[]): void => {
    const at = way.indexOf(path);
    if (at >= 0) circles.push(way.slice(at));
    if (at >= 0 || done.has(path)) return;
    for (const next of imports.get(path) ?? []) walk(next, [...way, path]);
    done.add(path);
  };
  for (const path of imports.keys()) walk(path, []);
  return circles;
}

/** What a file needs when it runs. */
function neededBy(path: string, text: string): string[] {
  return [...text.matchAll(/^(?:import|export)\s+(?!type\b)(?:([^'";]*?)\s*from\s*)?'([^']+)';/gm)]
    .filter(([, names = '']) => !isOfTypes(names))
    .map(([, , from = '']) => {
      if (from.startsWith('.')) return join(dirname(path), from.replace(/\.js$/, '.ts'));
      return from.replace(/^@heed\/([\w-]+)$/, 'libs/$1/src/index.ts');
    });
}

function isOfTypes(names: string): boolean {
  const listed = /^\{([^}]*)\}$/.exec(names.trim())?.[1];
  if (listed === undefined) return false;
  const each = listed
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return each.length > 0 && each.every((name) => name.startsWith('type '));
}
