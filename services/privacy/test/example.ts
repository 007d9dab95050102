import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SCRIPT = fileURLToPath(new URL('../../../examples/join/loyalty.mjs', import.meta.url));

/** The service of examples/join, as a process of its own with a SQLite file. */
export class Example {
  private readonly folder = mkdtempSync(join(tmpdir(), 'heed-loyalty-'));
  private child: ChildProcess | undefined;
  private keyFile = 'loyalty.pem';
  output = '';

  constructor(private readonly settings: Record<string, string> = {}) {}

  get publicKey(): Buffer {
    return Buffer.from(this.run('key'), 'base64');
  }

  /** Somebody with points; an empty id stands for one who is known by address only. */
  member(tenantId: string, contactId: string, email: string): void {
    this.run('join', tenantId, contactId, email);
  }

  /** A point for them; how many rows that were. */
  earn(tenantId: string, contactId: string): number {
    return Number(this.run('earn', tenantId, contactId, '1'));
  }

  /** Rows about them, as the file has them. */
  count(tenantId: string, contactId: string, email: string): number {
    return Number(this.run('count', tenantId, contactId, email));
  }

  /** From here on it signs with another key: privacy is asked for that, and serves meanwhile. */
  async rotate(privacy: string): Promise<void> {
    await this.ask(privacy, 'rotate');
    this.keyFile = 'next.pem';
  }

  /** It says what remains: its members are in that store now. */
  retire(privacy: string, to: string): Promise<string> {
    return this.ask(privacy, 'retire', to);
  }

  start(privacy: string, ordersKey: Uint8Array): void {
    const env = {
      ...this.env,
      HEED_PRIVACY: privacy.replace('dns:///', ''),
      HEED_ORDERS_KEY: Buffer.from(ordersKey).toString('base64'),
    };
    const child = spawn(process.execPath, [SCRIPT], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child = child;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async close(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get env(): NodeJS.ProcessEnv {
    return {
      ...{ PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...this.settings },
      ...{ LOYALTY_DB: join(this.folder, 'loyalty.db'), LOYALTY_KEY: join(this.folder, this.keyFile) },
      LOYALTY_NEXT_KEY: join(this.folder, 'next.pem'),
    };
  }

  private async ask(privacy: string, ...args: string[]): Promise<string> {
    const env = { ...this.env, HEED_PRIVACY: privacy.replace('dns:///', '') };
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, ...args], { env });
    return stdout.trim();
  }

  private run(...args: string[]): string {
    return execFileSync(process.execPath, [SCRIPT, ...args], {
      ...{ env: this.env, encoding: 'utf8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }
}
