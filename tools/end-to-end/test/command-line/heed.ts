import { jest } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@heed/cli';
import { SERVICES } from '@heed/contracts';
import { type SixServices } from '../world/six-services.js';

export interface Ran {
  code: number;
  out: string;
  err: string;
  /** With --json: the documents. */
  documents: Record<string, unknown>[];
}

/** The command line against the services of a spec, which it finds by a run.json as everywhere. */
export class CommandLine {
  readonly folder = mkdtempSync(join(tmpdir(), 'heed-cli-'));
  private readonly runFile = join(this.folder, 'run.json');

  constructor(world: SixServices) {
    process.env['HEED_CONFIG'] = join(this.folder, 'config');
    const { grpc, http } = world.endpoints;
    const services = SERVICES.map((name) => {
      const { cluster } = world;
      const [owner, probe] = [cluster.database(name).urlOf('owner'), cluster.database(name).urlOf('probe')];
      const keys = cluster.keysDatabase(name).urlOf('owner');
      return [name, { grpc: grpc[name], http: http[name], database: { owner, probe, keys } }];
    });
    const found = { dataDir: this.folder, bus: { brokers: [] }, services: Object.fromEntries(services) };
    writeFileSync(this.runFile, JSON.stringify(found), { mode: 0o600 });
  }

  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** Runs one command line and takes down what it prints. */
  async run(...args: string[]): Promise<Ran> {
    const said = { out: '', err: '' };
    const hear = (stream: NodeJS.WriteStream, into: keyof typeof said) =>
      jest.spyOn(stream, 'write').mockImplementation((text) => {
        said[into] += String(text);
        return true;
      });
    const spies = [hear(process.stdout, 'out'), hear(process.stderr, 'err')];
    try {
      const code = await run(['node', 'heed', '--run', this.runFile, ...args]);
      const lines = said.out.split('\n').filter((line) => line.startsWith('{'));
      return { code, ...said, documents: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
    } finally {
      for (const spy of spies) spy.mockRestore();
      // The end of a command is not the end of the specs.
      process.exitCode = undefined;
    }
  }

  close(): void {
    delete process.env['HEED_CONFIG'];
    delete process.env['HEED_PASSWORD'];
    rmSync(this.folder, { recursive: true, force: true });
  }
}
