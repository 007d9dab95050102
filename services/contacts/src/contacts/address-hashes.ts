import { Injectable } from '@nestjs/common';
import { Sealing } from '@heed/sealing';
import { listedValue, NORMALISERS, valuesOf, type Digest, type Normaliser } from './address-forms.js';
import { type Address } from './address.js';

const PURPOSE = 'endpoint';
const FIRST_KEY = 1;

/** Where an address stands in the suppression list, or would. */
export interface Standing {
  /** Its keyed hash. */
  name: Buffer;
  /** What is written about it now. */
  entry: Buffer;
  /** Every hash under which something written before may stand. */
  forms: Buffer[];
}

/** All hashes under which an entry about an address may stand, those of lists included. */
export interface Forms {
  hashes: Buffer[];
  /** Of which keys and rules: what was made by fewer is made anew. */
  formed: number;
}

/**
 * Keyed hashes of addresses: equal for all spellings of one address, useless in another tenant.
 *
 * An address has a *name*, its hash under the tenant's first key, for as long as somebody who lives has it: endpoints,
 * permits, links and copies of campaigns are compared by it, and no rotation moves it. It is as secret as the address
 * that stands beside it, and goes with it. What outlives people are the entries of the suppression list: those stand
 * under the newest key, laid over the older ones, and each endpoint keeps the forms under which it may be there.
 */
@Injectable()
export class AddressHashes {
  /** Changed by specs alone. */
  normalisers: readonly Normaliser[] = NORMALISERS;

  constructor(private readonly sealing: Sealing) {}

  /** Their names, in order. */
  of(tenantId: string, addresses: readonly Address[]): Promise<Buffer[]> {
    return this.named(tenantId, addresses, this.normalisers.at(-1)!);
  }

  /**
   * The names whose last bytes others may have been shown (publicHash), by the newest rules first: which were in force then
   * cannot be seen. Names stand under the first key, for ever.
   */
  shown(hash: Uint8Array): Buffer[] {
    return this.normalisers
      .toReversed()
      .map(({ version }) => Buffer.concat([Buffer.of(FIRST_KEY, version), hash]));
  }

  /** Every name that one of these addresses may bear, under older rules too: for looking up. */
  async candidates(tenantId: string, addresses: readonly Address[]): Promise<Buffer[]> {
    const each = await Promise.all(
      this.normalisers.map((normaliser) => this.named(tenantId, addresses, normaliser)),
    );
    return each.flat();
  }

  /** Of each in order. */
  async forms(tenantId: string, addresses: readonly Address[]): Promise<Forms[]> {
    const formed = await this.formedNow(tenantId);
    const under = await Promise.all(
      this.normalisers.map(async (normaliser) => {
        const values = addresses.map((address) => valuesOf(address, normaliser));
        const { hashes } = this.sealing;
        const names = await hashes.first(tenantId, PURPOSE, values.flat(), normaliser.version);
        const lifts = await hashes.lifts(tenantId, names);
        let next = 0;
        return values.map(({ length }) => lifts.slice(next, (next += length)).flat());
      }),
    );
    return addresses.map((_, at) => ({ hashes: under.flatMap((forms) => forms[at]!), formed }));
  }

  /** What `forms` makes at this moment: it grows with each key and each version of the rules. */
  async formedNow(tenantId: string): Promise<number> {
    return this.normalisers.at(-1)!.version * 1_000 + (await this.sealing.hashes.newestKnown(tenantId));
  }

  /** Of names in order. */
  async standing(tenantId: string, names: readonly Buffer[]): Promise<Standing[]> {
    if (names.length === 0) return [];
    const [entries, forms] = await Promise.all([
      this.sealing.hashes.lifted(tenantId, names),
      this.sealing.hashes.lifts(tenantId, names),
    ]);
    return names.map((name, at) => ({ name, entry: entries[at]!, forms: forms[at]! }));
  }

  /** What is written about addresses of which only digests are known. */
  listed(tenantId: string, digest: Digest, hexes: readonly string[]): Promise<Buffer[]> {
    const values = hexes.map((hex) => listedValue(digest, hex));
    return this.sealing.keyedHashes(tenantId, PURPOSE, values, this.normalisers.at(-1)!.version);
  }

  private named(
    tenantId: string,
    addresses: readonly Address[],
    { version, canonicalOf }: Normaliser,
  ): Promise<Buffer[]> {
    return this.sealing.hashes.first(tenantId, PURPOSE, addresses.map(canonicalOf), version);
  }
}
