import { Injectable } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import { invalidArgument, type Caller } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { StoreStates } from '../answers/store-states.js';
import { refusal } from '../errors.js';
import { Manifests } from '../manifests/manifests.js';
import { hasCorrections } from '../requests/corrections.store.js';
import { KeepRequests } from '../requests/keep-requests.js';
import { demandMayBegin } from '../requests/may-begin.js';
import { requestMessage } from '../requests/request-message.js';
import { type Request } from '../requests/request.js';
import { lockPeople, lockRequests, requestById } from '../requests/request.store.js';
import { UNVERIFIED } from './review-rules.js';

/**
 * A member approves a request that waits for review: it begins in the same transaction, as one that is taken now. What
 * has come between since it was taken is looked at again, and it is pinned to what services declare by now.
 */
@Injectable()
export class ApproveRequest {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly manifests: Manifests,
    private readonly keeping: KeepRequests,
    private readonly stores: StoreStates,
  ) {}

  async approve(
    caller: Caller,
    { requestId, verification }: privacyV1.ApproveRequestRequest,
  ): Promise<privacyV1.ApproveRequestResponse> {
    const { tenantId } = caller;
    const asked = await this.uow.run(tenantId, (tx) => requestById(tx, requestId));
    if (!asked) throw refusal('REQUEST_NOT_FOUND');
    const manifests = await this.manifests.current(tenantId, asked.right);
    return this.uow.run(tenantId, async (tx) => {
      await lockPeople(tx, [asked.subjectId]);
      const [request] = await lockRequests(tx, [requestId]);
      if (!request) throw refusal('REQUEST_NOT_FOUND');
      if (request.approvedBy === null) {
        await this.demandMayBeApproved(tx, caller, request);
        const verified = verification || request.verification;
        if (verified === UNVERIFIED)
          throw invalidArgument({ field: 'verification', reason: 'REQUIRED_WHERE_NONE' });
        const approved = { ...request, verification: verified, approvedBy: caller.actorId };
        await this.keeping.approved(tx, caller, approved, manifests);
      }
      const [now] = await lockRequests(tx, [requestId]);
      return { request: requestMessage(now!, await this.stores.of(tx, requestId)) };
    });
  }

  private async demandMayBeApproved(tx: Tx, { actorId }: Caller, request: Request): Promise<void> {
    const { requestId, right, subjectId } = request;
    if (request.state !== 'REVIEW') throw refusal('NOT_IN_REVIEW');
    if (request.takenBy === actorId && request.needsSecondPerson) throw refusal('SECOND_PERSON_NEEDED');
    await demandMayBegin(tx, right, subjectId);
    // Erased meanwhile, and what was to be corrected with them.
    if (right === 'CORRECTION' && !(await hasCorrections(tx, requestId))) throw refusal('SUBJECT_ERASED');
  }
}
