import { Inject, Injectable } from '@nestjs/common';
import { type Manifest } from '@heed/data-map';
import { privacyV1 } from '@heed/contracts';
import { CLOCK, invalidArgument, newId, type Caller, type Clock } from '@heed/kernel';
import { constraintOf, UnitOfWork, type Tx } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { Manifests } from '../manifests/manifests.js';
import { Needles } from '../sweeps/needles.js';
import { type SealedNeedle } from '../sweeps/needle.store.js';
import { KeepRequests } from './keep-requests.js';
import { newRequest } from './request.js';
import { lockPeople, openRequests } from './request.store.js';
import { Silence } from './silence.js';
import { staysSilent } from './stays-silent.js';

interface Erasure {
  requestId: string;
  subjectId: string;
}

/**
 * Takes many erasures at once: what CreateRequest does for one person, in the same order, each step once for all of them.
 * A backlog is then taken as fast as it is worked: one by one, taking them was nine tenths of it (bench `erasures`).
 */
@Injectable()
export class CreateErasures {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly silence: Silence,
    private readonly needles: Needles,
    private readonly keeping: KeepRequests,
    private readonly manifests: Manifests,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(
    caller: Caller,
    request: privacyV1.BatchCreateErasuresRequest,
  ): Promise<privacyV1.BatchCreateErasuresResponse> {
    const { contactIds } = request;
    staysSilent(request);
    if (new Set(contactIds).size < contactIds.length)
      throw invalidArgument({ field: 'contact_ids', reason: 'EACH_ONCE' });
    const manifests = await this.manifests.current(caller.tenantId, 'ERASURE');
    const erasures = contactIds.map((subjectId) => ({ requestId: newId(), subjectId }));
    const needles = await this.sealed(caller, erasures);
    const take = () =>
      this.uow.run(caller.tenantId, (tx) =>
        this.replay.once(
          tx,
          caller,
          request.requestId,
          privacyV1.BatchCreateErasuresRequest.encode(request).finish(),
          privacyV1.BatchCreateErasuresResponse,
          () => this.take(tx, caller, request, { erasures, needles, manifests }),
        ),
      );
    try {
      return await take();
    } catch (error) {
      // Somebody asked for the same about one of them at the same moment: theirs is the open request.
      if (constraintOf(error) !== 'request_open') throw error;
      return take();
    }
  }

  /** What is left of each is searched for by what contacts knew to reach them at. */
  private async sealed(
    caller: Caller,
    erasures: readonly Erasure[],
  ): Promise<Map<string, readonly SealedNeedle[]>> {
    const known = await this.silence.erased(caller, erasures);
    const given = erasures.flatMap(({ requestId, subjectId }) =>
      (known.get(subjectId) ?? []).map((one) => ({ ...one, requestId })),
    );
    return this.needles.sealForEach(caller.tenantId, given);
  }

  private async take(
    tx: Tx,
    caller: Caller,
    request: privacyV1.BatchCreateErasuresRequest,
    asked: {
      erasures: readonly Erasure[];
      needles: Map<string, readonly SealedNeedle[]>;
      manifests: readonly Manifest[];
    },
  ): Promise<privacyV1.BatchCreateErasuresResponse> {
    const { contactIds, verification } = request;
    const objects = staysSilent(request);
    await lockPeople(tx, contactIds);
    const open = new Map(
      (await openRequests(tx, contactIds, 'ERASURE')).map(({ subjectId, requestId }) => [
        subjectId,
        requestId,
      ]),
    );
    const fresh = asked.erasures.filter(({ subjectId }) => !open.has(subjectId));
    const handles = await this.needles.keepForEach(
      tx,
      fresh.map(({ requestId }) => ({ requestId, needles: asked.needles.get(requestId) ?? [] })),
    );
    const receivedAt = this.clock.now();
    const requests = fresh.map(({ requestId, subjectId }) =>
      newRequest({
        ...{ requestId, right: 'ERASURE', state: 'FANNED_OUT', subjectId, subjectKind: 'contact' },
        ...{ objects, verification, takenBy: caller.actorId, informed: null, receivedAt },
        handle: handles.get(requestId) ?? null,
      }),
    );
    await this.keeping.keep(tx, caller, requests, asked.manifests, 'batch');
    return {
      erasures: asked.erasures.map(({ subjectId, requestId }) => {
        const before = open.get(subjectId);
        return { contactId: subjectId, requestId: before ?? requestId, wasOpen: before !== undefined };
      }),
    };
  }
}
