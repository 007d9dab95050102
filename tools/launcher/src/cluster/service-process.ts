import { type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { isAlive, lastWords, launch, stopProcess, untilReady } from '../processes/processes.js';
import { type ServiceName } from './services.js';

export interface ServiceCommand {
  name: ServiceName;
  /** The built main file. */
  main: string;
  /** Modules loaded before it. */
  imports: string[];
  /** Before everything else on its command line. */
  nodeFlags?: readonly string[];
  settings: Record<string, string>;
  logFile: string;
  /** Told when it ends and nobody asked it to. */
  onUnexpectedEnd: (name: ServiceName, how: string) => void;
}

/**
 * Of every service; whoever starts one otherwise gives it the same (libs/service/README.md). V8 lets a young generation
 * grow to 100 MB by itself and keeps it: most of what a service held at rest. Of a campaign's processor time messaging
 * spent 24 % on collecting garbage without a limit, 18 % with 8 MB, 27 % with 4 (2,000 mails, two cores, others at work).
 * The old generation of a small heap may grow fourfold before it is collected; by half it stays under 180 MB after the
 * story of 10,000 (221, 208 and 235 MB for contacts, campaigns and messaging before), and the story takes no longer.
 */
const HEAP_FLAGS = ['--max-semi-space-size=8', '--heap-growing-percent=50'];

/** One service as a process, which can be killed and started again on the same address. */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private expectedToRun = false;
  private over = false;

  constructor(private readonly command: ServiceCommand) {}

  get name(): ServiceName {
    return this.command.name;
  }

  get logFile(): string {
    return this.command.logFile;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** It ran, and nobody stopped it. */
  get hasEnded(): boolean {
    return this.pid !== undefined && !isAlive(this.pid);
  }

  /** Resolves with the fields of its line `ready`, when it has bound its ports and answers. */
  async start(): Promise<Record<string, unknown>> {
    const { name, main, imports, nodeFlags = [], settings, logFile, onUnexpectedEnd } = this.command;
    if (this.over) throw new Error(`${name} is not started: everything is being stopped`);
    if (this.pid && isAlive(this.pid)) throw new Error(`${name} is already running (pid ${this.pid})`);
    const from = sizeOf(logFile);
    const child = launch({
      command: process.execPath,
      args: [
        ...HEAP_FLAGS,
        ...nodeFlags,
        ...imports.flatMap((module) => ['--import', module]),
        ...[main, 'serve'],
      ],
      env: settings,
      logFile,
    });
    this.child = child;
    const fields = await untilReady({ name, child, logFile, patienceMs: 60_000 }, readyLine(logFile, from));
    this.expectedToRun = true;
    child.once('exit', (code, signal) => {
      if (this.expectedToRun && this.child === child) {
        // Who was killed had no time to say why: the last line of the log is about something else.
        onUnexpectedEnd(
          name,
          signal ? `ended by ${signal}` : `ended by itself (${code}): ${lastWords(logFile)}`,
        );
      }
    });
    child.unref();
    return fields;
  }

  /** SIGKILL: no chance to drain, as when a machine dies. */
  async kill(): Promise<void> {
    this.expectedToRun = false;
    if (this.pid) await stopProcess(this.pid, [{ signal: 'SIGKILL', patienceMs: 5_000 }]);
  }

  /** For good. SIGTERM, on which it drains; SIGKILL when it takes too long. */
  async stop(patienceMs: number): Promise<void> {
    this.over = true;
    this.expectedToRun = false;
    if (!this.pid) return;
    await stopProcess(this.pid, [
      { signal: 'SIGTERM', patienceMs },
      { signal: 'SIGKILL', patienceMs: 1_000 },
    ]);
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

/** Reads what a log has grown by since it was last asked, looking for the line `ready`. */
export function readyLine(file: string, from: number): () => Record<string, unknown> | undefined {
  let at = from;
  let rest = '';
  return () => {
    const size = sizeOf(file);
    if (size === at) return undefined;
    const grown = Buffer.alloc(size - at);
    const descriptor = openSync(file, 'r');
    try {
      at += readSync(descriptor, grown, 0, grown.length, at);
    } finally {
      closeSync(descriptor);
    }
    const lines = (rest + grown.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    return lines.map(parsed).find((line) => line?.['msg'] === 'ready');
  };
}

function parsed(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
