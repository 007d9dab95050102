import { Inject, Injectable } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { MoveOn } from '../answers/move-on.js';
import { StoreStates } from '../answers/store-states.js';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import { Requesters } from '../requesters/requesters.js';
import { requestMessage } from './request-message.js';
import { extendedDue, isUnordered, isWhole, type Request } from './request.js';
import { lostAmong } from './lost-participants.store.js';
import { extend, lockRequests, progressOf, setException } from './request.store.js';

/** What a member decides about an open request; each decision is recorded with who made it. */
@Injectable()
export class DecideRequest {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly moveOn: MoveOn,
    private readonly stores: StoreStates,
    private readonly requesters: Requesters,
    private readonly audit: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** `unreachable` by itself closes nothing (ATTACKS 6.4): a person does, and says why. The silent are asked on. */
  closeWithExceptions(
    caller: Caller,
    { requestId, reason }: privacyV1.CloseWithExceptionsRequest,
  ): Promise<privacyV1.CloseWithExceptionsResponse> {
    return this.decide(caller, requestId, async (tx, request) => {
      if (request.exceptionReason === reason) return;
      if (request.closedAt !== null) throw refusal('REQUEST_ENDED');
      if (request.right === 'ACCESS') throw refusal('ACCESS_NEEDS_ALL');
      const progress = (await progressOf(tx, [requestId])).get(requestId);
      const isOut = !isUnordered(request) && !(request.right === 'LIFT' && request.informed === null);
      if (!progress || !isOut || request.state === 'CLOSING' || isWhole(request.right, progress))
        throw refusal('NOTHING_MISSING');
      // A participant that is lost would learn nothing however long it is waited for.
      if (request.right === 'CORRECTION' && progress.unanswered > (await lostAmong(tx, requestId)))
        throw refusal('CORRECTION_NEEDS_ALL');
      await setException(tx, requestId, reason);
      await this.moveOn.toClose(tx, [requestId]);
    });
  }

  extend(
    caller: Caller,
    { requestId, because }: privacyV1.ExtendRequestRequest,
  ): Promise<privacyV1.ExtendRequestResponse> {
    return this.decide(caller, requestId, async (tx, request) => {
      if (request.extendedBecause === because) return;
      if (request.closedAt !== null) throw refusal('REQUEST_ENDED');
      if (request.extendedBecause !== null) throw refusal('ALREADY_EXTENDED');
      if (request.dueAt <= this.clock.now()) throw refusal('TOO_LATE_TO_EXTEND');
      await extend(tx, requestId, because, extendedDue(request.dueAt));
      await this.requesters.extended(tx, requestId);
    });
  }

  private decide(
    { tenantId, actorId, method: action }: Caller,
    requestId: string,
    decision: (tx: Tx, request: Request) => Promise<void>,
  ): Promise<{ request: privacyV1.Request }> {
    return this.uow.run(tenantId, async (tx) => {
      const [request] = await lockRequests(tx, [requestId]);
      if (!request) throw refusal('REQUEST_NOT_FOUND');
      await decision(tx, request);
      const { subjectId } = request;
      await this.audit.recordIn(tx, [
        { entryId: newId(), at: this.clock.now(), actorId, action, subjectId, service: 'privacy' },
      ]);
      const [now] = await lockRequests(tx, [requestId]);
      return { request: requestMessage(now!, await this.stores.of(tx, requestId)) };
    });
  }
}
