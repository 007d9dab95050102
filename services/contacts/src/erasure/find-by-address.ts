import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SpecialCases, type Identifier } from '@heed/data-rights';
import { readAddress } from '../contacts/address.js';
import { AddressHashes } from '../contacts/address-hashes.js';

/** Probes look for endpoints of whoever was erased by the keyed hash of their addresses, which the table has an index for. */
@Injectable()
export class FindByAddress implements OnModuleInit {
  constructor(
    private readonly special: SpecialCases,
    private readonly hashes: AddressHashes,
  ) {}

  onModuleInit(): void {
    this.special.addSearch({
      store: 'endpoint',
      by: 't.endpoint_hash',
      forms: (tenantId, people) => Promise.all(people.map((given) => this.hashesOf(tenantId, given))),
    });
  }

  private hashesOf(tenantId: string, given: readonly Identifier[]): Promise<Buffer[]> {
    const addresses = given.map(({ address }) => readAddress(address)).filter((read) => read !== undefined);
    return this.hashes.candidates(tenantId, addresses);
  }
}
