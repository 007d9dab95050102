import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@heed/kernel';
import { resolveKafka } from '@heed/launcher/test-parts';

/** A broker of a spec's own, to be killed: never the one that all specs share. */
export class OwnBroker {
  private constructor(
    readonly brokers: string[],
    private pid: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<OwnBroker> {
    const folder = mkdtempSync(join(tmpdir(), 'heed-own-broker-'));
    const part = await resolveKafka({
      dataDir: join(folder, 'kafka'),
      logFile: join(folder, 'kafka.log'),
      say: () => undefined,
      force: 'kafka',
      // By Maven and not in a container: its process can be killed, and started again on the same port.
      before: 'maven',
    });
    if (part.pid === undefined) throw new Error('this broker has no process of ours');
    return new OwnBroker(part.brokers, part.pid, folder);
  }

  /** SIGKILL. What it returns starts the same command again on the same folder, as a supervisor would. */
  async kill(): Promise<() => void> {
    const [command = '', ...args] = readFileSync(`/proc/${this.pid}/cmdline`, 'utf8')
      .split('\0')
      .slice(0, -1);
    const cwd = readlinkSync(`/proc/${this.pid}/cwd`);
    process.kill(this.pid, 'SIGKILL');
    await untilGone(this.pid);
    return () => {
      const child = spawn(command, args, { cwd, stdio: 'ignore' });
      this.pid = child.pid as number;
      child.unref();
    };
  }

  async killAndRestart(): Promise<void> {
    const restart = await this.kill();
    restart();
  }

  async stop(): Promise<void> {
    await this.kill().catch(() => undefined);
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      // A zombie still answers to signal 0; its memory is gone.
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8') === '') return;
    } catch {
      return;
    }
    await systemClock.wait(10);
  }
}
