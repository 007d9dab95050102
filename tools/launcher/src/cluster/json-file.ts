import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What a JSON file holds, or nothing where there is none. A file that is not JSON is an error, not a fresh start. */
export function readJson<T>(file: string): T | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return JSON.parse(text) as T;
}

/** Whole or not at all, and for nobody else's eyes. */
export function writeJson(file: string, value: unknown): void {
  const half = `${file}.half`;
  writeFileSync(half, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(half, file);
}
