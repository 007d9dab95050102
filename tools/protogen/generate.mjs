// npm run proto: makes libs/contracts from proto/. `--check` changes nothing and fails where the committed code differs.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRules } from './read-rules.mjs';
import { writePackages, writeRules } from './write-typescript.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const protoDir = join(root, 'proto');
const contracts = join(root, 'libs/contracts');
const buf = join(root, 'node_modules/.bin/buf');

const PARTS = [
  'src/gen',
  'src/packages',
  'src/rules.generated.ts',
  'src/packages.generated.ts',
  'descriptors',
];
const draft = mkdtempSync(join(tmpdir(), 'heed-proto-'));
try {
  const gen = join(draft, 'src/gen');
  mkdirSync(join(draft, 'descriptors'), { recursive: true });
  run([
    'generate',
    '--template',
    readFileSync(join(protoDir, 'buf.gen.yaml'), 'utf8').replaceAll('../libs/contracts/src/gen', gen),
    '.',
  ]);
  // The options are read here, at build time; no program needs their code, nor that of descriptor.proto.
  for (const folder of ['google', 'heed/options'])
    rmSync(join(gen, folder), { recursive: true, force: true });

  // Without comments and positions: what a client generator or a reflecting server needs.
  const descriptors = join(draft, 'descriptors/heed.binpb');
  run(['build', '.', '--as-file-descriptor-set', '--exclude-source-info', '-o', descriptors]);
  const contract = readRules(readFileSync(descriptors));
  writeFileSync(join(draft, 'src/rules.generated.ts'), writeRules(contract));
  mkdirSync(join(draft, 'src/packages'));
  for (const [file, text] of Object.entries(writePackages(gen)))
    writeFileSync(join(draft, 'src', file), text);

  if (process.argv.includes('--check')) check();
  else install();
} finally {
  rmSync(draft, { recursive: true });
}

function run(args) {
  execFileSync(buf, args, { cwd: protoDir, stdio: ['ignore', 'inherit', 'inherit'] });
}

function install() {
  for (const part of PARTS) {
    rmSync(join(contracts, part), { recursive: true, force: true });
    cpSync(join(draft, part), join(contracts, part), { recursive: true });
  }
}

function check() {
  const differing = filesUnder(draft).filter((file) => {
    const committed = read(join(contracts, relative(draft, file)));
    return committed === undefined || !committed.equals(readFileSync(file));
  });
  const stale = filesUnder(join(contracts, 'src/gen')).filter(
    (file) => read(join(draft, relative(contracts, file))) === undefined,
  );
  if (differing.length + stale.length === 0) return;
  for (const file of differing) console.error(`differs: libs/contracts/${relative(draft, file)}`);
  for (const file of stale) console.error(`no longer generated: ${relative(root, file)}`);
  console.error('Generated code is not what proto/ gives. Run: npm run proto');
  process.exitCode = 1;
}

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
