// What `npm test` runs beside the specs: a name, a command, and what it needs. Node 24, repository root.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const bin = (name) => join('node_modules', '.bin', name);
const node = process.execPath;

export const staticChecks = [
  {
    name: 'format',
    command: [node, join('node_modules', 'prettier', 'bin', 'prettier.cjs'), '--check', '.'],
  },
  { name: 'lint', command: [node, join('node_modules', 'eslint', 'bin', 'eslint.js'), '.'] },
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
  { name: 'generated code', command: [node, join('tools', 'protogen', 'generate.mjs'), '--check'] },
];

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
export const quickSpecs = [
  ...jest,
  '--testPathIgnorePatterns',
  '\\.db\\.spec\\.ts$',
  '/(libs|services|tools)/[^/]+/test/',
  '/dist/',
];

export const allSpecs = jest;
