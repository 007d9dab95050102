import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SERVICES } from '@heed/contracts';
import { root, sourcesUnder } from './place.js';

/** The same everywhere, so that whoever knows one service knows where to look in all. Others may stand between. */
const SECTIONS = [
  'Tables',
  'RPCs',
  'Events',
  'HTTP',
  'Timers',
  'Read first',
  'One test',
  'How it fails',
  'Watch',
];

const libs = readdirSync(join(root, 'libs'));

const readme = (service: string): string =>
  readFileSync(join(root, 'services', service, 'README.md'), 'utf8');

describe.each(SERVICES)('the README of %s', (service) => {
  const page = readme(service);

  it('has its sections in the order of all', () => {
    const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading);
    expect(headings.filter((heading) => SECTIONS.includes(heading))).toEqual(SECTIONS);
  });

  it('shows a test as its spec has it', () => {
    const [, path = '', output = ''] = /^\$ npm run jest -- (\S+)\n([^]*?)^```/m.exec(page) ?? [];
    const titles = titlesIn(path);
    const shown = [...output.matchAll(/^\s+✓ (?:\d+\.\d+ )?(.*)$/gm)].map(([, title = '']) => title);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter((title) => !titles.some((pattern) => pattern.test(title)))).toEqual([]);
  });

  it('names every HTTP route', () => {
    const [, section = ''] = /^## HTTP\n([^]*?)^## /m.exec(page) ?? [];
    const routes = sourcesUnder(`services/${service}/src`)
      .filter((file) => file.endsWith('.http.ts'))
      .flatMap((file) => routesIn(readFileSync(join(root, file), 'utf8')));
    expect(routes.filter((route) => !section.includes(`\`${route}\``))).toEqual([]);
  });

  it('names metrics that are measured', () => {
    const named = [...page.matchAll(/`(heed_[a-z_]+)(?:\{[^`]*)?`/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !measured.has(name))).toEqual([]);
  });
});

describe.each(libs)('the README of %s', (lib) => {
  const page = readFileSync(join(root, 'libs', lib, 'README.md'), 'utf8');

  it('says what it promises and what not, shows an example, and names what tests it', () => {
    expect(page).toContain('**Promise.**');
    expect(page).toMatch(/\*\*(Does not|Not promised)/);
    expect(page).toContain('\n```ts\n');
    expect(page).toMatch(/\*\*Tested/);
  });
});

const measured = new Set(
  ['libs', 'services'].flatMap((folder) =>
    sourcesUnder(folder).flatMap(
      (file) => readFileSync(join(root, file), 'utf8').match(/\bheed_[a-z_]+/g) ?? [],
    ),
  ),
);

/** Texts in the specs that a path selects, the titles of its tests among them; what is filled in may be anything. Without the number of the attack. */
function titlesIn(path: string): RegExp[] {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const specs = readdirSync(join(root, folder))
    .map((name) => `${folder}/${name}`)
    .filter((name) => name.startsWith(path) && name.endsWith('.spec.ts'));
  expect(specs).not.toEqual([]);
  return (
    specs
      .flatMap(
        (file) => readFileSync(join(root, file), 'utf8').match(/(['"`])(?:(?!\1)[^\\\n]|\\.)*\1/g) ?? [],
      )
      .map((literal) =>
        literal
          .slice(1, -1)
          .replaceAll(/\\(.)/g, '$1')
          .replace(/^\d+\.\d+ /, ''),
      )
      .map((title) => title.split(/%[sidp#]|\$\{[^}]*\}/).map(escaped))
      // A text of hardly more than what is filled in would match every title.
      .filter((parts) => parts.join('').length > 15)
      .map((parts) => new RegExp(`^${parts.join('.+')}$`))
  );
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `POST /v1/lists/{list_id}/imports`, of `@Controller('v1')` and `@Post('lists/:listId/imports')`. */
function routesIn(source: string): string[] {
  const [, prefix = ''] = /@Controller\((?:'([^']*)')?\)/.exec(source) ?? [];
  return [...source.matchAll(/@(Get|Post|Put|Patch|Delete)\((?:'([^']*)')?\)/g)].map(
    ([, method = '', path = '']) => {
      const parts = [prefix, path]
        .flatMap((part) => part.split('/'))
        .filter((part) => part !== '')
        .join('/');
      const named = parts.replaceAll(/:(\w+)/g, (_, name: string) => `{${snake(name)}}`);
      return `${method.toUpperCase()} /${named}`;
    },
  );
}

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
