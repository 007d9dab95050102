import { Inject, Injectable } from '@nestjs/common';
import { privacyV1 } from '@heed/contracts';
import { DueWork } from '@heed/data-rights';
import { CLOCK, invalidArgument, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { StoreStates } from '../answers/store-states.js';
import { RecordAccess } from '../audit/record-access.js';
import { IssueOrders } from '../orders/issue-orders.js';
import { Requesters } from '../requesters/requesters.js';
import { takeAnewBack, takeOrdersBack } from '../requests/end-request.store.js';
import { kindOf } from '../requests/request-message.js';
import { lockPeople, lockRequests, openRequest, setState } from '../requests/request.store.js';
import { holdMessage, tooLateFor, type Hold } from './hold.js';
import { addHold, orderedErasure } from './hold.store.js';
import { HOLDS } from './release-hold.js';

/**
 * Places a hold. It meets erasures at the lock of its person: an erasure that comes later waits; of one that was taken
 * before, the order is taken back while it is in no batch. A batch goes to all services at once, so what is out is out:
 * the answer says which stores the hold comes too late for (ATTACKS 6.9).
 */
@Injectable()
export class PlaceHold {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly stores: StoreStates,
    private readonly issue: IssueOrders,
    private readonly requesters: Requesters,
    private readonly audit: RecordAccess,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  place(caller: Caller, request: privacyV1.PlaceHoldRequest): Promise<privacyV1.PlaceHoldResponse> {
    const until = request.until === '' ? null : new Date(request.until);
    if (until && until <= this.clock.now()) throw invalidArgument({ field: 'until', reason: 'IN_THE_PAST' });
    return this.uow.run(caller.tenantId, (tx) =>
      this.replay.once(
        tx,
        caller,
        request.requestId,
        privacyV1.PlaceHoldRequest.encode(request).finish(),
        privacyV1.PlaceHoldResponse,
        async () => ({ hold: holdMessage(await this.keep(tx, caller, request, until)) }),
      ),
    );
  }

  private async keep(
    tx: Tx,
    { actorId, method: action }: Caller,
    { subjectId, subjectKind, ground, matter, withoutTelling }: privacyV1.PlaceHoldRequest,
    until: Date | null,
  ): Promise<Hold> {
    await lockPeople(tx, [subjectId]);
    const tooLateRequest = (await this.keepBack(tx, subjectId)) ?? null;
    const hold: Hold = {
      ...{ holdId: newId(), subjectId, subjectKind: kindOf(subjectKind), ground, matter },
      ...{ placedBy: actorId, placedAt: this.clock.now(), until, releasedAt: null, releasedBy: null },
      ...{ withoutTelling, tooLateRequest },
      tooLateFor: tooLateRequest === null ? [] : tooLateFor(await this.stores.of(tx, tooLateRequest), until),
    };
    await addHold(tx, hold);
    const open = await openRequest(tx, subjectId, 'ERASURE');
    if (open?.state === 'HELD') await this.requesters.held(tx, open);
    if (until) await this.due.add(tx, HOLDS, [hold.holdId], until);
    await this.audit.recordIn(tx, [
      { entryId: newId(), at: hold.placedAt, actorId, action, subjectId, service: 'privacy' },
    ]);
    return hold;
  }

  /** Returns the erasure that it is too late for; undefined where there is none. */
  private async keepBack(tx: Tx, subjectId: string): Promise<string | undefined> {
    const open = await openRequest(tx, subjectId, 'ERASURE');
    const [erasure] = open ? await lockRequests(tx, [open.requestId]) : [];
    // One that a member must approve first meets the hold when they do.
    if (erasure?.closedAt === null && erasure.state !== 'HELD' && erasure.state !== 'REVIEW') {
      const { requestId } = erasure;
      // Ordered anew for stores that were never told: they keep what they have until the release.
      if ((await takeOrdersBack(tx, requestId)) || (await takeAnewBack(tx, requestId))) {
        await setState(tx, [requestId], 'HELD');
        // An order that waited behind the one that is gone may go now.
        await this.issue.wake(tx);
      }
    }
    return orderedErasure(tx, subjectId);
  }
}
