import { Inject, Injectable } from '@nestjs/common';
import { type datarightsV1 } from '@heed/contracts';
import { DueWork } from '@heed/data-rights';
import { CLOCK, newId, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { type ResyncContext } from '@heed/service';
import { ForgetRequest } from '../answers/forget-request.js';
import { RecordAccess } from '../audit/record-access.js';
import { HOLDS } from '../holds/release-hold.js';
import { Manifests } from '../manifests/manifests.js';
import { ASK, IssueOrders } from '../orders/issue-orders.js';
import { Requesters } from '../requesters/requesters.js';
import { destroyCorrections } from '../requests/corrections.store.js';
import { ENDED } from '../requests/end-request.js';
import { dropRestriction, withdrawFromLedger } from '../requests/end-request.store.js';
import { destroyIdentifiers } from '../requests/identifiers.store.js';
import { STOPS } from '../requests/permit-stops.js';
import { FIRST_ORDER } from '../requests/request.js';
import { addToLedger, pinManifests } from '../requests/request.store.js';
import { addRestriction, endRestrictions } from '../requests/restriction.store.js';
import { Needles } from '../sweeps/needles.js';
import { awaitAnswers, relinkOrders, takeBack, type LedgerEntry } from './erasures.store.js';
import { asReturned, lastWords, type KeptRow } from './returned-request.js';
import {
  closeDone,
  closeLifted,
  dropUnsealed,
  endTakenBack,
  insertUnknown,
  needsAttention,
  putBeforePerson,
  releaseHolds,
  settleHolds,
  skipNumbers,
  skipNumbersOfOpen,
  standingFor,
  takeApprovals,
  takeDueDates,
  withoutOrders,
  type Returned,
} from './returned.store.js';

interface KeptHold {
  hold_id: string;
  until: string | null;
  released_at: string | null;
}

const TOGETHER = 200;

/**
 * After a restore of privacy, from the copy off site: who asked for something since the backup has asked, who took it back
 * has taken it back, and who is held is held. What was under way is ordered once more, and each is put before a person:
 * what was given to find somebody by, and whom to answer, went with the database.
 */
@Injectable()
export class ReturnRequests {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly manifests: Manifests,
    private readonly issue: IssueOrders,
    private readonly needles: Needles,
    private readonly requesters: Requesters,
    private readonly forgetting: ForgetRequest,
    private readonly audit: RecordAccess,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  takeRequests(tenantId: string, payloads: readonly Buffer[]): Promise<void> {
    const rows = lastWords<KeptRow>(payloads, (row) => row.request_id);
    return this.uow.run(tenantId, async (tx) => {
      // What is over first: a person has one open request of a right, and one that is over must not stand for a later one.
      await this.end(tx, await endTakenBack(tx, rows));
      const done = await closeDone(tx, rows);
      for (const { requestId, right } of done) if (right === 'LIFT') await endRestrictions(tx, [requestId]);
      await this.over(tx, done);
      const returned = rows.map(asReturned);
      const over = await insertUnknown(
        tx,
        'request',
        returned.filter(({ closed_at: closedAt }) => closedAt !== null),
      );
      await this.over(tx, await closeLifted(tx));
      const open = returned.filter(({ closed_at: closedAt }) => closedAt === null).sort(laterFirst);
      const inserted = new Set([...over, ...(await insertUnknown(tx, 'request', open))]);
      const news = rows.filter((row) => inserted.has(row.request_id));
      await this.keep(tx, news);
      await this.end(tx, news.filter(isTakenBack).map(returnedOf));
      const closed = news.filter((row) => over.includes(row.request_id) && !isTakenBack(row));
      await this.over(tx, closed.map(returnedOf));
      await putBeforePerson(tx, [...inserted, ...(await standingFor(tx, open))], this.clock.now());
      await putBeforePerson(tx, await takeApprovals(tx, rows), this.clock.now());
      await takeDueDates(tx, rows);
      await skipNumbers(
        tx,
        rows.map(({ subject_id: subjectId }) => subjectId),
      );
    });
  }

  takeHolds(tenantId: string, payloads: readonly Buffer[]): Promise<void> {
    const rows = lastWords<KeptHold>(payloads, (row) => row.hold_id);
    return this.uow.run(tenantId, async (tx) => {
      const inserted = new Set(await insertUnknown(tx, 'hold', rows));
      await releaseHolds(tx, rows);
      for (const { hold_id: holdId, until, released_at: releasedAt } of rows)
        if (inserted.has(holdId) && until !== null && releasedAt === null)
          await this.due.add(tx, HOLDS, [holdId], new Date(until));
    });
  }

  /** Whoever has asked, and is not done, is answered again for what had gone out. */
  takeBatches(
    tenantId: string,
    entries: readonly LedgerEntry[],
    batches: readonly datarightsV1.OrderBatch[],
  ): Promise<void> {
    return this.uow.run(tenantId, async (tx) => {
      await takeBack(tx, entries);
      for (const { batchId, issuedAt, orders, manifests } of batches) {
        const lost = orders.map((order) => ({ ...order, orderNumber: Number(order.orderNumber) }));
        const requestIds = await relinkOrders(tx, batchId, lost, new Date(issuedAt));
        await skipNumbers(
          tx,
          orders.map(({ subjectId }) => subjectId),
        );
        if (requestIds.length === 0) continue;
        const pins = Object.entries(manifests).map(([service, version]) => ({ service, version }));
        await pinManifests(tx, requestIds, pins);
        await awaitAnswers(tx, batchId);
        await this.due.add(tx, ASK, [batchId]);
      }
    });
  }

  /** Once everything off site has been read, and before the service opens. Begun again it does what is left. */
  async settle(tenantId: string): Promise<number> {
    await this.uow.run(tenantId, async (tx) => {
      await skipNumbersOfOpen(tx);
      await this.over(tx, await closeLifted(tx));
      await settleHolds(tx);
    });
    let settled = 0;
    for (let more = TOGETHER; more === TOGETHER; settled += more) more = await this.orderAgain(tenantId);
    return settled;
  }

  private async keep(tx: Tx, rows: readonly KeptRow[]): Promise<void> {
    for (const row of rows) {
      const { requestId, subjectId } = returnedOf(row);
      if (row.asked_right === 'ERASURE')
        await addToLedger(tx, [{ requestId, subjectId }], new Date(String(row['received_at'])));
      if (row.asked_right === 'LIFT' && row.closed_at !== null && !isTakenBack(row))
        await endRestrictions(tx, [requestId]);
    }
  }

  private async end(tx: Tx, ended: readonly Returned[]): Promise<void> {
    const requestIds = ended.map(({ requestId }) => requestId);
    for (const { requestId, subjectId, right } of ended) {
      if (right === 'ERASURE') await withdrawFromLedger(tx, subjectId, requestId, this.clock.now());
      if (right === 'RESTRICTION') await dropRestriction(tx, requestId);
    }
    await dropUnsealed(tx, requestIds);
    await this.over(tx, ended);
    await this.due.add(tx, STOPS, requestIds);
    await this.due.add(tx, ENDED, requestIds);
  }

  /** Whatever was given for them is forgotten, as if they had ended here. */
  private async over(tx: Tx, ended: readonly Returned[]): Promise<void> {
    const requestIds = ended.map(({ requestId }) => requestId);
    await destroyIdentifiers(tx, requestIds);
    await destroyCorrections(tx, requestIds);
    await this.needles.forget(tx, requestIds);
    await this.requesters.over(tx, requestIds);
    await this.forgetting.later(tx, requestIds, this.clock.now());
  }

  private async orderAgain(tenantId: string): Promise<number> {
    const open = await this.uow.run(tenantId, (tx) => withoutOrders(tx, TOGETHER));
    const at = this.clock.now();
    for (const [right, alike] of Map.groupBy(open, (request) => request.right)) {
      const manifests = await this.manifests.current(tenantId, right);
      const requestIds = alike.map(({ requestId }) => requestId);
      await this.uow.run(tenantId, async (tx) => {
        await this.audited(tx, alike, at);
        // The values were sealed and are lost: a person takes it anew.
        if (right === 'CORRECTION') return needsAttention(tx, requestIds);
        await pinManifests(tx, requestIds, manifests);
        if (right === 'RESTRICTION')
          for (const { subjectId, requestId } of alike) await addRestriction(tx, subjectId, requestId, at);
        // One request a person: two of one statement would be given the same number.
        await this.issue.order(tx, FIRST_ORDER[right], alike);
      });
    }
    return open.length;
  }

  private audited(tx: Tx, returned: readonly Returned[], at: Date): Promise<void> {
    return this.audit.recordIn(
      tx,
      returned.map(({ subjectId }) => ({
        ...{ entryId: newId(), at, actorId: 'privacy', action: 'request came back', service: 'privacy' },
        subjectId,
      })),
    );
  }
}

/** Of two of one right the later is what they ask for now: who asked again has had an answer before. */
function laterFirst(one: KeptRow, other: KeptRow): number {
  return String(other['received_at']).localeCompare(String(one['received_at']));
}

function isTakenBack({ state }: KeptRow): boolean {
  return state === 'REFUSED' || state === 'CANCELLED';
}

function returnedOf(row: KeptRow): Returned {
  return { requestId: row.request_id, subjectId: row.subject_id, right: row.asked_right };
}

/** After what lies off site, and before what the others have told. */
export const returnedRequests = {
  name: 'requests',
  run: async ({ get, tenants, progress }: ResyncContext): Promise<void> => {
    let settled = 0;
    for (const tenantId of await tenants())
      await progress((settled += await get(ReturnRequests).settle(tenantId)));
  },
};
