import { Injectable } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import { NIL_UUID } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { holdsAfter } from '../holds/hold.store.js';

const HOLDS_A_PAGE = 500;

/** Whom holds keep, or have kept, for a service that has forgotten it. */
@Injectable()
export class ReadHolds {
  constructor(private readonly uow: UnitOfWork) {}

  async *of(tenantId: string): AsyncGenerator<privacyV1.HoldChanged[]> {
    for (let after: string | undefined = NIL_UUID; after !== undefined;) {
      const from: string = after;
      const page = await this.uow.run(tenantId, (tx) => holdsAfter(tx, from, HOLDS_A_PAGE));
      if (page.length > 0) yield page;
      after = page.at(-1)?.holdId;
    }
  }
}
