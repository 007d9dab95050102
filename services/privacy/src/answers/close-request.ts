import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DueWork, type DueItem } from '@heed/data-rights';
import { canonicalJson, CLOCK, leafHash, newId, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { RecordAccess } from '../audit/record-access.js';
import { TransparencyLog } from '../log/transparency-log.js';
import { requestMs } from '../measures.js';
import { ordersOfRequest } from '../orders/order.store.js';
import { destroyIdentifiers } from '../requests/identifiers.store.js';
import { type Request } from '../requests/request.js';
import {
  closingOf,
  complete,
  lockRequests,
  pinsOf,
  setClosing,
  type Closing,
} from '../requests/request.store.js';
import { ForgetRequest } from './forget-request.js';
import { CLOSINGS } from './move-on.js';

/**
 * Ends a request of which everything is in: what is said about it is fixed, the log commits to it under a signed
 * checkpoint, and only then is the request completed. Killed in between, it goes on with the same words.
 */
@Injectable()
export class CloseRequest implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly log: TransparencyLog,
    private readonly audit: RecordAccess,
    private readonly forgetting: ForgetRequest,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.due.serve(CLOSINGS, (item) => this.close(item));
  }

  private async close(item: DueItem): Promise<void> {
    const { tenantId, ref: requestId } = item;
    const closing = await this.uow.run(tenantId, (tx) => this.fix(tx, requestId));
    if (!closing || closing.leaf !== null) return this.uow.run(tenantId, (tx) => item.done(tx));
    const [leaf] = await this.log.append([closingLeaf(closing)]);
    await this.uow.run(tenantId, async (tx) => {
      const [request] = await lockRequests(tx, [requestId]);
      const at = closedAt(closing);
      await destroyIdentifiers(tx, requestId);
      await complete(tx, requestId, leaf!, at);
      await this.forgetting.later(tx, requestId, at);
      if (request) {
        tx.afterCommit(() =>
          requestMs.record(at.getTime() - request.receivedAt.getTime(), { kind: request.right }),
        );
      }
      await this.audit.recordIn(tx, [
        {
          entryId: newId(),
          at: this.clock.now(),
          actorId: 'privacy',
          action: 'request completed',
          service: 'privacy',
          ...(request && { subjectId: request.subjectId }),
        },
      ]);
      await item.done(tx);
    });
  }

  private async fix(tx: Tx, requestId: string): Promise<Closing | undefined> {
    const [request] = await lockRequests(tx, [requestId]);
    const fixed = await closingOf(tx, requestId);
    if (fixed || !request) return fixed;
    const statement = requestStatement(
      tx.tenantId,
      request,
      await pinsOf(tx, requestId),
      Object.fromEntries(
        (await ordersOfRequest(tx, requestId)).map(({ action, orderId }) => [action, orderId]),
      ),
      this.clock.now(),
    );
    const salt = randomBytes(32);
    await setClosing(tx, requestId, statement, salt);
    return { statement, salt, leaf: null };
  }
}

/** Described in docs/certificate.md. */
function requestStatement(
  tenantId: string,
  request: Request,
  manifests: Record<string, string>,
  orders: Record<string, string>,
  at: Date,
): Buffer {
  return Buffer.from(
    canonicalJson({
      closed_at: at.toISOString(),
      format: 'heed request v1',
      manifests,
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
