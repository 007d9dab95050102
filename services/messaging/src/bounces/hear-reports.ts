import { Injectable } from '@nestjs/common';
import { DeliveryReported, messagingV1 } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { type Tx } from '@heed/postgres';
import { metrics } from '@heed/telemetry';
import { AnnounceConclusions } from '../dispatch/announce-conclusions.js';
import { type DeliveryState } from './bounce-class.js';
import { DeliveryReportStore } from './delivery-report.store.js';

export const WIRE_DELIVERY: Record<DeliveryState, messagingV1.Delivery> = {
  delivered: messagingV1.Delivery.DELIVERY_DELIVERED,
  hard_bounce: messagingV1.Delivery.DELIVERY_HARD_BOUNCE,
  soft_bounce: messagingV1.Delivery.DELIVERY_SOFT_BOUNCE,
  blocked: messagingV1.Delivery.DELIVERY_BLOCKED,
  complained: messagingV1.Delivery.DELIVERY_COMPLAINED,
};

const reported = metrics.counter('heed_deliveries_reported_total', {
  description: 'What was heard of messages after they were handed over, by what',
});

export interface Report {
  attemptId: string;
  delivery: DeliveryState;
  code: string;
}

/** Writes down what became of messages, and tells the others in the same transaction. Told twice it is told once. */
@Injectable()
export class HearReports {
  constructor(
    private readonly store: DeliveryReportStore,
    private readonly outbox: Outbox,
    private readonly announce: AnnounceConclusions,
  ) {}

  async hear(tx: Tx, report: Report, at: Date): Promise<void> {
    const news = await this.store.report(tx, report, at);
    if (!news) return;
    const { delivery, issuer, ...rest } = news;
    tx.afterCommit(() => reported.add(1, { outcome: delivery }));
    // Addresses of members and requesters are nothing that contacts knows.
    if (issuer !== 'contacts') return;
    await this.outbox.add(tx, DeliveryReported, {
      ...{ ...rest, delivery: WIRE_DELIVERY[delivery], reportedAt: at.toISOString() },
    });
  }

  /** Something came back from a message: whatever was unknown of it, it was handed over. Never a reason to send again. */
  async wasSent(tx: Tx, attemptId: string, at: Date): Promise<void> {
    const concluded = await this.store.reconcile(tx, attemptId, at);
    if (concluded) await this.announce.of(tx, [concluded], at);
  }
}
