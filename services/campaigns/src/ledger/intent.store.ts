import { derivedId, type TimeSpan } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { type Campaign, type Channel } from '../campaigns/campaign.js';
import { type Conclusion, type IntentState, type Outcome } from './ledger.js';

export const FIRST_STEP = 1;
/** There is one try now; it is part of an intent's identity from the first row on. */
export const FIRST_TRY = 1;

/** The same plan gives the same id, on every machine and after every restore: planned twice, it collides. */
export function intentIdOf(campaignId: string, step: number, contactId: string, channel: Channel): string {
  return derivedId(campaignId, String(step), contactId, channel, String(FIRST_TRY));
}

/**
 * Behind the campaign's lock: the first step, for people of the list. Returns how many were planned: a contact that was
 * planned before is left as it is.
 */
export function planIntents(
  tx: Tx,
  campaign: Pick<Campaign, 'campaignId' | 'channel'>,
  contactIds: readonly string[],
  at: Date,
): Promise<number> {
  const { campaignId, channel } = campaign;
  return tx.execute(
    `insert into intent
       (tenant_id, campaign_id, ordinal, intent_id, contact_id, step, channel, try, state, updated_at)
     select $1, $2, last.ordinal + e.place, e.intent_id, e.contact_id, $5, $6, $7, 'planned', $8
     from unnest($3::uuid[], $4::uuid[]) with ordinality as e (intent_id, contact_id, place),
       (select coalesce(max(ordinal), 0) as ordinal from intent where tenant_id = $1 and campaign_id = $2) last
     on conflict on constraint intent_once do nothing`,
    [
      ...[tx.tenantId, campaignId],
      contactIds.map((contactId) => intentIdOf(campaignId, FIRST_STEP, contactId, channel)),
      contactIds,
      ...[FIRST_STEP, channel, FIRST_TRY, at],
    ],
  );
}

/**
 * The last contact that was planned: where an interrupted reading of the audience goes on. Contacts come in order of
 * id. One who was erased meanwhile has no id here, but is dead, and will not be planned again.
 */
export async function lastPlannedContact(tx: Tx, campaignId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ contact_id: string }>(
    `select contact_id from intent
     where tenant_id = $1 and campaign_id = $2 and step = $3 and contact_id is not null
     order by ordinal desc limit 1`,
    [tx.tenantId, campaignId, FIRST_STEP],
  );
  return row?.contact_id;
}

export interface Conclude {
  intentId: string;
  /** As the sender was told when it was asked; an intent of another campaign is not known by it. */
  campaignId: string;
  outcome: Outcome;
  reason: string | null;
  /** A later word than the first: it tells what became of an unknown one. */
  isLater?: boolean;
  /** It tells of nothing else: one that is open still has its first word to come. */
  onlyUnknown?: boolean;
}

/**
 * Behind the campaigns' locks. Changes, and returns, what was not concluded before; and by a later word what was
 * unknown, which becomes sent or failed once and for all.
 */
export function conclude(tx: Tx, intents: readonly Conclude[], at: Date): Promise<Conclusion[]> {
  return tx.query<Conclusion>(
    `update intent i set state = 'concluded', outcome = e.outcome, reason = e.reason, due_at = null, updated_at = $5
     from unnest($2::uuid[], $3::text[], $4::text[], $6::uuid[], $7::boolean[], $8::boolean[])
       as e (intent_id, outcome, reason, campaign_id, is_later, only_unknown)
     where i.tenant_id = $1 and i.intent_id = e.intent_id and i.campaign_id = e.campaign_id
       and ((i.state <> 'concluded' and not e.only_unknown) or (i.outcome = 'unknown' and e.is_later and e.outcome in ('sent', 'failed')))
     returning ${CONCLUSION}`,
    [
      tx.tenantId,
      intents.map(({ intentId }) => intentId),
      intents.map(({ outcome }) => outcome),
      intents.map(({ reason }) => reason),
      at,
      intents.map(({ campaignId }) => campaignId),
      intents.map(({ isLater }) => isLater ?? false),
      intents.map(({ onlyUnknown }) => onlyUnknown ?? false),
    ],
  );
}

/** Who is no longer to be reached: about which contact, by which channel and for which purpose; null: all. */
export interface OptOut {
  contactId: string;
  channel: Channel | null;
  purpose: string | null;
}

/** Campaigns that have something planned for these contacts which their opt-outs cover. */
export async function campaignsOfOptOuts(tx: Tx, optOuts: readonly OptOut[]): Promise<string[]> {
  const rows = await tx.query<{ campaign_id: string }>(
    `select distinct i.campaign_id ${PLANNED_AND_COVERED}`,
    [tx.tenantId, ...columnsOf(optOuts)],
  );
  return rows.map((row) => row.campaign_id);
}

/** Behind the campaigns' locks. What is with a sender stays: its permit will be refused, and the sender says so. */
export function skipOptedOut(
  tx: Tx,
  campaignIds: readonly string[],
  optOuts: readonly OptOut[],
  at: Date,
): Promise<Conclusion[]> {
  return tx.query<Conclusion>(
    `update intent i set state = 'concluded', outcome = 'skipped', reason = 'opted_out', due_at = null,
       updated_at = $6
     from (select distinct i.campaign_id, i.ordinal ${PLANNED_AND_COVERED} and i.campaign_id = any ($5::uuid[])) covered
     where i.tenant_id = $1 and i.campaign_id = covered.campaign_id and i.ordinal = covered.ordinal
     returning ${CONCLUSION}`,
    [tx.tenantId, ...columnsOf(optOuts), campaignIds, at],
  );
}

