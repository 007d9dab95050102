// npm run proto: makes libs/contracts and docs/asyncapi.json from proto/, and the protocols of others that libs/rpc
// speaks. `--check` changes nothing and fails where what is committed differs.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  mkdirSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRules } from './read-rules.mjs';
import { writeAsyncapi } from './write-asyncapi.mjs';
import { writePackages, writeRules } from './write-typescript.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const protoDir = join(root, 'proto');
const buf = join(root, 'node_modules/.bin/buf');

/** What is generated, by the folder that holds it. */
const PARTS = {
  'libs/contracts': [
    'src/gen',
    'src/packages',
    'src/rules.generated.ts',
    'src/packages.generated.ts',
    'descriptors',
  ],
  'libs/rpc': ['src/wire', 'descriptors'],
  docs: ['asyncapi.json'],
};
const temporary = mkdtempSync(join(tmpdir(), 'heed-proto-'));
const draft = join(temporary, 'libs/contracts');
try {
  const gen = join(draft, 'src/gen');
  mkdirSync(join(draft, 'descriptors'), { recursive: true });
  run([
    'generate',
    '--template',
    readFileSync(join(protoDir, 'buf.gen.yaml'), 'utf8').replaceAll('../libs/contracts/src/gen', gen),
    '.',
  ]);
  // Health, reflection and the error details, as others define them.
  run(
    ['generate', '--template', 'buf.gen.yaml', '--output', join(temporary, 'libs/rpc/proto'), '.'],
    join(root, 'libs/rpc/proto'),
  );
  mkdirSync(join(temporary, 'libs/rpc/descriptors'));
  run(
    [
      'build',
      '.',
      '--as-file-descriptor-set',
      '--exclude-source-info',
      '-o',
      join(temporary, 'libs/rpc/descriptors/wire.binpb'),
    ],
    join(root, 'libs/rpc/proto'),
  );
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

  // With comments: they are what a reader of the document is told.
  const described = join(temporary, 'described.binpb');
  run(['build', '.', '--as-file-descriptor-set', '-o', described]);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  mkdirSync(join(temporary, 'docs'));
  writeFileSync(join(temporary, 'docs/asyncapi.json'), writeAsyncapi(readFileSync(described), version));
  rmSync(described);

  if (process.argv.includes('--check')) check();
  else install();
} finally {
  rmSync(temporary, { recursive: true });
}

function run(args, cwd = protoDir) {
  execFileSync(buf, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
}

function install() {
  for (const [library, parts] of Object.entries(PARTS)) {
    for (const part of parts) {
      rmSync(join(root, library, part), { recursive: true, force: true });
      cpSync(join(temporary, library, part), join(root, library, part), { recursive: true });
    }
  }
}

function check() {
  const generated = Object.entries(PARTS).flatMap(([library, parts]) =>
    parts.map((part) => join(library, part)),
  );
  const differing = filesUnder(temporary)
    .map((file) => relative(temporary, file))
    .filter((file) => !read(join(root, file))?.equals(readFileSync(join(temporary, file))));
  const stale = generated
    .flatMap((part) => filesUnder(join(root, part)))
    .map((file) => relative(root, file))
    .filter((file) => read(join(temporary, file)) === undefined);
  if (differing.length + stale.length === 0) return;
  for (const file of differing) console.error(`differs: ${file}`);
  for (const file of stale) console.error(`no longer generated: ${file}`);
  console.error('Generated code is not what the protos give. Run: npm run proto');
  process.exitCode = 1;
}

function filesUnder(folder) {
  if (statSync(folder, { throwIfNoEntry: false })?.isFile()) return [folder];
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
