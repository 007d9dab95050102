import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What was fetched once per user and is the same for every clone: Kafka's jars, the NATS binary. */
export function cacheFolder(name: string, env: NodeJS.ProcessEnv = process.env): string {
  const path = join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'heed', name);
  mkdirSync(path, { recursive: true });
  return path;
}
