import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';
import { LessThan, type FindOptionsWhere } from 'typeorm';
import { CallEntity } from './call.entity.js';

/** Calls as they are looked at. */
@Injectable()
export class CallPageStore {
  async find(tx: Tx, callId: string): Promise<CallEntity | undefined> {
    const { tenantId } = tx;
    return (await tx.manager.findOneBy(CallEntity, { tenantId, callId })) ?? undefined;
  }

  /** Newest first: the row's own id grows with time. */
  page(
    tx: Tx,
    contactId: string | undefined,
    after: string | undefined,
    limit: number,
  ): Promise<CallEntity[]> {
    const where: FindOptionsWhere<CallEntity> = { tenantId: tx.tenantId };
    if (contactId) where.contactId = contactId;
    if (after) where.rowId = LessThan(after);
    return tx.manager.find(CallEntity, { where, order: { rowId: 'DESC' }, take: limit });
  }
}
