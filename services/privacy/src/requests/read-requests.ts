import { Inject, Injectable } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import { CLOCK, timeSpan, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { readPage } from '@heed/rpc';
import { StoreStates } from '../answers/store-states.js';
import { refusal } from '../errors.js';
import { type Request } from './request.js';
import { requestMessage, rightOf, statesIn } from './request-message.js';
import { listRequests, requestById } from './request.store.js';

/** A request moves on in steps of a second at best: nobody sees the difference to being told. */
const LOOK_MS = 200;

@Injectable()
export class ReadRequests {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly stores: StoreStates,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  byId(tenantId: string, requestId: string): Promise<privacyV1.Request> {
    return this.uow.run(tenantId, async (tx) => {
      const found = await requestById(tx, requestId);
      if (!found) throw refusal('REQUEST_NOT_FOUND');
      return requestMessage(found, await this.stores.of(tx, requestId));
    });
  }

  async list(
    tenantId: string,
    request: privacyV1.ListRequestsRequest,
  ): Promise<privacyV1.ListRequestsResponse> {
    const filter = {
      ...{ states: statesIn(request.state), right: rightOf(request.right) },
      subjectId: request.subjectId || null,
      received: timeSpan('received', request.receivedAfter, request.receivedBefore),
      due: timeSpan('due', request.dueAfter, request.dueBefore),
      needsPerson: request.needsPerson,
    };
    return this.uow.run(tenantId, async (tx) => {
      const page = await readPage(request, { of: (row: Request) => row.requestId }, (after, limit) =>
        listRequests(tx, filter, after, limit),
      );
      const expected = await this.stores.count(
        tx,
        page.rows.map(({ requestId }) => requestId),
      );
      return {
        requests: page.rows.map((row) => requestMessage(row, [], expected.get(row.requestId) ?? 0)),
        nextPageToken: page.nextPageToken,
      };
    });
  }

  /** The request whenever a receipt or a probe has arrived, until it has ended. */
  async *watch(tenantId: string, requestId: string, signal: AbortSignal): AsyncGenerator<privacyV1.Request> {
    let last = '';
    for (;;) {
      const request = await this.byId(tenantId, requestId);
      const now = JSON.stringify([
        request.state,
        request.stores.map(({ outcome, probe }) => [outcome, probe]),
      ]);
      if (now !== last) yield request;
      if (request.closedAt !== '') return;
      last = now;
      await this.clock.wait(LOOK_MS, signal);
    }
  }
}
