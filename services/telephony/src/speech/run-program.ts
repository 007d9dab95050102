import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { accessSync, closeSync, constants, openSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Run {
  program: string;
  args: readonly string[];
  /** What it reads; of people, so it goes by a pipe and stands in no list of processes. */
  input: Uint8Array;
  /** It opens its input by a name (/dev/stdin), which a pipe of Node's has not: it gets a file that has none any more. */
  isFile?: boolean;
  timeoutMs: number;
  /** More than this is not its answer. */
  mostBytes: number;
}

/** Runs a program without a shell, and answers what it wrote. Whatever else it does is an error without its words. */
export async function runProgram(run: Run): Promise<Buffer> {
  if (!run.isFile) return answerOf(started(run, 'pipe'), run);
  const file = inMemory(run.input);
  try {
    return await answerOf(started(run, file), run);
  } finally {
    closeSync(file);
  }
}

function started({ program, args }: Run, input: 'pipe' | number): ChildProcess {
  return spawn(program, args, {
    stdio: [input, 'pipe', 'ignore'],
    // It needs nothing of ours: no secret of this process is in its environment.
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' },
  });
}

/** A file in memory (tmpfs), without a name from before its first byte: it ends with whoever has it open. */
function inMemory(content: Uint8Array): number {
  const path = `/dev/shm/heed-${randomUUID()}`;
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  for (let at = 0; at < content.length;) at += writeSync(file, content, at, content.length - at, at);
  return file;
}

function answerOf(child: ChildProcess, { program, input, timeoutMs, mostBytes }: Run): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    let failure: string | undefined;
    const stop = (why: string): void => {
      failure ??= why;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => stop('took too long'), timeoutMs);
    child.stdout!.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > mostBytes) stop('answered too much');
      else pieces.push(piece);
    });
    // It may end before it has read all of it; how it ended says whether that was right.
    child.stdin?.on('error', () => undefined);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`${program} could not be run`, { cause: error }));
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      if (failure !== undefined || code !== 0)
        reject(new Error(`${program} ${failure ?? `ended with ${code}`}`));
      else resolve(Buffer.concat(pieces));
    });
    child.stdin?.end(input);
  });
}

/** Whether there is such a program. */
export function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      const path = join(folder, program);
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  });
}
