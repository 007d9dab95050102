import { Inject, Injectable } from '@nestjs/common';
import { type Manifest } from '@heed/data-map';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { RecordAccess } from '../audit/record-access.js';
import { IssueOrders } from '../orders/issue-orders.js';
import { heldAmong } from '../holds/hold.store.js';
import { Requesters } from '../requesters/requesters.js';
import { setApproved } from '../review/approved.store.js';
import { reviewRules } from '../review/review-rules.store.js';
import { waitsForReview, type Intake } from '../review/review-rules.js';
import { InformFirst } from './inform-first.js';
import { PermitStops } from './permit-stops.js';
import { FIRST_ORDER, firstState, type Request } from './request.js';
import { addRequests, addToLedger, pinManifests } from './request.store.js';
import { addRestriction } from './restriction.store.js';

/** What belongs to a request from its first moment on, in the transaction that takes it. */
@Injectable()
export class KeepRequests {
  constructor(
    private readonly inform: InformFirst,
    private readonly issue: IssueOrders,
    private readonly stops: PermitStops,
    private readonly requesters: Requesters,
    private readonly audit: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Of one right, received at one moment, each about somebody else, whose lock is held. Returns them as they are kept. */
  async keep(
    tx: Tx,
    caller: Caller,
    taken: readonly Request[],
    manifests: readonly Manifest[],
    intake: Intake,
  ): Promise<Request[]> {
    const [first] = taken;
    if (!first) return [];
    const requests = await this.waiting(tx, taken, intake);
    const { right, receivedAt } = first;
    await addRequests(tx, requests);
    const silencing = requests.filter(silences).map(({ requestId }) => requestId);
    if (silencing.length > 0) await this.stops.kept(tx, silencing);
    if (right === 'ERASURE') await addToLedger(tx, requests, receivedAt);
    if (right === 'RESTRICTION')
      for (const { subjectId, requestId } of requests)
        await addRestriction(tx, subjectId, requestId, receivedAt);
    await pinManifests(
      tx,
      requests.map(({ requestId }) => requestId),
      manifests,
    );
    await this.begin(tx, right, requests);
    await this.audited(tx, caller, requests, receivedAt);
    return requests;
  }

  /** A member has approved it: it begins, unless its person is held. */
  async approved(tx: Tx, caller: Caller, request: Request, manifests: readonly Manifest[]): Promise<void> {
    const requests = await this.heldBack(tx, [{ ...request, state: firstState(request) }]);
    for (const now of requests) {
      await setApproved(tx, now);
      await pinManifests(tx, [now.requestId], manifests);
      await this.requesters.approved(tx, now);
    }
    await this.begin(tx, request.right, requests);
    await this.audited(tx, caller, requests, this.clock.now());
  }

  /** Those that a member must approve wait for that; nothing else is asked about them before. */
  private async waiting(tx: Tx, requests: readonly Request[], intake: Intake): Promise<Request[]> {
    const rules = await reviewRules(tx);
    const toReview = (request: Request): boolean => waitsForReview(rules, request, intake);
    const others = await this.heldBack(
      tx,
      requests.filter((request) => !toReview(request)),
    );
    return [
      ...others,
      ...requests.filter(toReview).map((request): Request => ({
        ...{ ...request, state: 'REVIEW' },
        needsSecondPerson: rules.secondPerson,
      })),
    ];
  }

  /** An erasure of somebody who is held waits until they are not. */
  private async heldBack(tx: Tx, requests: readonly Request[]): Promise<Request[]> {
    const erasures = requests.filter(({ right }) => right === 'ERASURE');
    if (erasures.length === 0) return [...requests];
    const held = await heldAmong(
      tx,
      erasures.map(({ subjectId }) => subjectId),
    );
    return requests.map((request) =>
      request.right === 'ERASURE' && held.has(request.subjectId) ? { ...request, state: 'HELD' } : request,
    );
  }

  /** The orders go out, or first the word to each person. */
  private async begin(tx: Tx, right: Request['right'], requests: readonly Request[]): Promise<void> {
    for (const { requestId, state } of requests)
      if (state === 'INFORMING') await this.inform.begin(tx, requestId);
    await this.issue.order(
      tx,
      FIRST_ORDER[right],
      requests.filter(({ state }) => state === 'FANNED_OUT'),
    );
  }

  private audited(
    tx: Tx,
    { actorId, method: action }: Caller,
    requests: readonly Request[],
    at: Date,
  ): Promise<void> {
    return this.audit.recordIn(
      tx,
      requests.map(({ subjectId }) => ({
        ...{ entryId: newId(), at, actorId, action, subjectId, service: 'privacy' },
      })),
    );
  }
}

function silences({ right, subjectKind }: Request): boolean {
  return subjectKind === 'contact' && (right === 'ERASURE' || right === 'RESTRICTION');
}
