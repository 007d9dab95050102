import { Injectable } from '@nestjs/common';
import { DeliveryReported, messagingV1 } from '@heed/contracts';
import { Consumers } from '@heed/events';
import { lockSubjects, type Tx } from '@heed/postgres';
import { afterReport, type EndpointState, type Report } from './endpoint-state.js';
import { saveStates, statesForUpdate } from './endpoint-state.store.js';

/** What says something of the address. A refusal of the message does not, and a complaint is an opt-out. */
const REPORTS: Partial<Record<messagingV1.Delivery, Report>> = {
  [messagingV1.Delivery.DELIVERY_DELIVERED]: 'delivered',
  [messagingV1.Delivery.DELIVERY_HARD_BOUNCE]: 'hard_bounce',
  [messagingV1.Delivery.DELIVERY_SOFT_BOUNCE]: 'soft_bounce',
};

/** Senders say what became of messages: addresses that mail comes back from get no permits. */
@Injectable()
export class DeliveryReportedConsumer {
  constructor(consumers: Consumers) {
    consumers.add({
      event: DeliveryReported,
      group: 'contacts.endpoint-states',
      handle: (tx, events) =>
        hearReports(
          tx,
          events.map(({ data }) => data),
        ),
    });
  }
}

export async function hearReports(tx: Tx, events: readonly messagingV1.DeliveryReported[]): Promise<void> {
  const telling = events.filter(({ delivery }) => REPORTS[delivery] !== undefined);
  if (telling.length === 0) return;
  const living = await lockSubjects(tx, [...new Set(telling.map(({ contactId }) => contactId))]);
  const known = await statesForUpdate(tx, [...new Set(telling.map(({ endpointId }) => endpointId))]);
  const changed = new Map<string, EndpointState & { endpointId: string; contactId: string }>();
  for (const { endpointId, delivery, code, reportedAt } of telling) {
    const found = known.get(endpointId);
    // Erased, or of a past that this database lost: there is no address to say it of.
    if (!found || !living.has(found.contactId)) continue;
    const state = afterReport(changed.get(endpointId) ?? found.state, {
      ...{ report: REPORTS[delivery]!, code, at: new Date(reportedAt) },
    });
    changed.set(endpointId, { ...state, endpointId, contactId: found.contactId });
  }
  await saveStates(tx, [...changed.values()]);
}
