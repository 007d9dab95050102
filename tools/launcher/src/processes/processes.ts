import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface Launch {
  command: string;
  args: string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  logFile: string;
  uid?: number;
  gid?: number;
}

/**
 * Starts a process that outlives nothing of ours by accident: it has a session of its own, so that Ctrl-C
 * reaches the launcher alone, which then stops everything in order.
 */
export function launch(what: Launch): ChildProcess {
  mkdirSync(dirname(what.logFile), { recursive: true });
  const log = openSync(what.logFile, 'a', 0o600);
  try {
    const child = spawn(what.command, what.args, {
      cwd: what.cwd,
      env: what.env ?? process.env,
      uid: what.uid,
      gid: what.gid,
      stdio: ['ignore', log, log],
      detached: true,
    });
    // A command that can't be run is told by `exited`; without a listener it would end the launcher.
    child.on('error', () => undefined);
    return child;
  } finally {
    closeSync(log);
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** A dead child of a parent that does not reap (a container's first process) still answers signal 0. */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}

/** The command line of a process, or '' when it is gone: pids are reused, so a pid alone proves nothing. */
export async function commandOf(pid: number): Promise<string> {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return isAlive(pid) ? await output('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => '') : '';
  }
}

/** Sends the signals one after the other, each with its patience, until the process is gone. */
export async function stopProcess(
  pid: number,
  steps: { signal: NodeJS.Signals; patienceMs: number }[],
): Promise<void> {
  for (const { signal, patienceMs } of steps) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const until = performance.now() + patienceMs;
    while (performance.now() < until) {
      if (!isAlive(pid)) return;
      await pause(20);
    }
  }
  if (isAlive(pid)) throw new Error(`process ${pid} does not end, not even by ${steps.at(-1)?.signal}`);
}

/**
 * Polls until `probe` answers something; fails when the process dies, patience ends, or `signal` says that nobody
 * waits any more. A process that is not ready by then is killed: nothing half started is left behind.
 */
export async function untilReady<T>(
  what: { name: string; child: ChildProcess; logFile: string; patienceMs: number; signal?: AbortSignal },
  probe: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const { name, child, logFile, patienceMs, signal } = what;
  const until = performance.now() + patienceMs;
  try {
    for (;;) {
      const answer = await probe();
      if (answer !== undefined) return answer;
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
        const how = child.signalCode ?? child.exitCode ?? 'could not be run';
        throw new Error(`${name} ended while starting (${how}): ${lastWords(logFile)}`);
      }
      if (signal?.aborted) throw new Error(`${name} was stopped while it was starting`);
      if (performance.now() > until) {
        throw new Error(`${name} is not ready after ${patienceMs / 1000} s: ${lastWords(logFile)}`);
      }
      await pause(15);
    }
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** What a process last complained of, else its last words, and where to read on. */
export function lastWords(file: string): string {
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const complaint = lines.findLast((line) => /\b(\w*Error|\w*Exception|ERROR|FATAL|PANIC)\b/.test(line));
    return `${(complaint ?? lines.at(-1) ?? '').trim()} (${file})`;
  } catch {
    return `it left no log (${file})`;
  }
}

/** Runs a command to its end and answers what it printed (`both`: on stderr too); its last words become the error. */
export function output(
  command: string,
  args: string[],
  options: {
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    uid?: number;
    gid?: number;
    timeoutMs?: number;
    both?: boolean;
    signal?: AbortSignal;
  } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const { timeoutMs, both, ...rest } = options;
    execFile(
      command,
      args,
      { ...rest, timeout: timeoutMs ?? 0, maxBuffer: 16 << 20 },
      (error, stdout, stderr) => {
        if (!error) return resolve(both ? stdout + stderr : stdout);
        const said = (stderr.trim() || stdout.trim() || error.message).split('\n').slice(-4).join(' | ');
        reject(new Error(`${command}: ${said}`, { cause: error }));
      },
    );
  });
}
