import { Inject, Injectable } from '@nestjs/common';
import { isServiceName } from '@heed/contracts';
import { canonicalJson, CLOCK, type Clock } from '@heed/kernel';
import { refusal } from '../errors.js';
import { insertKeys, keysOfOrigin, knownKeys, latestKeyLeaves, markRevoked } from './log-key.store.js';
import { type LogOrigin } from './log-origin.store.js';
import { type Sequenced } from './sequenced.js';
import { TransparencyLog } from './transparency-log.js';

export interface ServiceKeyEntry {
  service: string;
  keyId: string;
  publicKey: Uint8Array;
}

/**
 * The services' keys enter the log and are revoked as its leaves. Those of one service are a chain: each names the leaf
 * before it, so that nobody who shows them can leave one out.
 */
@Injectable()
export class LoggedKeys {
  /** By origin: keys never leave it, and every receipt asks. */
  private readonly seen = new Set<string>();

  constructor(
    private readonly log: TransparencyLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A `key_added` leaf for each key that the log has not seen: what verifies receipts must have entered before them. */
  async note(entries: readonly ServiceKeyEntry[]): Promise<void> {
    const number = await this.log.reading(async (_tx, origin) => origin.number);
    if (entries.every(({ keyId }) => this.seen.has(`${number} ${keyId}`))) return;
    await this.log.sequenced((alone) => this.add(alone, entries));
    for (const { keyId } of entries) this.seen.add(`${number} ${keyId}`);
  }

  /** What this key signs is refused from this leaf on; what stands before it stands. Returns its index, as others see it. */
  revoke(entry: ServiceKeyEntry): Promise<number> {
    return this.log.sequenced((alone) => this.revokeIn(alone, entry));
  }

  /** A key takes the place of another: entered and revoked in one go, behind a leaf that says so, and why. */
  async replace(
    alone: Sequenced,
    says: object,
    entry: ServiceKeyEntry,
    before: ServiceKeyEntry,
  ): Promise<void> {
    if ((await knownKeys(alone.tx, alone.origin, [entry.keyId])).has(entry.keyId))
      throw refusal('PARTICIPANT_KEY_TAKEN');
    await this.add(alone, [before]);
    await alone.write([this.leaf({ ...says, service: entry.service, type: 'participant_key_changed' })]);
    await this.add(alone, [entry]);
    await this.revokeIn(alone, before);
  }

  /** What the origin before knew of keys holds in the new one: what was revoked stays so. */
  async carryOver(begun: Sequenced, before: LogOrigin): Promise<void> {
    for (const { keyId, leaf, isRevoked } of await keysOfOrigin(begun.tx, before)) {
      const { service, key } = JSON.parse(leaf.toString('utf8')) as { service: string; key: string };
      const entry = { service, keyId, publicKey: Buffer.from(key, 'base64') };
      await (isRevoked ? this.revokeIn(begun, entry) : this.add(begun, [entry]));
    }
  }

  private async revokeIn(alone: Sequenced, entry: ServiceKeyEntry): Promise<number> {
    const { tx, origin } = alone;
    // A key that has signed nothing yet enters to leave: otherwise it could still enter.
    await this.add(alone, [entry]);
    const { revokedIndex } = (await knownKeys(tx, origin, [entry.keyId])).get(entry.keyId)!;
    if (revokedIndex !== null) return revokedIndex - origin.firstLeaf;
    const { service, keyId: key_id } = entry;
    const previous = (await latestKeyLeaves(tx, origin, [service])).get(service)! - origin.firstLeaf;
    const [index] = await alone.write([this.leaf({ key_id, previous, service, type: 'key_revoked' })]);
    await markRevoked(tx, origin, entry.keyId, index!);
    return index! - origin.firstLeaf;
  }

  /** One by one: each names the one before it. */
  private async add({ tx, origin, write }: Sequenced, entries: readonly ServiceKeyEntry[]): Promise<void> {
    const known = await knownKeys(
      tx,
      origin,
      entries.map(({ keyId }) => keyId),
    );
    for (const { service, keyId, publicKey } of entries.filter((entry) => !known.has(entry.keyId))) {
      const before = (await latestKeyLeaves(tx, origin, [service])).get(service);
      const leaf = this.leaf({
        ...{ key: Buffer.from(publicKey).toString('base64'), key_id: keyId, service, type: 'key_added' },
        ...(before === undefined ? {} : { previous: before - origin.firstLeaf }),
        // Nobody but a participant looks into its stores: certificates say so of what it says.
        ...(isServiceName(service) ? {} : { self_attested: true }),
      });
      const [index] = await write([leaf]);
      await insertKeys(tx, origin, [{ keyId, service, index: index! }]);
    }
  }

  private leaf(says: object): Buffer {
    return Buffer.from(canonicalJson({ ...says, at: this.clock.now().toISOString() }));
  }
}
