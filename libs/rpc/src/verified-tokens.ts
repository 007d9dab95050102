import { type Clock } from '@heed/kernel';

interface Entry<Identity> {
  identity: Identity;
  keyId: string;
  expiresAt: number;
}

const MOST_ENTRIES = 2_000;

/**
 * Tokens whose signature was verified already: an Ed25519 verification costs 0.2 ms of a core, and the same token
 * comes with every call for half a minute. Ask again whether its key still counts before using an entry.
 */
export class VerifiedTokens<Identity> {
  private readonly entries = new Map<string, Entry<Identity>>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  get(token: string): Entry<Identity> | undefined {
    const entry = this.entries.get(token);
    if (entry === undefined || entry.expiresAt > this.clock.now().getTime()) return entry;
    this.entries.delete(token);
    return undefined;
  }

  add(token: string, entry: Entry<Identity>): void {
    if (this.entries.size >= MOST_ENTRIES) {
      const oldest = this.entries.keys().next();
      if (!oldest.done) this.entries.delete(oldest.value);
    }
    this.entries.set(token, entry);
  }
}
