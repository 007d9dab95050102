import { join } from 'node:path';
import { readJson, writeJson } from './json-file.js';

/**
 * How the parts of a data folder were got when it was new. Databases hold positions in the topics of one bus: on
 * another one they would mean nothing, and every service would go into quarantine. So the next run takes the same
 * ones, even if a better one could be had by then.
 */
export interface MadeWith {
  bus: string;
  postgres: string;
}

const fileOf = (dataDir: string) => join(dataDir, 'made-with.json');

export function madeWith(dataDir: string): MadeWith | undefined {
  return readJson<MadeWith>(fileOf(dataDir));
}

export function rememberMadeWith(dataDir: string, parts: { bus: string; postgres: string }): void {
  const before = madeWith(dataDir);
  for (const name of ['bus', 'postgres'] as const) {
    if (before && before[name] !== parts[name]) {
      throw new Error(
        `the data in ${dataDir} was made with ${name} '${before[name]}', and this run would use '${parts[name]}': ` +
          `go back to that, or start anew with --data OTHER or npm run clean`,
      );
    }
  }
  if (!before) writeJson(fileOf(dataDir), parts);
}