/** Campaigns that have something open for these people. */
export async function campaignsOfContacts(tx: Tx, contactIds: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ campaign_id: string }>(
    `select distinct campaign_id from intent
     where tenant_id = $1 and contact_id = any ($2::uuid[]) and state <> 'concluded'`,
    [tx.tenantId, contactIds],
  );
  return rows.map((row) => row.campaign_id);
}

/** Behind the locks of subjects and campaigns. */
export function skipErased(tx: Tx, contactIds: readonly string[], at: Date): Promise<Conclusion[]> {
  return tx.query<Conclusion>(
    `update intent i set state = 'concluded', outcome = 'skipped', reason = 'erased', due_at = null, updated_at = $3
     where i.tenant_id = $1 and i.contact_id = any ($2::uuid[]) and i.state <> 'concluded'
     returning ${CONCLUSION}`,
    [tx.tenantId, contactIds, at],
  );
}

export interface IntentRow {
  campaignId: string;
  ordinal: string;
  intentId: string | null;
  contactId: string | null;
  state: IntentState;
  outcome: Outcome | null;
  reason: string | null;
  step: number;
  dueAt: Date | null;
  bouncedAt: Date | null;
  updatedAt: Date;
}

export interface IntentFilter {
  state: IntentState | undefined;
  outcome: Outcome | undefined;
  contactId: string | undefined;
  reason: string | undefined;
  updated: TimeSpan;
}

/** In order of ordinal. */
export function intentsAfter(
  tx: Tx,
  campaignId: string,
  page: IntentFilter & { after: string; limit: number },
): Promise<IntentRow[]> {
  const { state, outcome, contactId, reason, updated, after, limit } = page;
  return tx.query<IntentRow>(
    `select ${ROW} from intent
     where tenant_id = $1 and campaign_id = $2 and ordinal > $3
       and ($4::text is null or state = $4) and ($5::text is null or outcome = $5)
       and ($6::uuid is null or contact_id = $6) and ($7::text is null or reason = $7)
       and ($8::timestamptz is null or updated_at >= $8) and ($9::timestamptz is null or updated_at < $9)
     order by ordinal limit $10`,
    [
      ...[tx.tenantId, campaignId, after, state ?? null, outcome ?? null, contactId ?? null, reason ?? null],
      ...[updated.from ?? null, updated.until ?? null, limit],
    ],
  );
}

/** Undefined for one that is not there, or whose person was erased. */
export async function intentById(tx: Tx, intentId: string): Promise<IntentRow | undefined> {
  const [row] = await tx.query<IntentRow>(
    `select ${ROW} from intent where tenant_id = $1 and intent_id = $2`,
    [tx.tenantId, intentId],
  );
  return row;
}

/** A message that came back for good, and how its intent stands. */
export interface Bounced {
  campaignId: string;
  step: number;
  contactId: string | null;
  /** Null while it is open: its sender's word is still to come. */
  outcome: Outcome | null;
  /** Of its end. */
  updatedAt: Date;
}

/** Behind the campaigns' locks. Notes that messages came back; what was noted before is not returned. */
export function noteBounces(
  tx: Tx,
  bounces: readonly Pick<Conclude, 'intentId' | 'campaignId'>[],
  at: Date,
): Promise<Bounced[]> {
  return tx.query<Bounced>(
    `update intent i set bounced_at = $4
     from (select distinct * from unnest($2::uuid[], $3::uuid[]) as e (intent_id, campaign_id)) e
     where i.tenant_id = $1 and i.intent_id = e.intent_id and i.campaign_id = e.campaign_id and i.bounced_at is null
     returning i.campaign_id as "campaignId", i.step, i.contact_id as "contactId", i.outcome, i.updated_at as "updatedAt"`,
    [tx.tenantId, bounces.map(({ intentId }) => intentId), bounces.map(({ campaignId }) => campaignId), at],
  );
}

const ROW = `ordinal, campaign_id as "campaignId", intent_id as "intentId", contact_id as "contactId", state, outcome,
  reason, step, due_at as "dueAt", bounced_at as "bouncedAt", updated_at as "updatedAt"`;

const CONCLUSION = `new.campaign_id as "campaignId", new.step, new.outcome, new.reason, new.intent_id as "intentId",
  new.contact_id as "contactId", new.bounced_at is not null as bounced, case old.state when 'concluded' then old.outcome else old.state end as was`;

const PLANNED_AND_COVERED = `
  from unnest($2::uuid[], $3::text[], $4::text[]) as o (contact_id, channel, purpose)
  join intent i on i.tenant_id = $1 and i.contact_id = o.contact_id and i.state in ('planned', 'deferred')
    and (o.channel is null or i.channel = o.channel)
  join campaign c on c.tenant_id = i.tenant_id and c.campaign_id = i.campaign_id
    and (o.purpose is null or c.purpose = o.purpose)
  where true`;

function columnsOf(optOuts: readonly OptOut[]): unknown[] {
  return [
    optOuts.map(({ contactId }) => contactId),
    optOuts.map(({ channel }) => channel),
    optOuts.map(({ purpose }) => purpose),
  ];
}
