import { Injectable } from '@nestjs/common';
import { DeliveryReported, messagingV1 } from '@heed/contracts';
import { Consumers } from '@heed/events';
import { ConcludeIntents } from './conclude-intents.js';
import { type Conclude } from './intent.store.js';

const { Delivery } = messagingV1;

/**
 * What became of a message afterwards concludes it only where nobody could tell whether it had been handed over: what
 * came back, or arrived, had. One that was sent and came back stays sent, and may begin a step that follows what bounced.
 */
@Injectable()
export class DeliveryReportedConsumer {
  constructor(consumers: Consumers, concludeIntents: ConcludeIntents) {
    consumers.add({
      event: DeliveryReported,
      group: 'campaigns.deliveries',
      handle: async (tx, events) => {
        const words = events.flatMap(({ data }) => wordOf(data) ?? []);
        const bounces = events.flatMap(({ data }) =>
          data.delivery === Delivery.DELIVERY_HARD_BOUNCE ? [data] : [],
        );
        if (words.length > 0) await concludeIntents.asDeliveriesSay(tx, words, bounces);
      },
    });
  }
}

/** Undefined for what is still on its way, and for what no campaign asked for. */
export function wordOf({
  intentId,
  campaignId,
  delivery,
  code,
}: messagingV1.DeliveryReported): Conclude | undefined {
  if (campaignId === '') return undefined;
  const word = { intentId, campaignId, isLater: true, onlyUnknown: true };
  switch (delivery) {
    case Delivery.DELIVERY_DELIVERED:
    case Delivery.DELIVERY_COMPLAINED:
      return { ...word, outcome: 'sent', reason: null };
    case Delivery.DELIVERY_HARD_BOUNCE:
    case Delivery.DELIVERY_BLOCKED:
      return { ...word, outcome: 'failed', reason: code || 'bounced' };
    default:
      return undefined;
  }
}
