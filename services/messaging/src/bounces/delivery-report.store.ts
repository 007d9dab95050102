import { Injectable } from '@nestjs/common';
import { type Issuer } from '@heed/permits';
import { type Tx } from '@heed/postgres';
import { type Concluded } from '../dispatch/announce-conclusions.js';
import { type DeliveryState } from './bounce-class.js';

export interface Reported {
  attemptId: string;
  intentId: string;
  campaignId: string;
  contactId: string;
  issuer: Issuer;
  endpointId: string;
  delivery: DeliveryState;
  code: string;
}

/** What outweighs what, where two reports differ: a relay says "delivered", and the mail comes back an hour later. */
const WEIGHT = `array['delivered', 'soft_bounce', 'blocked', 'hard_bounce', 'complained']`;

/** What became of messages after they were handed over. */
@Injectable()
export class DeliveryReportStore {
  /** Writes it beside the outcome. Undefined where nothing changes: told before, outweighed, or of somebody erased. */
  async report(
    tx: Tx,
    { attemptId, delivery, code }: { attemptId: string; delivery: DeliveryState; code: string },
    at: Date,
  ): Promise<Reported | undefined> {
    const [row] = await tx.query<{
      intent_id: string | null;
      campaign_id: string | null;
      contact_id: string;
      issuer: Issuer;
      endpoint_id: string;
    }>(
      `update attempt set delivery = $3, delivery_code = $4, delivery_at = $5
       where tenant_id = $1 and attempt_id = $2 and endpoint_id is not null
         and coalesce(array_position(${WEIGHT}, delivery), 0) < array_position(${WEIGHT}, $3)
       returning intent_id, campaign_id, contact_id, issuer, endpoint_id`,
      [tx.tenantId, attemptId, delivery, code, at],
    );
    return (
      row && {
        ...{ attemptId, intentId: row.intent_id ?? '', campaignId: row.campaign_id ?? '' },
        ...{ contactId: row.contact_id, issuer: row.issuer },
        ...{ endpointId: row.endpoint_id, delivery, code },
      }
    );
  }

  /**
   * An attempt of which nobody could tell whether it was sent. Somebody answers to it: it was. What was restored has no
   * permit here that it could have been sent under, and stays unknown.
   */
  async reconcile(tx: Tx, attemptId: string, at: Date): Promise<Concluded | undefined> {
    const [row] = await tx.query<{
      intent_id: string | null;
      campaign_id: string | null;
      contact_id: string;
    }>(
      `update attempt set outcome = 'sent', reason = '', concluded_at = $3
       where tenant_id = $1 and attempt_id = $2 and outcome = 'unknown' and armed_at is not null
         and contact_id is not null
       returning intent_id, campaign_id, contact_id`,
      [tx.tenantId, attemptId, at],
    );
    return (
      row && {
        ...{ attemptId, intentId: row.intent_id ?? '', campaignId: row.campaign_id ?? '' },
        contactId: row.contact_id,
        ...{ outcome: 'sent', reason: '' },
      }
    );
  }
}
