import { Inject, Injectable } from '@nestjs/common';
import { privacyV1 } from '@heed/contracts';
import { CLOCK, invalidArgument, newId, type Caller, type Clock } from '@heed/kernel';
import { constraintOf, UnitOfWork } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { StoreStates, storeStates } from '../answers/store-states.js';
import { refusal } from '../errors.js';
import { Manifests } from '../manifests/manifests.js';
import { Requesters } from '../requesters/requesters.js';
import { Corrections } from './corrections.js';
import { FindSubject } from './find-subject.js';
import { Identifiers, type Given } from './identifiers.js';
import { KeepRequests } from './keep-requests.js';
import { demandMayBegin } from './may-begin.js';
import { kindOf, requestMessage, rightOf } from './request-message.js';
import { firstState, newRequest, type Request, type Right, type SubjectKind } from './request.js';
import { lockPeople, openRequest } from './request.store.js';
import { Silence } from './silence.js';
import { staysSilent } from './stays-silent.js';

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
    private readonly findSubject: FindSubject,
    private readonly identifiers: Identifiers,
    private readonly corrections: Corrections,
    private readonly requesters: Requesters,
    private readonly silence: Silence,
    private readonly keeping: KeepRequests,
    private readonly manifests: Manifests,
    private readonly stores: StoreStates,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(
    caller: Caller,
    request: privacyV1.CreateRequestRequest,
  ): Promise<privacyV1.CreateRequestResponse> {
    const { tenantId } = caller;
    const right = rightOf(request.right);
    if (!right) throw invalidArgument({ field: 'right', reason: 'REQUIRED' });
    const content = privacyV1.CreateRequestRequest.encode(request).finish();
    const before = right === 'CORRECTION' && (await this.answered(caller, request.requestId, content));
    if (before) return before;
    const kind = kindOf(request.subjectKind);
    const subjectId = await this.findSubject.find(caller, kind, request);
    demandToldHow(right, request);
    // What contradicts itself is refused before anybody is silenced.
    staysSilent(request);
    const manifests = await this.manifests.current(tenantId, right);
    const asked = { requestId: newId(), right, kind, subjectId };
    await this.uow.run(tenantId, (tx) => demandMayBegin(tx, right, subjectId));
    const corrections = await this.corrections.seal(
      caller,
      asked,
      await this.corrections.checked(caller, asked, request.corrections),
    );
    const known = kind === 'contact' ? await this.silenced(caller, asked) : [];
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
          content,
          privacyV1.CreateRequestResponse,
          async () => {
            await lockPeople(tx, [subjectId]);
            const open = await openRequest(tx, subjectId, right);
            // What an open one corrects is not what this one would: it is no repetition of the same.
            if (open && right === 'CORRECTION') throw refusal('CORRECTION_UNDER_WAY');
            if (open) return { request: requestMessage(open, await this.stores.of(tx, open.requestId)) };
            await demandMayBegin(tx, right, subjectId);
            const given = await this.identifiers.keep(tx, asked, sealed);
            const handle = await this.corrections.keep(tx, asked, corrections, given);
            const taken = this.requestOf(caller, request, asked, handle);
            const [kept = taken] = await this.keeping.keep(tx, caller, [taken], manifests, 'single');
            await this.requesters.taken(tx, kept, requester);
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

  /** Contacts would refuse a second time what was carried out since. */
  private answered(
    caller: Caller,
    requestId: string,
    content: Uint8Array,
  ): Promise<privacyV1.CreateRequestResponse | undefined> {
    return this.uow.run(caller.tenantId, (tx) =>
      this.replay.answered(tx, caller, requestId, content, privacyV1.CreateRequestResponse),
    );
  }

  private requestOf(
    caller: Caller,
    request: privacyV1.CreateRequestRequest,
    { requestId, right, kind, subjectId }: Asked,
    handle: string | null,
  ): Request {
    const { verification, informed } = request;
    return newRequest({
      ...{ requestId, right, subjectId, subjectKind: kind, verification, handle },
      objects: kind === 'contact' && right === 'ERASURE' ? staysSilent(request) : request.objects,
      ...toldBefore(right, informed),
      ...{ takenBy: caller.actorId, receivedAt: this.clock.now() },
    });
  }

  /** Answers what else they are to be searched by. */
  private async silenced(caller: Caller, asked: Asked): Promise<Given[]> {
    if (asked.right === 'RESTRICTION') await this.silence.restricted(caller, asked);
    if (asked.right !== 'ERASURE') return [];
    return (await this.silence.erased(caller, [asked])).get(asked.subjectId) ?? [];
  }
}

/** Nobody's restriction ends without a word to them. */
function demandToldHow(right: Right, { replyTo, informed }: privacyV1.CreateRequestRequest): void {
  if (right === 'LIFT' && replyTo === '' && informed === '')
    throw invalidArgument({ field: 'reply_to', reason: 'REQUIRED_UNLESS_INFORMED' });
}

function toldBefore(right: Right, said: string): Pick<Request, 'informed' | 'state'> {
  const informed = right === 'LIFT' && said !== '' ? said : null;
  return { informed, state: firstState({ right, informed }) };
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
