import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { environmentOf } from './environment.js';
import { type MessagingService } from './messaging-service.js';
import { type SenderOrder } from './sender-child.js';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A sender as a process of its own, on the databases of a service that runs here. */
export class SpawnedSender {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private readonly gone: Promise<unknown>;

  constructor(service: MessagingService, order: Omit<SenderOrder, 'env'>) {
    const free = '127.0.0.1:0';
    const own = { HEED_GRPC_LISTEN: free, HEED_HTTP_LISTEN: free };
    const env = { ...environmentOf(service.cluster.service('messaging')), ...own };
    const full: SenderOrder = { env, ...order };
    const hooks = file('../../../libs/testing/typescript-hooks.mjs');
    this.child = spawn(
      process.execPath,
      ['--conditions=heed-source', '--import', hooks, file('./sender-child.ts'), JSON.stringify(full)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.lines = createInterface(this.child.stdout!)[Symbol.asyncIterator]();
  }

  /** Resolves when it says this line. */
  async says(wanted: string): Promise<void> {
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done) throw new Error(`the sender ended without saying: ${wanted}`);
      if (value === wanted) return;
    }
  }

  /** Resolves when the kernel says that it is stopped. */
  async stopped(): Promise<void> {
    for (;;) {
      // The state follows the name, which stands in parentheses.
      const stat = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8');
      if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')) return;
      await turn();
    }
  }

  goOn(): void {
    this.child.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.gone;
  }
}
