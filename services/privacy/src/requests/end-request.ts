import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import { DueWork, type DueItem } from '@heed/data-rights';
import { canonicalJson, CLOCK, leafHash, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { ForgetRequest } from '../answers/forget-request.js';
import { StoreStates } from '../answers/store-states.js';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import { TransparencyLog } from '../log/transparency-log.js';
import { IssueOrders } from '../orders/issue-orders.js';
import { Requesters } from '../requesters/requesters.js';
import { Needles } from '../sweeps/needles.js';
import { destroyCorrections } from './corrections.store.js';
import {
  dropRestriction,
  endRequest,
  setClosingLeaf,
  takeOrdersBack,
  withdrawFromLedger,
} from './end-request.store.js';
import { destroyIdentifiers } from './identifiers.store.js';
import { PermitStops } from './permit-stops.js';
import { mayRefuse } from './refusal-ground.js';
import { requestMessage } from './request-message.js';
import { type Request, type TakenBack } from './request.js';
import { closingsOf, lockRequests } from './request.store.js';

/** Requests that ended with nothing done, of which the log is to be told. */
export const ENDED = 'ended-requests';

/**
 * Ends a request with nothing done: a member refuses it, or whoever asked takes it back. Only while no order of it is
 * out: what may be gone already is not taken back. Permits that it stopped are issued again, its entry of the erasure
 * ledger is withdrawn, what was given to find the person by is destroyed, and whoever asked is told.
 */
@Injectable()
export class EndRequest implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly stops: PermitStops,
    private readonly issue: IssueOrders,
    private readonly needles: Needles,
    private readonly requesters: Requesters,
    private readonly forgetting: ForgetRequest,
    private readonly stores: StoreStates,
    private readonly audit: RecordAccess,
    private readonly log: TransparencyLog,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.due.serve(ENDED, (item) => this.tellLog(item));
  }

  refuse(
    caller: Caller,
    { requestId, ground }: privacyV1.RefuseRequestRequest,
  ): Promise<privacyV1.RefuseRequestResponse> {
    return this.end(caller, requestId, 'REFUSED', ground);
  }

  cancel(
    caller: Caller,
    { requestId }: privacyV1.CancelRequestRequest,
  ): Promise<privacyV1.CancelRequestResponse> {
    return this.end(caller, requestId, 'CANCELLED', null);
  }

  private end(
    caller: Caller,
    requestId: string,
    state: TakenBack,
    ground: string | null,
  ): Promise<{ request: privacyV1.Request }> {
    return this.uow.run(caller.tenantId, async (tx) => {
      const [request] = await lockRequests(tx, [requestId]);
      if (!request) throw refusal('REQUEST_NOT_FOUND');
      const isSaidAgain = request.state === state && request.refusalGround === ground;
      if (!isSaidAgain) {
        if (request.closedAt !== null) throw refusal('REQUEST_ENDED');
        if (ground !== null && !mayRefuse(request.right, ground)) throw refusal('GROUND_OF_OTHER_RIGHT');
        if (!(await takeOrdersBack(tx, requestId))) throw refusal('ORDERS_ARE_OUT');
        await this.keep(tx, caller, request, state, ground);
      }
      const [now] = await lockRequests(tx, [requestId]);
      return { request: requestMessage(now!, await this.stores.of(tx, requestId)) };
    });
  }

  private async keep(
    tx: Tx,
    { actorId, method: action }: Caller,
    request: Request,
    state: TakenBack,
    ground: string | null,
  ): Promise<void> {
    const { requestId, subjectId, right } = request;
    const at = this.clock.now();
    const statement = endedStatement(tx.tenantId, request, { state, ground, at });
    await endRequest(tx, { requestId, state, ground, at, statement, salt: randomBytes(32) });
    if (right === 'ERASURE') await withdrawFromLedger(tx, subjectId, requestId, at);
    if (right === 'RESTRICTION') await dropRestriction(tx, requestId);
    await destroyIdentifiers(tx, [requestId]);
    await destroyCorrections(tx, [requestId]);
    await this.needles.forget(tx, [requestId]);
    await this.stops.lift(tx, requestId);
    // An order that waited behind the one that is gone may go now.
    await this.issue.wake(tx);
    await this.requesters.takenBack(tx, requestId, state);
    await this.forgetting.later(tx, [requestId], at);
    await this.due.add(tx, ENDED, [requestId]);
    await this.audit.recordIn(tx, [{ entryId: newId(), at, actorId, action, subjectId, service: 'privacy' }]);
  }

  /** Killed in between, it goes on with the same words. */
  private async tellLog(item: DueItem): Promise<void> {
    const { tenantId, ref: requestId } = item;
    const closing = await this.uow.run(tenantId, async (tx) =>
      (await closingsOf(tx, [requestId])).get(requestId),
    );
    const [leaf] = closing?.leaf === null ? await this.log.append([endedLeaf(closing)]) : [];
    await this.uow.run(tenantId, async (tx) => {
      if (leaf !== undefined) await setClosingLeaf(tx, requestId, leaf);
      await item.done(tx);
    });
  }
}

/** Described in docs/certificate.md. */
function endedStatement(
  tenantId: string,
  request: Request,
  { state, ground, at }: { state: TakenBack; ground: string | null; at: Date },
): Buffer {
  return Buffer.from(
    canonicalJson({
      closed_at: at.toISOString(),
      ended: state,
      format: 'heed request ended v1',
      ...(ground !== null && { ground }),
      received_at: request.receivedAt.toISOString(),
      request: request.requestId,
      right: request.right,
      subject: request.subjectId,
      subject_kind: request.subjectKind.toUpperCase(),
      tenant: tenantId,
      verification: request.verification,
    }),
  );
}

function endedLeaf({ statement, salt }: { statement: Buffer; salt: Buffer }): Buffer {
  const commitment = leafHash(Buffer.concat([salt, statement])).toString('base64');
  return Buffer.from(canonicalJson({ commitment, type: 'request_ended' }));
}
