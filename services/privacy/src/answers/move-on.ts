import { Inject, Injectable } from '@nestjs/common';
import { DueWork } from '@heed/data-rights';
import { type Tx } from '@heed/postgres';
import { Signals } from '@heed/signals';
import { LOGGER, type Logger } from '@heed/telemetry';
import { needAttention } from '../measures.js';
import { IssueOrders } from '../orders/issue-orders.js';
import { withoutOrder } from '../orders/order.store.js';
import { nextStep, type Request, type Step } from '../requests/request.js';
import { lockRequests, progressOf, setState } from '../requests/request.store.js';

/** Requests for access of which every store has answered: their package is to be made. */
export const PACKAGES = 'packages';
/** A tenant's requests in CLOSING, of which everything is in. */
export const CLOSINGS = 'closings';

/** Moves requests on as far as the answers allow. */
@Injectable()
export class MoveOn {
  constructor(
    private readonly issue: IssueOrders,
    private readonly due: DueWork,
    private readonly signals: Signals,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  lock(tx: Tx, requestIds: readonly string[]): Promise<Request[]> {
    return lockRequests(tx, requestIds);
  }

  /** Requests that are locked. */
  async all(tx: Tx, requests: readonly Request[]): Promise<void> {
    const progress = await progressOf(
      tx,
      requests.map(({ requestId }) => requestId),
    );
    const steps = Map.groupBy(requests, ({ requestId, right, state }) => {
      const at = progress.get(requestId);
      return at ? nextStep(right, state, at) : 'wait';
    });
    for (const [step, those] of steps) await this.take(tx, step, those);
    this.tell(tx, requests);
  }

  /** Whoever watches looks again. */
  tell(tx: Tx, requests: readonly Request[]): void {
    tx.afterCommit(() => {
      for (const { requestId } of requests) {
        this.signals.publish('heed.progress', { tenantId: tx.tenantId, requestId });
      }
    });
  }

  /** Everything is in. One piece of work for all of a tenant: who waits for it is closed together. */
  async toClose(tx: Tx, requestIds: readonly string[]): Promise<void> {
    await setState(tx, requestIds, 'CLOSING');
    await this.due.add(tx, CLOSINGS, [tx.tenantId]);
  }

  /** One step of many requests, set-based. */
  private async take(tx: Tx, step: Step, requests: readonly Request[]): Promise<void> {
    const requestIds = requests.map(({ requestId }) => requestId);
    switch (step) {
      case 'wait':
        return;
      case 'probe':
        await setState(tx, requestIds, 'PROBING');
        return this.issue.order(tx, 'PROBE', requests);
      case 'probe late':
        return this.issue.order(tx, 'PROBE', await withoutOrder(tx, 'PROBE', requests));
      case 'package':
        return this.due.add(tx, PACKAGES, requestIds);
      case 'close':
        return this.toClose(tx, requestIds);
      case 'attend':
        await setState(tx, requestIds, 'NEEDS_ATTENTION');
        tx.afterCommit(() => needAttention.add(requestIds.length));
        for (const requestId of requestIds) {
          this.log.error('a probe has found what should be gone', { tenantId: tx.tenantId, requestId });
        }
    }
  }
}
