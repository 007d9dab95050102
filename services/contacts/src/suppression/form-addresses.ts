import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DueWork, type DueItem } from '@heed/data-rights';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { AddressHashes } from '../contacts/address-hashes.js';
import { readEmail, readPhone, type Address } from '../contacts/address.js';
import { saveForms, unformedEndpoints } from '../contacts/endpoint.store.js';

const QUEUE = 'address-forms';

/** Each transaction holds its rows against an eraser: some 100 ms. */
const BATCH = 500;

/** Gives endpoints that were made before a key, a rule or the first list the forms that they have under it. */
@Injectable()
export class FormAddresses implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly hashes: AddressHashes,
    private readonly due: DueWork,
  ) {}

  onModuleInit(): void {
    this.due.serve(QUEUE, (item) => this.step(item));
  }

  /** Those of the tenant, soon, if there are any. */
  async begin(tx: Tx): Promise<void> {
    const formed = await this.hashes.formedNow(tx.tenantId);
    if ((await unformedEndpoints(tx, formed, 1)).length > 0) await this.due.add(tx, QUEUE, [tx.tenantId]);
  }

  /** The next batch. Returns how many it was; none: all have them. */
  async batch(tx: Tx): Promise<number> {
    const formed = await this.hashes.formedNow(tx.tenantId);
    const endpoints = await unformedEndpoints(tx, formed, BATCH);
    const forms = await this.hashes.forms(tx.tenantId, endpoints.map(addressOf));
    await saveForms(
      tx,
      endpoints.map(({ endpointId }, at) => ({ endpointId, forms: forms[at]! })),
    );
    return endpoints.length;
  }

  private step(item: DueItem): Promise<void> {
    return this.uow.run(item.tenantId, async (tx) => {
      if ((await this.batch(tx)) === 0) return item.done(tx);
      return item.putOff(tx, new Date(0));
    });
  }
}

function addressOf({ channel, address }: Pick<Address, 'channel' | 'address'>): Address {
  const read = channel === 'email' ? readEmail(address) : readPhone(address, undefined);
  return read ?? { channel, address, canonical: address };
}
