import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { DomainError } from '@heed/kernel';

/** Who is signed in, as `heed login` keeps it: in $HEED_CONFIG or ~/.config/heed, mode 0600. */
export interface SavedSession {
  /** Absent of the operator. */
  tenant?: string;
  accessToken: string;
  refreshToken: string;
  /** RFC 3339 time at which the access token ends. */
  expiresAt: string;
}

const path = (): string =>
  join(process.env['HEED_CONFIG'] ?? join(homedir(), '.config', 'heed'), 'session.json');

export function saveSession(session: SavedSession): string {
  const file = path();
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(session, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
  return file;
}

export function readSession(): SavedSession {
  try {
    return JSON.parse(readFileSync(path(), 'utf8')) as SavedSession;
  } catch {
    throw new DomainError('NOT_SIGNED_IN', 'unauthenticated', {
      message:
        'Nobody is signed in. Run: heed login --tenant SLUG --email ADDRESS (the operator: without --tenant), or set HEED_TOKEN',
    });
  }
}

export function forgetSession(): void {
  rmSync(path(), { force: true });
}
