import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DueWork, type DueItem } from '@heed/data-rights';
import { canonicalJson, CLOCK, leafHash, newId, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { RecordAccess } from '../audit/record-access.js';
import { BringAlong } from '../log/bring-along.js';
import { TransparencyLog } from '../log/transparency-log.js';
import { Manifests } from '../manifests/manifests.js';
import { requestMs } from '../measures.js';
import { ordersOfRequests } from '../orders/order.store.js';
import { missingProcessors } from '../processors/processor-order.store.js';
import { destroyCorrections } from '../requests/corrections.store.js';
import { destroyIdentifiers } from '../requests/identifiers.store.js';
import { endRestrictions } from '../requests/restriction.store.js';
import { Requesters } from '../requesters/requesters.js';
import { type Request } from '../requests/request.js';
import {
  closingsOf,
  complete,
  lockClosing,
  lockRequests,
  pinsOf,
  setClosings,
  setException,
  type Closing,
} from '../requests/request.store.js';
import { leavesOfRequests } from './receipt.store.js';
import { addSweepDue } from '../sweeps/sweep.store.js';
import { exceptionsOf, type Exception } from './exceptions.js';
import { askedSince, saidAbout } from './exceptions.store.js';
import { ForgetRequest } from './forget-request.js';
import { CLOSINGS } from './move-on.js';

/** In one transaction each: what is said of them, and that they are completed. */
const TOGETHER = 200;

/**
 * Ends requests of which everything is in: what is said about each is fixed, the log commits to it under a signed
 * checkpoint, and only then is it completed. Killed in between, it goes on with the same words.
 */
@Injectable()
export class CloseRequests implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly log: TransparencyLog,
    private readonly along: BringAlong,
    private readonly audit: RecordAccess,
    private readonly forgetting: ForgetRequest,
    private readonly requesters: Requesters,
    private readonly manifests: Manifests,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.due.serve(CLOSINGS, (item) => this.close(item));
  }

  private async close(item: DueItem): Promise<void> {
    const { tenantId } = item;
    const closings = await this.uow.run(tenantId, (tx) => this.fix(tx));
    const requestIds = closings.map(({ request }) => request.requestId);
    await this.along.bring(() => this.uow.run(tenantId, (tx) => leavesOfRequests(tx, requestIds)));
    const leaves = await this.log.append(closings.map(({ closing }) => closingLeaf(closing)));
    const closed = closings.map(({ request, closing }, i) => ({
      ...request,
      leaf: leaves[i]!,
      at: closedAt(closing),
    }));
    await this.uow.run(tenantId, async (tx) => {
      await this.complete(tx, closed);
      // Others may be waiting: more than one transaction holds, or those that came meanwhile.
      if (closed.length === TOGETHER) await this.due.add(tx, CLOSINGS, [tenantId]);
      await item.done(tx);
    });
  }

  private async fix(tx: Tx): Promise<{ request: Request; closing: Closing }[]> {
    const locked = await lockClosing(tx, TOGETHER);
    const requestIds = locked.map(({ requestId }) => requestId);
    const pins = await pinsOf(tx, requestIds);
    const orders = Map.groupBy(await ordersOfRequests(tx, requestIds), ({ requestId }) => requestId);
    const fixed = await closingsOf(tx, requestIds);
    const at = this.clock.now();
    const exceptions = new Map<string, Exception[]>();
    const asException = ({ requestId, exceptionReason }: Request) =>
      exceptionReason !== null && !fixed.has(requestId);
    for (const { requestId, right } of locked.filter(asException)) {
      const [said, asked] = [await saidAbout(tx, requestId), await askedSince(tx, requestId)];
      const services = Object.keys(pins.get(requestId) ?? {});
      const processors = await missingProcessors(tx, requestId);
      const missing = exceptionsOf(right, services, said, asked, at, processors);
      // All has come in since a member closed it: it is complete, and there is nothing to give a reason for.
      if (missing.length === 0) await setException(tx, requestId, null);
      else exceptions.set(requestId, missing);
    }
    const requests = locked.map((request) =>
      asException(request) && !exceptions.has(request.requestId)
        ? { ...request, exceptionReason: null }
        : request,
    );
    const notAsked = new Map<string, string[]>();
    for (const { requestId, right } of requests)
      notAsked.set(
        requestId,
        await this.manifests.notAsked(tx, right, Object.keys(pins.get(requestId) ?? {})),
      );
    const closings = requests.map((request) => {
      const { requestId } = request;
      const closing = fixed.get(requestId) ?? {
        statement: requestStatement(
          tx.tenantId,
          request,
          pins.get(requestId) ?? {},
          Object.fromEntries((orders.get(requestId) ?? []).map(({ action, orderId }) => [action, orderId])),
          at,
          exceptions.get(requestId),
          notAsked.get(requestId) ?? [],
        ),
        salt: randomBytes(32),
        leaf: null,
      };
      return { request, closing };
    });
    await setClosings(
      tx,
      closings.map(({ request: { requestId }, closing }) => ({ requestId, ...closing })),
    );
    return closings;
  }

  private async complete(tx: Tx, closed: readonly (Request & { leaf: number; at: Date })[]): Promise<void> {
    if (closed.length === 0) return;
    const requestIds = closed.map(({ requestId }) => requestId);
    await lockRequests(tx, requestIds);
    await destroyIdentifiers(tx, requestIds);
    await destroyCorrections(tx, requestIds);
    await complete(tx, closed);
    await endRestrictions(tx, requestIds);
    await addSweepDue(
      tx,
      closed.filter(({ right }) => right === 'ERASURE'),
    );
    await this.requesters.completed(tx, requestIds);
    for (const [at, those] of Map.groupBy(closed, (request) => request.at.getTime())) {
      await this.forgetting.later(
        tx,
        those.map(({ requestId }) => requestId),
        new Date(at),
      );
    }
    const now = this.clock.now();
    await this.audit.recordIn(
      tx,
      closed.map(({ subjectId }) => ({
        ...{ entryId: newId(), at: now, actorId: 'privacy', action: 'request completed', service: 'privacy' },
        subjectId,
      })),
    );
    tx.afterCommit(() => {
      for (const { at, receivedAt, right } of closed) {
        requestMs.record(at.getTime() - receivedAt.getTime(), { kind: right });
      }
    });
  }
}

/** Described in docs/certificate.md. */
function requestStatement(
  tenantId: string,
  request: Request,
  manifests: Record<string, string>,
  orders: Record<string, string>,
  at: Date,
  exceptions: readonly Exception[] | undefined,
  notAsked: readonly string[],
): Buffer {
  return Buffer.from(
    canonicalJson({
      closed_at: at.toISOString(),
      ...(exceptions && { exceptions, reason: request.exceptionReason }),
      format: 'heed request v1',
      manifests,
      ...(notAsked.length > 0 && { not_asked: notAsked }),
      ...(request.informed !== null && { informed: request.informed }),
      objects: request.objects,
      orders,
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

function closingLeaf({ statement, salt }: Closing): Buffer {
  const commitment = leafHash(Buffer.concat([salt, statement])).toString('base64');
  return Buffer.from(canonicalJson({ commitment, type: 'request_closed' }));
}

function closedAt({ statement }: Closing): Date {
  return new Date((JSON.parse(statement.toString('utf8')) as { closed_at: string }).closed_at);
}
