import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startTestParts, type Part, type TestPartName, type TestParts } from '@heed/launcher/test-parts';

export type { TestPartName, TestParts };

const library = join(dirname(fileURLToPath(import.meta.url)), '..');
const root = join(library, '..', '..');

/**
 * The real parts that a spec works on, in this order: those that `npm test` has started (HEED_TEST_PARTS),
 * those that `npm run parts` keeps running, else started now, once per jest run, and ended with it. What
 * cannot be had on this machine (Kafka without Java) is absent from the answer.
 */
export async function testParts(...want: TestPartName[]): Promise<TestParts> {
  const needed = want.length ? want : (['postgres'] satisfies TestPartName[]);
  const given = process.env.HEED_TEST_PARTS;
  if (given) return JSON.parse(given) as TestParts;
  const shared = sharedParts();
  const own = await Promise.all(needed.filter((name) => !shared[name]).map(startOnce));
  return Object.assign({}, shared, ...own) as TestParts;
}

/** The URL of a superuser of the tests' PostgreSQL. */
export async function testPostgres(): Promise<string> {
  const { postgres } = await testParts('postgres');
  if (!postgres) throw new Error('HEED_TEST_PARTS names no PostgreSQL');
  return postgres.url;
}

function sharedParts(): TestParts {
  try {
    const file = readFileSync(join(root, '.heed', 'test-parts.json'), 'utf8');
    const { pid, ...parts } = JSON.parse(file) as TestParts & { pid: number };
    process.kill(pid, 0);
    return parts;
  } catch {
    return {};
  }
}

/** The first worker of a run starts the part, the others wait for what it writes down. */
async function startOnce(name: TestPartName): Promise<TestParts> {
  const run = process.env.HEED_TEST_RUN ?? String(process.pid);
  const folder = join(root, '.heed', `test-run-${run}-${name}`);
  const answer = join(folder, 'answer.json');
  mkdirSync(dirname(folder), { recursive: true, mode: 0o711 });
  try {
    mkdirSync(folder, { mode: 0o711 });
  } catch {
    return awaitAnswer(answer);
  }
  let told: TestParts | { failed: string };
  try {
    const { parts, started } = await startTestParts({ folder, want: [name] });
    keep(run, name, started[name], folder);
    told = parts;
  } catch (error) {
    told = { failed: (error as Error).message };
  }
  writeFileSync(`${answer}.half`, JSON.stringify(told), { mode: 0o600 });
  renameSync(`${answer}.half`, answer);
  return awaitAnswer(answer);
}

async function awaitAnswer(file: string): Promise<TestParts> {
  while (!existsSync(file)) await pause(50);
  const told = JSON.parse(readFileSync(file, 'utf8')) as TestParts & { failed?: string };
  if (told.failed) throw new Error(told.failed);
  return told;
}

/** A process that outlives this run, however it ends, stops the part and removes what it wrote. */
function keep(run: string, name: TestPartName, part: Part | undefined, folder: string): void {
  if (!part?.pid) return;
  const signal = name === 'postgres' ? 'SIGINT' : 'SIGTERM';
  const script = join(library, 'stop-when-gone.mjs');
  // The databases lie elsewhere where their user cannot reach this folder.
  const folders = part.dataDir ? [dirname(part.dataDir), folder] : [folder];
  const keeper = spawn(process.execPath, [script, run, String(part.pid), signal, ...folders], {
    detached: true,
    stdio: 'ignore',
  });
  keeper.unref();
}
