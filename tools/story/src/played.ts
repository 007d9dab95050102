import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Report } from './report.js';

interface Played {
  at: string;
  slug: string;
  report: Report;
}

const fileIn = (dataDir: string): string => join(dataDir, 'story', 'played.json');

/** The story that was played to its end on this data, if one was: it is told again, not played again. */
export function resumed(dataDir: string): Played | undefined {
  if (!existsSync(fileIn(dataDir))) return undefined;
  return JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as Played;
}

export function rememberPlayed(dataDir: string, { slug, report }: { slug: string; report: Report }): void {
  if (!report.ok) return;
  const played: Played = { at: new Date().toISOString(), slug, report };
  writeFileSync(fileIn(dataDir), `${JSON.stringify(played, null, 2)}\n`, { mode: 0o600 });
}
