import { Injectable } from '@nestjs/common';
import { type TimeSpan } from '@heed/kernel';
import { within, type Tx } from '@heed/postgres';
import { LessThan, type FindOptionsWhere } from 'typeorm';
import { CallEntity } from './call.entity.js';
import { type CallState, type Outcome } from './call.js';

/** What is empty or undefined asks for nothing. */
export interface CallFilter {
  contactId: string;
  state: CallState | undefined;
  outcome: Outcome | undefined;
  reason: string;
  placedBy: string;
  created: TimeSpan;
}

/** Calls as they are looked at. */
@Injectable()
export class CallPageStore {
  async find(tx: Tx, callId: string): Promise<CallEntity | undefined> {
    const { tenantId } = tx;
    return (await tx.manager.findOneBy(CallEntity, { tenantId, callId })) ?? undefined;
  }

  /** Newest first: the row's own id grows with time. */
  page(tx: Tx, filter: CallFilter, after: string | undefined, limit: number): Promise<CallEntity[]> {
    const where: FindOptionsWhere<CallEntity> = { tenantId: tx.tenantId };
    const createdAt = within(filter.created);
    if (filter.contactId) where.contactId = filter.contactId;
    if (filter.state) where.state = filter.state;
    if (filter.outcome) where.outcome = filter.outcome;
    if (filter.reason) where.reason = filter.reason;
    if (filter.placedBy) where.placedBy = filter.placedBy;
    if (createdAt) where.createdAt = createdAt;
    if (after) where.rowId = LessThan(after);
    return tx.manager.find(CallEntity, { where, order: { rowId: 'DESC' }, take: limit });
  }
}
