import { join } from 'node:path';
import { readJson } from './cluster/json-file.js';
import { isAlive } from './processes/processes.js';
import { type TestParts } from './test-parts.js';

/** Where `npm run parts` says what it keeps running (read by libs/testing). */
export const sharedPartsFile = (dataDir: string): string => join(dataDir, 'test-parts.json');

export type SharedParts = TestParts & { pid: number };

/** The pid of `npm run parts` where it runs on this folder. */
export function sharedPartsRunning(dataDir: string): number | undefined {
  const pid = readJson<SharedParts>(sharedPartsFile(dataDir))?.pid;
  return pid && isAlive(pid) ? pid : undefined;
}
