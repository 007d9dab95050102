// What start.mjs and test.mjs have in common, on the built-ins of Node 20: dependencies installed, and the rest of
// the work done under the Node 24 that they bring along.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const wantedNode = 24;

/** Runs `npm ci` when node_modules is not what package-lock.json says. */
export function install(say = console.log) {
  const missing = notInstalled();
  if (!missing) return;
  const begun = performance.now();
  say(`Installing dependencies (${missing})`);
  const npm = process.env.npm_execpath?.endsWith('.js')
    ? [process.execPath, [process.env.npm_execpath]]
    : ['npm', []];
  const { status, error } = spawnSync(
    npm[0],
    [...npm[1], 'ci', '--no-fund', '--no-audit', '--loglevel=error'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  if (error?.code === 'ENOENT') fail('npm is not on the PATH');
  if (status !== 0) fail('npm ci failed: see above');
  say(`  ✓ installed    ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}

/** Compared by content: the times of files say nothing after a checkout. */
function notInstalled() {
  const lock = packages(join(root, 'package-lock.json'));
  const installed = packages(join(root, 'node_modules', '.package-lock.json'));
  if (!installed) return 'node_modules is missing';
  for (const [path, entry] of Object.entries(lock)) {
    if (!path.includes('node_modules/')) continue;
    const found = installed[path];
    if (entry.link ? !existsSync(join(root, path)) : found?.version !== entry.version) {
      // Packages for other platforms are in the lock and never installed here.
      if (entry.optional && !found) continue;
      return `${path.slice(path.lastIndexOf('node_modules/') + 13)} is missing or has another version`;
    }
  }
  return undefined;
}

function packages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

/**
 * Under an older Node the same script is run again by the Node 24 from node_modules. Resolves with false when this
 * process is already right, else never: the other one's exit code becomes ours.
 */
export async function underNode24(script, argv) {
  if (Number(process.versions.node.split('.')[0]) >= wantedNode) return false;
  const node = join(root, 'node_modules', '.bin', 'node');
  if (!existsSync(node)) {
    fail(
      `Heed runs on Node ${wantedNode}, this is ${process.version}. It comes along with npm ci for Linux; ` +
        `on ${process.platform}-${process.arch} please install it.`,
    );
  }
  const child = spawn(node, [script, ...argv], { stdio: 'inherit' });
  // Ctrl-C reaches both; the child stops everything in order, and we wait for it.
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
  const [code, signal] = await new Promise((resolve) => child.once('exit', (...how) => resolve(how)));
  process.exit(code ?? (signal === 'SIGINT' ? 130 : 143));
}

/** Compiles what has changed; answers whether all is well. */
export function build() {
  return compile('tsconfig.build.json', 'inherit');
}

/**
 * The launcher alone, for what works even where code elsewhere is half written and does not compile: it needs only
 * its own files, which are emitted anyway.
 */
export function buildLauncher() {
  compile(join('tools', 'launcher'), 'ignore');
}

function compile(project, stdio) {
  const tsc = join('node_modules', 'typescript7', 'bin', 'tsc');
  return spawnSync(process.execPath, [tsc, '-b', project], { cwd: root, stdio }).status === 0;
}

export function fail(message) {
  console.error(message);
  process.exit(1);
}
