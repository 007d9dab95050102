import { Inject, Injectable } from '@nestjs/common';
import { contactsV1, privacyV1, typesV1 } from '@heed/contracts';
import { CLOCK, invalidArgument, newId, type Caller, type Clock } from '@heed/kernel';
import { constraintOf, UnitOfWork, type Tx } from '@heed/postgres';
import { RequestReplay, RpcClients } from '@heed/rpc';
import { StoreStates, storeStates } from '../answers/store-states.js';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import { Manifests } from '../manifests/manifests.js';
import { IssueOrders } from '../orders/issue-orders.js';
import { Requesters } from '../requesters/requesters.js';
import { FindSubject } from './find-subject.js';
import { Identifiers, type Given } from './identifiers.js';
import { InformFirst } from './inform-first.js';
import { demandMayBegin } from './may-begin.js';
import { kindOf, requestMessage, rightOf } from './request-message.js';
import { dueAt, FIRST_ORDER, type Request, type Right, type SubjectKind } from './request.js';
import { addRequest, addToLedger, lockPerson, openRequest, pinManifests } from './request.store.js';
import { addRestriction } from './restriction.store.js';

interface Asked {
  requestId: string;
  right: Right;
  kind: SubjectKind;
  subjectId: string;
}

/**
 * Takes a request of someone whose identity was verified. Who is to be erased is silenced first, by contacts, before
 * anything is kept (ATTACKS 2.12); then the request, the entry of the erasure ledger and the order are one
 * transaction, so nothing is ever destroyed that the ledger does not know of.
 */
@Injectable()
export class CreateRequest {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly clients: RpcClients,
    private readonly findSubject: FindSubject,
    private readonly identifiers: Identifiers,
    private readonly requesters: Requesters,
    private readonly inform: InformFirst,
    private readonly manifests: Manifests,
    private readonly stores: StoreStates,
    private readonly issue: IssueOrders,
    private readonly audit: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(
    caller: Caller,
    request: privacyV1.CreateRequestRequest,
  ): Promise<privacyV1.CreateRequestResponse> {
    const { tenantId } = caller;
    const right = rightOf(request.right);
    if (!right) throw invalidArgument({ field: 'right', reason: 'REQUIRED' });
    const kind = kindOf(request.subjectKind);
    const subjectId = await this.findSubject.find(caller, kind, request);
    demandToldHow(right, request);
    const manifests = await this.manifests.current(tenantId, right);
    const asked = { requestId: newId(), right, kind, subjectId };
    await this.uow.run(tenantId, (tx) => demandMayBegin(tx, right, subjectId));
    const known = kind === 'contact' ? await this.stopPermits(caller, asked) : [];
    const sealed = await this.identifiers.seal(
      tenantId,
      asked,
      eachOnce([...known, ...addressesIn(request)]),
    );
    const requester = await this.requesters.seal(tenantId, request.replyTo);
    const take = () =>
      this.uow.run(tenantId, (tx) =>
        this.replay.once(
          tx,
          caller,
          request.requestId,
          privacyV1.CreateRequestRequest.encode(request).finish(),
          privacyV1.CreateRequestResponse,
          async () => {
            await lockPerson(tx, subjectId);
            const open = await openRequest(tx, subjectId, right);
            if (open) return { request: requestMessage(open, await this.stores.of(tx, open.requestId)) };
            await demandMayBegin(tx, right, subjectId);
            const handle = await this.identifiers.keep(tx, asked, sealed);
            const kept = await this.keep(tx, caller, request, asked, handle);
            await pinManifests(tx, asked.requestId, manifests);
            await this.requesters.taken(tx, asked, requester);
            await this.begin(tx, kept);
            await this.audited(tx, caller, kept);
            return { request: requestMessage(kept, storeStates(manifests, [])) };
          },
        ),
      );
    try {
      return await take();
    } catch (error) {
      // Somebody asked for the same about the same person at the same moment: theirs is the open request.
      if (constraintOf(error) !== 'request_open') throw error;
      return take();
    }
  }

  /** The order goes out, or first the word to the person. */
  private begin(tx: Tx, request: Request): Promise<void> {
    if (request.state === 'INFORMING') return this.inform.begin(tx, request.requestId);
    return this.issue.order(tx, FIRST_ORDER[request.right], [request]);
  }

  private async keep(
    tx: Tx,
    caller: Caller,
    { objects, verification, informed }: privacyV1.CreateRequestRequest,
    { requestId, right, kind, subjectId }: Asked,
    handle: string | null,
  ): Promise<Request> {
    const receivedAt = this.clock.now();
    const kept: Request = {
      ...{
        requestId,
        right,
        state: right === 'LIFT' && informed === '' ? 'INFORMING' : 'FANNED_OUT',
        subjectId,
        subjectKind: kind,
        objects,
        verification,
        handle,
      },
      ...{ exceptionReason: null, extendedBecause: null, attentionAt: null },
      informed: right === 'LIFT' && informed !== '' ? informed : null,
      ...{ takenBy: caller.actorId, receivedAt, dueAt: dueAt(receivedAt), closedAt: null },
    };
    await addRequest(tx, kept);
    if (right === 'ERASURE') await addToLedger(tx, subjectId, requestId, receivedAt);
    if (right === 'RESTRICTION') await addRestriction(tx, subjectId, requestId, receivedAt);
    return kept;
  }

  private audited(tx: Tx, { actorId, method: action }: Caller, request: Request): Promise<void> {
    const { subjectId, receivedAt: at } = request;
    return this.audit.recordIn(tx, [
      { entryId: newId(), at, actorId, action, subjectId, service: 'privacy' },
    ]);
  }

  /** Answers what contacts knows to reach them at, in its normal form: what is left of them is searched for by it. */
  private async stopPermits(caller: Caller, { subjectId, requestId, right }: Asked): Promise<Given[]> {
    if (right !== 'ERASURE' && right !== 'RESTRICTION') return [];
    const stop = { contactIds: [subjectId], requestId, restricts: right === 'RESTRICTION' };
    const permits = this.clients.of(contactsV1.PermitsServiceService, 'contacts');
    try {
      const { tenantId, actorId: onBehalfOf } = caller;
      const stopped = await permits.stopPermits(stop, { tenantId, onBehalfOf });
      // Nothing is searched for that stays.
      if (right === 'RESTRICTION') return [];
      return stopped.addresses.map(({ channel, address }) => ({
        ...{ channel: channel === typesV1.Channel.CHANNEL_EMAIL ? 'email' : 'voice', address },
      }));
    } catch (cause) {
      throw refusal('STOP_UNAVAILABLE', { cause });
    }
  }
}

/** Nobody's restriction ends without a word to them. */
function demandToldHow(right: Right, { replyTo, informed }: privacyV1.CreateRequestRequest): void {
  if (right === 'LIFT' && replyTo === '' && informed === '')
    throw invalidArgument({ field: 'reply_to', reason: 'REQUIRED_UNLESS_INFORMED' });
}

function addressesIn({ email, phone }: privacyV1.CreateRequestRequest): Given[] {
  const given: Given[] = [
    { channel: 'email', address: email.trim() },
    { channel: 'voice', address: phone.trim() },
  ];
  return given.filter(({ address }) => address !== '');
}

function eachOnce(given: readonly Given[]): Given[] {
  return [...new Map(given.map((one) => [one.address, one])).values()];
}
