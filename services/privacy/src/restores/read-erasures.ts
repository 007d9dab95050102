import { Injectable } from '@nestjs/common';
import { datarightsV1 } from '@heed/contracts';
import { UnitOfWork } from '@heed/postgres';
import { erasuresAfter } from './erasures.store.js';

const BATCHES_A_PAGE = 20;

/** The erasure ledger: what was ordered to be erased, as it was signed, for whoever has forgotten that it did. */
@Injectable()
export class ReadErasures {
  constructor(private readonly uow: UnitOfWork) {}

  async *since(tenantId: string, since: Date): AsyncGenerator<datarightsV1.OrdersIssued> {
    for (let at = { issuedAt: since, batchId: FIRST }; ;) {
      const page = await this.uow.run(tenantId, (tx) =>
        erasuresAfter(tx, at.issuedAt, at.batchId, BATCHES_A_PAGE),
      );
      for (const { issued } of page) yield datarightsV1.OrdersIssued.decode(issued);
      const last = page.at(-1);
      if (last === undefined) return;
      at = last;
    }
  }
}

const FIRST = '00000000-0000-0000-0000-000000000000';
