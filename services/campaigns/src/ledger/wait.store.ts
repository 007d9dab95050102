import { type Tx } from '@heed/postgres';
import { type Channel } from '../campaigns/campaign.js';
import { FIRST_TRY, intentIdOf } from './intent.store.js';
import { type Place } from './ledger.js';

/** A sender could not begin, and says when it is worth asking again. */
export interface Defer {
  intentId: string;
  campaignId: string;
  until: Date;
  reason: string | null;
  /** How often it had come back before: one that was told of an earlier time is old. */
  deferrals: number;
}

export interface Deferred {
  campaignId: string;
  step: number;
  was: Place;
  dueAt: Date;
}

/**
 * Behind the campaigns' locks. They wait, for as long as they are open. One that is only planned here was handed out in
 * a past that this database lost: its sender knows better.
 */
export function defer(tx: Tx, intents: readonly Defer[], at: Date): Promise<Deferred[]> {
  return tx.query<Deferred>(
    `update intent i set state = 'deferred', due_at = e.until, reason = e.reason, deferrals = i.deferrals + 1,
       updated_at = $7
     from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[], $6::int[])
       as e (intent_id, campaign_id, until, reason, deferrals)
     where i.tenant_id = $1 and i.intent_id = e.intent_id and i.campaign_id = e.campaign_id
       and i.state in ('planned', 'dispatched') and i.deferrals = e.deferrals
     returning i.campaign_id as "campaignId", i.step, old.state as was, i.due_at as "dueAt"`,
    [
      tx.tenantId,
      intents.map(({ intentId }) => intentId),
      intents.map(({ campaignId }) => campaignId),
      intents.map(({ until }) => until),
      intents.map(({ reason }) => reason),
      intents.map(({ deferrals }) => deferrals),
      at,
    ],
  );
}

/** The next step of one contact, from when it is due. */
export interface FollowUp {
  campaignId: string;
  step: number;
  channel: Channel;
  contactId: string;
  dueAt: Date;
}

/** Behind the locks of subjects and campaigns. Returns those that were not planned before. */
export async function planFollowUps(
  tx: Tx,
  followUps: readonly FollowUp[],
  at: Date,
): Promise<{ campaignId: string; step: number }[]> {
  if (followUps.length === 0) return [];
  return tx.query<{ campaignId: string; step: number }>(
    `insert into intent
       (tenant_id, campaign_id, ordinal, intent_id, contact_id, step, channel, try, state, due_at, updated_at)
     select $1, f.campaign_id, last.ordinal + row_number() over (partition by f.campaign_id order by f.place),
       f.intent_id, f.contact_id, f.step, f.channel, $8, 'deferred', f.due_at, $9
     from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::smallint[], $6::text[], $7::timestamptz[])
         with ordinality as f (campaign_id, intent_id, contact_id, step, channel, due_at, place)
     cross join lateral (
       select coalesce(max(i.ordinal), 0) as ordinal from intent i
       where i.tenant_id = $1 and i.campaign_id = f.campaign_id) last
     on conflict on constraint intent_once do nothing
     returning campaign_id as "campaignId", step`,
    [
      tx.tenantId,
      followUps.map(({ campaignId }) => campaignId),
      followUps.map(({ campaignId, step, contactId, channel }) =>
        intentIdOf(campaignId, step, contactId, channel),
      ),
      followUps.map(({ contactId }) => contactId),
      followUps.map(({ step }) => step),
      followUps.map(({ channel }) => channel),
      followUps.map(({ dueAt }) => dueAt),
      FIRST_TRY,
      at,
    ],
  );
}

/** Whom these intents are about. */
export async function contactsOfIntents(tx: Tx, intentIds: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ contact_id: string }>(
    'select distinct contact_id from intent where tenant_id = $1 and intent_id = any ($2::uuid[])',
    [tx.tenantId, intentIds],
  );
  return rows.map((row) => row.contact_id);
}
