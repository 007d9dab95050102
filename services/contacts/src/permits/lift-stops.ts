import { Injectable } from '@nestjs/common';
import { type contactsV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { liftStops } from './stopped.store.js';

/**
 * Nobody is silenced by a request that was refused, cancelled or never kept. Each request has a row of its own for each
 * person, so what others need stays. Absorbing: the same call again finds nothing.
 */
@Injectable()
export class LiftStops {
  constructor(private readonly uow: UnitOfWork) {}

  async lift(
    { tenantId }: Caller,
    { requestIds }: contactsV1.LiftStopsRequest,
  ): Promise<contactsV1.LiftStopsResponse> {
    // The service itself may not delete a stop: no slip of its code lets anybody be contacted again.
    const lifted = await this.uow.run(tenantId, (tx) => liftStops(tx, requestIds), { role: 'eraser' });
    return { lifted };
  }
}
