import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SpecialCases, type Identifier } from '@heed/data-rights';
import { readAddress } from '../contacts/address.js';
import { AddressHashes } from '../contacts/address-hashes.js';

/** Probes look for whoever was erased by the keyed hash of their addresses, in tables that have an index for it. */
@Injectable()
export class FindByAddress implements OnModuleInit {
  constructor(
    private readonly special: SpecialCases,
    private readonly hashes: AddressHashes,
  ) {}

  onModuleInit(): void {
    for (const store of ['endpoint', 'sign_up', 'sign_up_confirmation']) {
      this.special.addSearch({
        ...{ store, by: 't.endpoint_hash' },
        forms: (tenantId, people) => Promise.all(people.map((given) => this.hashesOf(tenantId, given))),
      });
    }
  }

  private hashesOf(tenantId: string, given: readonly Identifier[]): Promise<Buffer[]> {
    const addresses = given.map(({ address }) => readAddress(address)).filter((read) => read !== undefined);
    return this.hashes.candidates(tenantId, addresses);
  }
}
