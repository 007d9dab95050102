import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SpecialCases, type Order, type SpecialErasure } from '@heed/data-rights';
import { type Tx } from '@heed/postgres';
import { silentServices } from '../orders/order.store.js';
import { batchesOf } from './erase-last.store.js';
import { openAmong } from './exceptions.store.js';

/**
 * privacy is one of the services that must answer, and the last: a store that searches by address asks it for the
 * identifiers that the person gave, so they go when all others have answered.
 */
@Injectable()
export class EraseLast implements SpecialErasure, OnModuleInit {
  /** They answer to an open privacy alone. */
  readonly isReadyByOthers = true;

  constructor(private readonly special: SpecialCases) {}

  onModuleInit(): void {
    this.special.addErasure(this);
  }

  async ready(tx: Tx, orders: readonly Order[]): Promise<boolean> {
    // Closed with exceptions: nobody is given identifiers any more.
    if ((await openAmong(tx, idsOf(orders))) === 0) return true;
    for (const batchId of await batchesOf(tx, idsOf(orders))) {
      const silent = await silentServices(tx, batchId);
      if (silent.some((service) => service !== 'privacy')) return false;
    }
    return true;
  }
}

function idsOf(orders: readonly Order[]): string[] {
  return orders.map(({ orderId }) => orderId);
}
