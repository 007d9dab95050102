import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Run {
  program: string;
  args: readonly string[];
  /** What it reads; of people, so it goes by a pipe and stands in no list of processes. */
  input: Uint8Array;
  timeoutMs: number;
  /** More than this is not its answer. */
  mostBytes: number;
}

/** Runs a program without a shell, and answers what it wrote. Whatever else it does is an error without its words. */
export function runProgram({ program, args, input, timeoutMs, mostBytes }: Run): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      // It needs nothing of ours: no secret of this process is in its environment.
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' },
    });
    const pieces: Buffer[] = [];
    let bytes = 0;
    let failure: string | undefined;
    const stop = (why: string): void => {
      failure ??= why;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => stop('took too long'), timeoutMs);
    child.stdout.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > mostBytes) stop('answered too much');
      else pieces.push(piece);
    });
    // It may end before it has read all of it; how it ended says whether that was right.
    child.stdin.on('error', () => undefined);
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
    child.stdin.end(input);
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
