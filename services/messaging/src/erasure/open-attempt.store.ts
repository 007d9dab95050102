import { Injectable } from '@nestjs/common';
import { type HandedSpan } from '@heed/data-rights';
import { type Tx } from '@heed/postgres';
import { type Concluded } from '../dispatch/announce-conclusions.js';

@Injectable()
export class OpenAttemptStore {
  async anyArmed(tx: Tx, contactIds: readonly string[]): Promise<boolean> {
    const [row] = await tx.query<{ found: boolean }>(
      `select exists (
         select 1 from attempt where tenant_id = $1 and contact_id = any ($2::uuid[]) and state = 'armed'
       ) as found`,
      [tx.tenantId, contactIds],
    );
    return row?.found ?? false;
  }

  /**
   * How often a mail to each of them began to be handed over in this span: what was armed may have come to the provider,
   * whatever became of it, but for what was skipped at the last check.
   */
  async handedOver(
    tx: Tx,
    contactIds: readonly string[],
    { from, until }: HandedSpan,
  ): Promise<Map<string, number>> {
    const rows = await tx.query<{ contactId: string; count: number }>(
      `select contact_id as "contactId", count(*)::int as count from attempt
       where tenant_id = $1 and contact_id = any ($2::uuid[]) and armed_at is not null
         and outcome is distinct from 'skipped'
         and ($3::timestamptz is null or armed_at >= $3) and ($4::timestamptz is null or armed_at < $4)
       group by contact_id`,
      [tx.tenantId, contactIds, from ?? null, until ?? null],
    );
    return new Map(rows.map(({ contactId, count }) => [contactId, count]));
  }

  /** Of one that was armed since it was looked for, nobody can tell whether it was sent. */
  async endAll(tx: Tx, contactIds: readonly string[], at: Date): Promise<Concluded[]> {
    const rows = await tx.query<{
      attempt_id: string;
      intent_id: string | null;
      campaign_id: string | null;
      contact_id: string;
      outcome: Concluded['outcome'];
      reason: string;
    }>(
      `update attempt set state = 'concluded', outcome = case state when 'armed' then 'unknown' else 'skipped' end,
         reason = 'erased', concluded_at = $3, sender_id = null
       where tenant_id = $1 and contact_id = any ($2::uuid[]) and state <> 'concluded'
       returning attempt_id, intent_id, campaign_id, contact_id, outcome, reason`,
      [tx.tenantId, contactIds, at],
    );
    return rows.map((row) => ({
      attemptId: row.attempt_id,
      intentId: row.intent_id ?? '',
      campaignId: row.campaign_id ?? '',
      contactId: row.contact_id,
      outcome: row.outcome,
      reason: row.reason,
    }));
  }
}
