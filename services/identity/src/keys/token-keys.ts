import { type Clock, type SigningKey } from '@heed/kernel';
import { type UnitOfWork } from '@heed/postgres';
import { servedTokenKeys, serveTokenKey, type PublishedTokenKey } from './token-key.store.js';

/** Clocks of verifiers may be behind. */
const SLACK_MS = 60_000;
/** A key's time is written down for so much longer than the token at hand needs: not a row for every token. */
const AHEAD_MS = 600_000;

/**
 * The keys of access tokens. A process signs with the key that its file holds; what verifies is in the database, where
 * every replica finds it. A key is served there before it signs, until the last token that it signed has died: a
 * rotation voids no token, and a crash in the middle of one neither.
 */
export class TokenKeys {
  private readonly servedUntil = new Map<string, number>();

  constructor(
    private readonly uow: Pick<UnitOfWork, 'runAcross'>,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly file: { key(): SigningKey },
  ) {}

  /** The key that signs what lives until then. */
  async signer(expiresAt: Date): Promise<SigningKey> {
    const key = this.file.key();
    const needed = expiresAt.getTime() + SLACK_MS;
    if ((this.servedUntil.get(key.keyId) ?? 0) < needed) {
      const until = new Date(needed + AHEAD_MS);
      await this.uow.runAcross('service', (tx) => serveTokenKey(tx, key, until, this.clock.now()));
      this.servedUntil.set(key.keyId, until.getTime());
    }
    return key;
  }

  async served(): Promise<PublishedTokenKey[]> {
    const at = this.clock.now();
    // Also the key that has signed nothing yet.
    await this.signer(at);
    return this.uow.runAcross('service', (tx) => servedTokenKeys(tx, at));
  }
}
