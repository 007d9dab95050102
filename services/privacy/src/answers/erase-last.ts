import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SpecialCases, type Order, type SpecialErasure } from '@heed/data-rights';
import { type Tx } from '@heed/postgres';
import { silentServices } from '../orders/order.store.js';
import { batchesOf } from './erase-last.store.js';

/**
 * privacy is one of the services that must answer, and the last: a store that searches by address asks it for the
 * identifiers that the person gave, so they go when all others have answered.
 */
@Injectable()
export class EraseLast implements SpecialErasure, OnModuleInit {
  constructor(private readonly special: SpecialCases) {}

  onModuleInit(): void {
    this.special.addErasure(this);
  }

  async ready(tx: Tx, orders: readonly Order[]): Promise<boolean> {
    for (const batchId of await batchesOf(
      tx,
      orders.map(({ orderId }) => orderId),
    )) {
      const silent = await silentServices(tx, batchId);
      if (silent.some((service) => service !== 'privacy')) return false;
    }
    return true;
  }
}
