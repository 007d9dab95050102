import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { pages } from '../src/links.js';
import { root } from '../src/place.js';

// Within the repository, where packages are found; one program for all of them, since each reads the same sources.
const folder = join(root, '.heed', `examples-${process.pid}`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('examples in pages', () => {
  it('compile', () => {
    const examples = pages().flatMap(examplesIn);
    expect(examples.length).toBeGreaterThan(10);
    mkdirSync(folder, { recursive: true });
    for (const { name, text } of examples) writeFileSync(join(folder, name), text);
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../tsconfig.check.json',
        compilerOptions: { rootDir: '../..', noUnusedLocals: false },
        include: ['*.ts'],
      }),
    );
    const { stdout } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/typescript7/bin/tsc'), '-p', folder, '--pretty', 'false'],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(stdout).toBe('');
  });
});

interface Example {
  name: string;
  text: string;
}

/** The fences marked `ts`, each in a file of its own, at the lines that it has on its page. */
function examplesIn(page: string): Example[] {
  const lines = readFileSync(join(root, page), 'utf8').split('\n');
  const found: Example[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    if (lines[at] !== '```ts') continue;
    const end = lines.indexOf('```', at);
    const code = lines.slice(at + 1, end).join('\n');
    const name = `${page.replaceAll('/', '--')}.${found.length + 1}.ts`;
    // A module, whether it imports or not: what one example declares is no other's.
    found.push({ name, text: `${'\n'.repeat(at + 1)}${code}\nexport {};\n` });
    at = end;
  }
  return found;
}
