import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SpecialCases, type Order, type SpecialErasure } from '@heed/data-rights';
import { REVOKED } from '@heed/permits';
import { type Tx } from '@heed/postgres';
import { Signals } from '@heed/signals';

/** Whoever is erased is not written to: what senders hold about them is void as soon as the erasure is committed. */
@Injectable()
export class VoidPermits implements SpecialErasure, OnModuleInit {
  constructor(
    private readonly special: SpecialCases,
    private readonly signals: Signals,
  ) {}

  onModuleInit(): void {
    this.special.addErasure(this);
  }

  async before(tx: Tx, orders: readonly Order[]): Promise<void> {
    const { tenantId } = tx;
    tx.afterCommit(() => {
      for (const contactId of orders.flatMap(({ subjectIds }) => subjectIds)) {
        this.signals.publish(REVOKED, { tenantId, contactId });
      }
    });
  }
}
