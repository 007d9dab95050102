import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RecordAccess } from '../audit/record-access.js';
import { rulesIn, rulesMessage } from './review-rules-message.js';
import { reviewRules, setReviewRules } from './review-rules.store.js';

/** Reads and sets a tenant's rules of review. They bind requests that are taken after the commit. */
@Injectable()
export class UpdateReviewRules {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly audit: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async get({ tenantId }: Caller): Promise<privacyV1.GetReviewRulesResponse> {
    return { reviewRules: rulesMessage(await this.uow.run(tenantId, (tx) => reviewRules(tx))) };
  }

  async update(
    { tenantId, actorId, method: action }: Caller,
    { reviewRules: message }: privacyV1.UpdateReviewRulesRequest,
  ): Promise<privacyV1.UpdateReviewRulesResponse> {
    const wanted = rulesIn(message!);
    return this.uow.run(tenantId, async (tx) => {
      const { waits, secondPerson, updatedAt } = await reviewRules(tx);
      if (updatedAt === null || !isDeepStrictEqual(wanted, { waits, secondPerson })) {
        const at = this.clock.now();
        await setReviewRules(tx, wanted, { at, by: actorId });
        await this.audit.recordIn(tx, [{ entryId: newId(), at, actorId, action, service: 'privacy' }]);
      }
      return { reviewRules: rulesMessage(await reviewRules(tx)) };
    });
  }
}
