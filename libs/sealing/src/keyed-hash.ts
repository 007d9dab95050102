import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { DomainError, type Clock } from '@heed/kernel';
import { type UnitOfWork } from '@heed/postgres';
import { HashKeyStore } from './hash-key.store.js';
import { type KeyManagement } from './kms.js';

/** Keys of hashes are looked up again after this long, so a new version is known everywhere by then. */
const HELD_MS = 30_000;
/** A new version is written only when every process has had time to hear of it, with as much again to spare. */
const USABLE_AFTER_MS = 2 * HELD_MS;

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

  /** Adds a version. Look-ups know it at once; it is written, and entries may be lifted to it, from the answer on. */
  async rotate(tenantId: string): Promise<{ version: number; usableFrom: Date }> {
    const newest = (await this.read(tenantId)).at(-1);
    const version = (newest?.version ?? 0) + 1;
    await this.add(tenantId, version, new Date(this.clock.now().getTime() + USABLE_AFTER_MS));
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
    const opened = await this.kms.unwrap(
      rows.map((row) => ({ ...row, context: { tenantId, use: `hash:${row.version}` } })),
    );
    return rows.map(({ version, usableFrom }, at) => ({
      version,
      usableFrom,
      key: createSecretKey(opened[at]!),
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
