import { Injectable } from '@nestjs/common';
import { type Manifest } from '@heed/data-map';
import { newId, type Caller } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { RecordAccess } from '../audit/record-access.js';
import { IssueOrders } from '../orders/issue-orders.js';
import { heldAmong } from '../holds/hold.store.js';
import { InformFirst } from './inform-first.js';
import { PermitStops } from './permit-stops.js';
import { FIRST_ORDER, type Request } from './request.js';
import { addRequests, addToLedger, pinManifests } from './request.store.js';
import { addRestriction } from './restriction.store.js';

/** What belongs to a request from its first moment on, in the transaction that takes it. */
@Injectable()
export class KeepRequests {
  constructor(
    private readonly inform: InformFirst,
    private readonly issue: IssueOrders,
    private readonly stops: PermitStops,
    private readonly audit: RecordAccess,
  ) {}

  /** Of one right, received at one moment, each about somebody else, whose lock is held. Returns them as they are kept. */
  async keep(
    tx: Tx,
    caller: Caller,
    taken: readonly Request[],
    manifests: readonly Manifest[],
  ): Promise<Request[]> {
    const [first] = taken;
    if (!first) return [];
    const requests = await this.heldBack(tx, taken);
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
    await this.audited(tx, caller, requests);
    return requests;
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

  private audited(tx: Tx, { actorId, method: action }: Caller, requests: readonly Request[]): Promise<void> {
    return this.audit.recordIn(
      tx,
      requests.map(({ subjectId, receivedAt: at }) => ({
        ...{ entryId: newId(), at, actorId, action, subjectId, service: 'privacy' },
      })),
    );
  }
}

function silences({ right, subjectKind }: Request): boolean {
  return subjectKind === 'contact' && (right === 'ERASURE' || right === 'RESTRICTION');
}
