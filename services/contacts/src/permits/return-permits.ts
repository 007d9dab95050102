import { Inject, Injectable } from '@nestjs/common';
import { type contactsV1 } from '@heed/contracts';
import { CLOCK, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { returnPlaces } from './places.store.js';

/** Frees places under caps whose attempts never began. The permit stays on record, and stays used up: it serves nobody. */
@Injectable()
export class ReturnPermits {
  constructor(
    private readonly uow: UnitOfWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async return(
    { tenantId, actorId: issuedTo }: Caller,
    { permitIds }: contactsV1.ReturnPermitsRequest,
  ): Promise<contactsV1.ReturnPermitsResponse> {
    const at = this.clock.now();
    const returned = await this.uow.run(tenantId, (tx) => returnPlaces(tx, permitIds, { issuedTo, at }));
    return { returned };
  }
}
