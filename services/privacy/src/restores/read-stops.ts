import { Injectable } from '@nestjs/common';
import { NIL_UUID } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { openStopsAfter, type OpenStop } from './stops.store.js';

const STOPS_A_PAGE = 500;

/** Whom open requests silence, for contacts that has forgotten it. */
@Injectable()
export class ReadStops {
  constructor(private readonly uow: UnitOfWork) {}

  async *of(tenantId: string): AsyncGenerator<OpenStop[]> {
    for (let after: string | undefined = NIL_UUID; after !== undefined;) {
      const from: string = after;
      const page = await this.uow.run(tenantId, (tx) => openStopsAfter(tx, from, STOPS_A_PAGE));
      if (page.length > 0) yield page;
      after = page.at(-1)?.requestId;
    }
  }
}
