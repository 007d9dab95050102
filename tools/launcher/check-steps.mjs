// What `npm test` runs beside the specs: a name, a command, and what it needs. Node 24, repository root.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const bin = (name) => join('node_modules', '.bin', name);
const node = process.execPath;

const fromSource = [
  '--conditions=heed-source',
  '--import',
  `./${join('libs', 'testing', 'typescript-hooks.mjs')}`,
];

const prettier = [node, join('node_modules', 'prettier', 'bin', 'prettier.cjs'), '--check'];
const eslint = [node, join('node_modules', 'eslint', 'bin', 'eslint.js')];

const always = [
  {
    name: 'types',
    command: [node, join('node_modules', 'typescript7', 'bin', 'tsc'), '-p', 'tsconfig.check.json'],
  },
  { name: 'proto lint', command: [bin('buf'), 'lint'], cwd: 'proto' },
  {
    name: 'proto breaking',
    command: [bin('buf'), 'breaking', '--against', join('baseline', 'heed.binpb')],
    cwd: 'proto',
  },
  {
    name: 'generated pages',
    command: [node, ...fromSource, join('tools', 'docs', 'src', 'main.ts'), '--check'],
  },
  { name: 'generated code', command: [node, join('tools', 'protogen', 'generate.mjs'), '--check'] },
];

export const staticChecks = [
  { name: 'lint', command: [...eslint, '.'] },
  { name: 'format', command: [...prettier, '.'] },
  ...always,
];

/**
 * The quick run formats and lints only what differs from the last commit or from upstream: all of it is a minute of
 * two processors, most of it for rules that need types.
 */
export function quickChecks() {
  const changed = changedFiles();
  const code = changed?.filter((file) => /\.(ts|mjs)$/.test(file));
  return [
    ...(changed?.length !== 0
      ? [{ name: 'format, changed', command: [...prettier, '--ignore-unknown', ...(changed ?? ['.'])] }]
      : []),
    ...(code?.length !== 0
      ? [{ name: 'lint, changed', command: [...eslint, '--no-warn-ignored', ...(code ?? ['.'])] }]
      : []),
    ...always,
  ];
}

/** Files that differ and still exist; nothing known without git. */
function changedFiles() {
  const git = (...args) => {
    const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' });
    return status === 0 ? stdout.split('\n').filter(Boolean) : undefined;
  };
  const [base = 'HEAD'] = git('merge-base', 'HEAD', '@{upstream}') ?? [];
  const differing = git('diff', '--name-only', '--diff-filter=d', base);
  const untracked = git('ls-files', '--others', '--exclude-standard');
  return differing && untracked && [...differing, ...untracked];
}

export const build = {
  name: 'build',
  command: [node, join('node_modules', 'typescript7', 'bin', 'tsc'), '-b', 'tsconfig.build.json'],
};

/** On databases that all migrations have made. */
export const schemas = {
  name: 'schemas, data map',
  command: [node, join('tools', 'launcher', 'dist', 'schema-main.js'), '--check'],
};

const jest = [
  node,
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  join('node_modules', 'jest', 'bin', 'jest.js'),
  // Jest's own choice leaves one processor idle.
  `--maxWorkers=${availableParallelism()}`,
];

/** Without infrastructure: pure specs only. */
export const quickSpecs = (paths) => [
  ...jest,
  ...paths,
  '--testPathIgnorePatterns',
  '\\.db\\.spec\\.ts$',
  '/(libs|services|tools)/[^/]+/test/',
  '/dist/',
];

export const allSpecs = (paths) => [...jest, ...paths];
