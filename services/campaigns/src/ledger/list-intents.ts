import { Injectable } from '@nestjs/common';
import { type campaignsV1 } from '@heed/contracts';
import { timeSpan } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { readPage } from '@heed/rpc';
import { campaignById } from '../campaigns/campaign.store.js';
import { messageOf, OUTCOMES, STATES } from './intent-message.js';
import { intentsAfter, type IntentRow } from './intent.store.js';

/** Intents of a campaign in the order of its audience. */
@Injectable()
export class ListIntents {
  constructor(private readonly uow: UnitOfWork) {}

  list(tenantId: string, request: campaignsV1.ListIntentsRequest): Promise<campaignsV1.ListIntentsResponse> {
    const { campaignId, contactId, reason, updatedAfter, updatedBefore } = request;
    const filter = {
      state: keyOf(STATES, request.state),
      outcome: keyOf(OUTCOMES, request.outcome),
      contactId: contactId === '' ? undefined : contactId,
      reason: reason === '' ? undefined : reason,
      updated: timeSpan('updated', updatedAfter, updatedBefore),
    };
    return this.uow.run(tenantId, async (tx) => {
      await campaignById(tx, campaignId);
      const { rows, nextPageToken } = await readPage(
        request,
        { of: (intent: IntentRow) => intent.ordinal, isValid: (text) => /^\d{1,18}$/.test(text) },
        (after, limit) => intentsAfter(tx, campaignId, { ...filter, after: after ?? '0', limit }),
      );
      return { intents: rows.map(messageOf), nextPageToken };
    });
  }
}

/** Undefined where the code is unspecified: all. */
function keyOf<Key extends string>(codes: Record<Key, number>, code: number): Key | undefined {
  return (Object.keys(codes) as Key[]).find((key) => codes[key] === code);
}
