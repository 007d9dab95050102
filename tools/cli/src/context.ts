import { type Command } from 'commander';
import { HeedClient, refresh, type Endpoints } from '@heed/client';
import { systemClock } from '@heed/kernel';
import { findEndpoints } from './installation.js';
import { Output } from './output.js';
import { readSession, saveSession } from './session-file.js';

/** Refresh this long before the token ends: long enough for a call begun now. */
const REFRESH_AHEAD_MS = 60_000;

/** What every command needs: where the services are, who asks, how to print. */
export class Context {
  constructor(private readonly program: Command) {}

  get output(): Output {
    return new Output(this.program.opts<{ json?: boolean }>().json ?? false);
  }

  endpoints(): Endpoints {
    return findEndpoints(this.runFile);
  }

  /** What `--run` names; else it is looked for. */
  get runFile(): string | undefined {
    return this.program.opts<{ run?: string }>().run;
  }

  /** Runs work with a client of whoever is signed in (HEED_TOKEN before the saved session), and closes it. */
  async asMember<T>(work: (client: HeedClient) => Promise<T>): Promise<T> {
    const endpoints = this.endpoints();
    return this.using(new HeedClient(endpoints, await tokenFor(endpoints)), work);
  }

  async asAnybody<T>(work: (client: HeedClient) => Promise<T>): Promise<T> {
    return this.using(new HeedClient(this.endpoints()), work);
  }

  private async using<T>(client: HeedClient, work: (client: HeedClient) => Promise<T>): Promise<T> {
    try {
      return await work(client);
    } finally {
      client.close();
    }
  }
}

async function tokenFor(endpoints: Endpoints): Promise<string> {
  const given = process.env['HEED_TOKEN'];
  if (given) return given;
  const saved = readSession();
  if (Date.parse(saved.expiresAt) - systemClock.now().getTime() > REFRESH_AHEAD_MS) return saved.accessToken;
  const session = await refresh(endpoints, saved.refreshToken);
  saveSession({ ...saved, ...session, expiresAt: expiryOf(session.expiresIn) });
  return session.accessToken;
}

export function expiryOf(seconds: number): string {
  return new Date(systemClock.now().getTime() + seconds * 1000).toISOString();
}
