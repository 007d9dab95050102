import { Injectable } from '@nestjs/common';
import { type TimeSpan } from '@heed/kernel';
import { within, type Tx } from '@heed/postgres';
import { MoreThan, type FindOptionsWhere } from 'typeorm';
import { AttemptEntity } from '../dispatch/attempt.entity.js';
import { type AttemptState, type Outcome } from '../dispatch/attempt.js';

/** What is empty or undefined asks for nothing. */
export interface AttemptFilter {
  campaignId: string;
  contactId: string;
  state: AttemptState | undefined;
  outcome: Outcome | undefined;
  reason: string;
  queued: TimeSpan;
}

/** Attempts as they are looked at. */
@Injectable()
export class AttemptPageStore {
  async find(tx: Tx, attemptId: string): Promise<AttemptEntity | undefined> {
    const { tenantId } = tx;
    return (await tx.manager.findOneBy(AttemptEntity, { tenantId, attemptId })) ?? undefined;
  }

  /** In order of the row's own id, which is the order in which they came in. */
  page(tx: Tx, filter: AttemptFilter, after: string | undefined, limit: number): Promise<AttemptEntity[]> {
    const where: FindOptionsWhere<AttemptEntity> = { tenantId: tx.tenantId };
    const queuedAt = within(filter.queued);
    if (filter.campaignId) where.campaignId = filter.campaignId;
    if (filter.contactId) where.contactId = filter.contactId;
    if (filter.state) where.state = filter.state;
    if (filter.outcome) where.outcome = filter.outcome;
    if (filter.reason) where.reason = filter.reason;
    if (queuedAt) where.queuedAt = queuedAt;
    if (after) where.rowId = MoreThan(after);
    return tx.manager.find(AttemptEntity, { where, order: { rowId: 'ASC' }, take: limit });
  }
}
