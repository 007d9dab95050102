// Runs commands and counts what came of them.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './entry.mjs';

/** `failures` says of each that failed what it was and where, for a last line that can be read without the rest. */
export const count = { passed: 0, failed: 0, skipped: 0, failures: [] };
const children = new Set();

export function stopChildren() {
  for (const child of children) child.kill('SIGTERM');
}

/** Runs a command; `quiet` keeps what it says until it fails. Answers its exit code and its words. */
function run({ command, cwd = '.' }, { quiet, env = {}, watch }) {
  const [file, ...args] = command;
  return new Promise((done) => {
    const said = [];
    const child = spawn(file.startsWith('node_modules') ? resolve(root, file) : file, args, {
      cwd: join(root, cwd),
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    children.add(child);
    const unwatch = watch?.(child);
    child.stdout?.on('data', (chunk) => said.push(chunk));
    child.stderr?.on('data', (chunk) => said.push(chunk));
    child.once('error', (error) => said.push(Buffer.from(`${error.message}\n`)));
    child.once('close', (code) => {
      children.delete(child);
      unwatch?.();
      done({ code: code ?? 1, said: Buffer.concat(said).toString('utf8') });
    });
  });
}

function report(ok, name, begun, text = '') {
  const seconds = `${((performance.now() - begun) / 1000).toFixed(1)} s`;
  console.log(`  ${ok ? '✓' : '✗'} ${name.padEnd(18)}${seconds.padStart(8)}  ${text}`.trimEnd());
}

/** One check: passed or failed as a whole. */
export async function check(step) {
  const begun = performance.now();
  const { code, said } = await run(step, { quiet: true });
  count[code === 0 ? 'passed' : 'failed'] += 1;
  if (code !== 0) count.failures.push(`${step.name}: ${lastLines(said, 3)}`);
  report(code === 0, step.name, begun);
  if (code !== 0)
    console.log(
      said
        .trimEnd()
        .split('\n')
        .slice(-60)
        .map((line) => `      ${line}`)
        .join('\n'),
    );
  return code === 0;
}

/** As many at a time as there are processors. */
export async function checkAll(steps) {
  const waiting = [...steps];
  const worker = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift())
      await (step.work ? step.work() : check(step));
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), steps.length) }, worker));
}

/** A run of Jest: each test counts, and a file that could not be run counts as one that failed. */
export async function specs(name, command, { quiet = false, env } = {}) {
  const begun = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'heed-jest-'));
  const outputFile = join(folder, 'result.json');
  const hangs = { after: 60_000, killed: false };
  try {
    const { code, said } = await run(
      { command: [...command, '--json', `--outputFile=${outputFile}`] },
      { quiet, env, watch: (child) => killWhenHanging(child, outputFile, hangs) },
    );
    const result = readResult(outputFile);
    if (!result) {
      count.failed += 1;
      count.failures.push(`${name}: Jest did not come to an end`);
      report(false, name, begun, 'Jest did not come to an end');
      console.log(said.trimEnd());
      return;
    }
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    count.passed += result.numPassedTests;
    // An exit code without a failed test: a handle left open, a crash at the end.
    count.failed += failed || (code === 0 ? 0 : 1);
    count.failures.push(...failuresOf(result));
    if (code !== 0 && failed === 0) count.failures.push(`${name}: Jest ended with ${code}, no test failed`);
    count.skipped += result.numPendingTests + result.numTodoTests;
    const open = hangs.killed ? '; it did not end by itself: a spec left something open' : '';
    report(
      code === 0,
      name,
      begun,
      `${result.numPassedTests} tests in ${result.numTotalTestSuites} files${open}`,
    );
    for (const suite of result.testResults) {
      if (quiet && suite.status === 'failed') console.log(`${relative(root, suite.name)}\n${suite.message}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A line and what it says of the fault, for each test that failed and each file that could not be run. */
function failuresOf({ testResults }) {
  return testResults.flatMap(({ name: file, status, message, assertionResults }) => {
    if (status !== 'failed') return [];
    const where = relative(root, file);
    const tests = assertionResults.filter((test) => test.status === 'failed');
    if (tests.length === 0) return [`${where}: ${firstLines(message, 12)}`];
    return tests.map(({ fullName, failureMessages }) => {
      return `${where}: ${fullName}: ${firstLines(failureMessages.join('\n'), 12)}`;
    });
  });
}

const lines = (text) => stripVTControlCharacters(text).trim().split('\n');
const firstLines = (text, many) => lines(text).slice(0, many).join('\n      ');
const lastLines = (text, many) => lines(text).slice(-many).join('\n      ');

/** Jest waits for ever for what a spec left open; its result is then already written. */
function killWhenHanging(child, outputFile, hangs) {
  let written;
  const timer = setInterval(() => {
    if (!existsSync(outputFile)) return;
    written ??= performance.now();
    if (performance.now() - written < hangs.after) return;
    hangs.killed = true;
    child.kill('SIGKILL');
  }, 500);
  return () => clearInterval(timer);
}

function readResult(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
