import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { DomainError, type Clock } from '@heed/kernel';
import { type UnitOfWork } from '@heed/postgres';
import { HashKeyStore } from './hash-key.store.js';
import { type KeyManagement } from './kms.js';

/** Keys of hashes are looked up again after this long, so a new version is known everywhere by then. */
const HELD_MS = 30_000;
/** A new version is written only when every process has had time to hear of it, with as much again to spare. */
const USABLE_AFTER_MS = 2 * HELD_MS;

/** Of a version that look-ups know and that nothing is written under. */
const NOT_YET = new Date('9999-01-01T00:00:00Z');

const HEAD_BYTES = 2;
const HASH_BYTES = 32;

interface HashKey {
  version: number;
  key: KeyObject;
  usableFrom: Date;
}

/**
 * A value's name among those of one tenant and purpose: equal values have equal hashes, and nobody without the key can
 * tell which value it is or compare tenants. 34 bytes: key version, normaliser version, HMAC-SHA256.
 *
 * Rotation nests: h1 = HMAC(k1, value), h2 = HMAC(k2, h1). An erased address cannot be hashed anew, its entry can be
 * lifted; and whoever learns one of the keys learns nothing while the other is safe (ATTACKS 5.6).
 */
export class KeyedHash {
  private readonly store = new HashKeyStore();
  private readonly held = new Map<string, { keys: HashKey[]; since: number }>();
  /** They live as long as the entries do, so none is unwrapped twice: an opt-out must not wait for a master key. */
  private readonly opened = new Map<string, KeyObject>();

  constructor(
    private readonly main: UnitOfWork,
    private readonly kms: KeyManagement,
    private readonly clock: Clock,
  ) {}

  /** The hash to write. `value` is normalised by the caller, whose normaliser's version becomes part of the hash. */
  async of(tenantId: string, purpose: string, value: string, normaliserVersion: number): Promise<Buffer> {
    const [hash] = await this.ofMany(tenantId, purpose, [value], normaliserVersion);
    return hash!;
  }

  async ofMany(
    tenantId: string,
    purpose: string,
    values: readonly string[],
    normaliserVersion: number,
  ): Promise<Buffer[]> {
    const keys = this.usable(await this.keys(tenantId));
    return values.map((value) => nested(keys, purpose, value, normaliserVersion).at(-1)!);
  }

  /** Every hash under which an entry for the value may stand, the newest first: for look-ups (`= any (...)`). */
  async candidates(
    tenantId: string,
    purpose: string,
    value: string,
    normaliserVersion: number,
  ): Promise<Buffer[]> {
    return nested(await this.keys(tenantId), purpose, value, normaliserVersion).reverse();
  }

  /** The hashes under the first key, which no rotation changes: an address's name while somebody who lives has it. */
  async first(
    tenantId: string,
    purpose: string,
    values: readonly string[],
    normaliserVersion: number,
  ): Promise<Buffer[]> {
    const keys = await this.keys(tenantId);
    return values.map((value) => nested(keys.slice(0, 1), purpose, value, normaliserVersion)[0]!);
  }

  /** Every hash that an entry may have been lifted to from this one, itself first. */
  async lifts(tenantId: string, hashes: readonly Buffer[]): Promise<Buffer[][]> {
    const keys = await this.keys(tenantId);
    return hashes.map((hash) => {
      const { keyVersion } = readHash(hash);
      const lifted = [hash];
      for (const key of keys.filter(({ version }) => version > keyVersion))
        lifted.push(lift(lifted.at(-1)!, key));
      return lifted;
    });
  }

  /** The newest version that look-ups know. */
  async newestKnown(tenantId: string): Promise<number> {
    return (await this.keys(tenantId)).at(-1)!.version;
  }

  /**
   * Adds a version that look-ups know, everywhere once `knownBy` is past, and that nothing is written under until it is
   * opened. One that was prepared and not opened is taken up again.
   */
  async prepare(tenantId: string): Promise<{ version: number; knownBy: Date }> {
    // Where there is none yet, the first is made: it is what others are laid over.
    await this.keys(tenantId);
    const newest = (await this.read(tenantId)).at(-1)!;
    const waits = newest.usableFrom >= NOT_YET;
    const version = waits ? newest.version : newest.version + 1;
    if (!waits) await this.add(tenantId, version, NOT_YET);
    this.held.delete(tenantId);
    return { version, knownBy: this.everywhereBy() };
  }

