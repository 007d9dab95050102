import { Injectable } from '@nestjs/common';
import { Sealing } from '@heed/sealing';
import { NORMALISER_VERSION, type Address } from './address.js';

const PURPOSE = 'endpoint';

/** Keyed hashes of addresses: equal for all spellings of one address, useless in another tenant. */
@Injectable()
export class AddressHashes {
  constructor(private readonly sealing: Sealing) {}

  /** The hashes to write, in order. */
  of(tenantId: string, addresses: readonly Address[]): Promise<Buffer[]> {
    return this.sealing.keyedHashes(
      tenantId,
      PURPOSE,
      addresses.map(({ canonical }) => canonical),
      NORMALISER_VERSION,
    );
  }

  /** Every hash under which one of these addresses may stand, under older keys too: for looking up. */
  async candidates(tenantId: string, addresses: readonly Address[]): Promise<Buffer[]> {
    const each = await Promise.all(
      addresses.map(({ canonical }) =>
        this.sealing.hashes.candidates(tenantId, PURPOSE, canonical, NORMALISER_VERSION),
      ),
    );
    return each.flat();
  }
}