  /** From now on a version that was prepared is written; by everybody once `writtenBy` is past. */
  async open(tenantId: string, version: number): Promise<{ writtenBy: Date }> {
    await this.main.run(tenantId, (tx) => this.store.open(tx, version, this.clock.now()));
    this.held.delete(tenantId);
    return { writtenBy: this.everywhereBy() };
  }

  /** Adds a version. Look-ups know it at once; it is written, and entries may be lifted to it, from the answer on. */
  async rotate(tenantId: string): Promise<{ version: number; usableFrom: Date }> {
    const newest = (await this.read(tenantId)).at(-1);
    const version = (newest?.version ?? 0) + 1;
    await this.add(tenantId, version, this.everywhereBy());
    this.held.delete(tenantId);
    const added = (await this.keys(tenantId)).find((key) => key.version === version)!;
    return { version, usableFrom: added.usableFrom };
  }

  /** Entries lifted to the version that is written now; no value is needed for it. */
  async lifted(tenantId: string, hashes: readonly Buffer[]): Promise<Buffer[]> {
    const keys = this.usable(await this.keys(tenantId));
    return hashes.map((hash) => {
      const { keyVersion } = readHash(hash);
      return keys.filter((key) => key.version > keyVersion).reduce<Buffer>(lift, hash);
    });
  }

  private everywhereBy(): Date {
    return new Date(this.clock.now().getTime() + USABLE_AFTER_MS);
  }

  private usable(keys: HashKey[]): HashKey[] {
    const now = this.clock.now();
    return keys.filter((key) => key.version === 1 || key.usableFrom <= now);
  }

  private async keys(tenantId: string): Promise<HashKey[]> {
    const known = this.held.get(tenantId);
    // The clock that goes on while the machine sleeps.
    const since = this.clock.bootMs();
    if (known && since - known.since < HELD_MS) return known.keys;
    let keys = await this.read(tenantId);
    if (keys.length === 0) {
      await this.add(tenantId, 1, this.clock.now());
      keys = await this.read(tenantId);
    }
    this.held.set(tenantId, { keys, since });
    return keys;
  }

  private async read(tenantId: string): Promise<HashKey[]> {
    const rows = await this.main.run(tenantId, (tx) => this.store.all(tx));
    const wrapped = rows.filter(({ version }) => !this.opened.has(nameOf(tenantId, version)));
    const opened = await this.kms.unwrap(
      wrapped.map((row) => ({ ...row, context: { tenantId, use: `hash:${row.version}` } })),
    );
    wrapped.forEach(({ version }, at) =>
      this.opened.set(nameOf(tenantId, version), createSecretKey(opened[at]!)),
    );
    return rows.map(({ version, usableFrom }) => ({
      version,
      usableFrom,
      key: this.opened.get(nameOf(tenantId, version))!,
    }));
  }

  private async add(tenantId: string, version: number, usableFrom: Date): Promise<void> {
    const [wrapped] = await this.kms.wrap([
      { key: randomBytes(HASH_BYTES), context: { tenantId, use: `hash:${version}` } },
    ]);
    const key = { version, wrapped: wrapped!, keyId: this.kms.keyId, usableFrom };
    await this.main.run(tenantId, (tx) => this.store.add(tx, key, this.clock.now()));
  }
}

function nameOf(tenantId: string, version: number): string {
  return `${tenantId} ${version}`;
}

/** The versions that a keyed hash bears in front. */
export function readHash(hash: Buffer): { keyVersion: number; normaliserVersion: number } {
  if (hash.length !== HEAD_BYTES + HASH_BYTES) {
    throw new DomainError('KEYED_HASH_INVALID', 'internal', { message: 'not a keyed hash' });
  }
  return { keyVersion: hash[0]!, normaliserVersion: hash[1]! };
}

/** The value's hashes under each version in turn, the oldest first. */
function nested(
  keys: readonly HashKey[],
  purpose: string,
  value: string,
  normaliserVersion: number,
): Buffer[] {
  const [first, ...later] = keys;
  const named = createHmac('sha256', first!.key)
    .update(`${purpose}\u001f${normaliserVersion}\u001f${value}`)
    .digest();
  const hashes: Buffer[] = [Buffer.concat([Buffer.of(first!.version, normaliserVersion), named])];
  for (const key of later) hashes.push(lift(hashes.at(-1)!, key));
  return hashes;
}

function lift(hash: Buffer, { version, key }: HashKey): Buffer {
  const { normaliserVersion } = readHash(hash);
  const over = createHmac('sha256', key).update(hash.subarray(HEAD_BYTES)).digest();
  return Buffer.concat([Buffer.of(version, normaliserVersion), over]);
}
