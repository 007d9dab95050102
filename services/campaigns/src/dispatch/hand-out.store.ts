import { type Tx } from '@heed/postgres';
import { type Conclusion } from '../ledger/ledger.js';

// An array and not a join: on a table that grew since its last ANALYZE the join is planned as a nested loop over the
// whole campaign, 8 s for 2,300 intents on a busy machine; the array is always looked up by the primary key.
const NEXT_PLANNED = `array(
  select ordinal from intent
  where tenant_id = $1 and campaign_id = $2 and ordinal > $3 and state = 'planned'
  order by ordinal limit $4)`;

export interface HandedOut {
  ordinal: bigint;
  intentId: string;
  contactId: string;
  try: number;
  deferrals: number;
}

interface HandedOutRow {
  ordinal: string;
  intent_id: string;
  contact_id: string;
  try: number;
  deferrals: number;
}

const HANDED_OUT = 'i.ordinal, i.intent_id, i.contact_id, i.try, i.deferrals';

/** Behind the campaign's lock. The next planned intents after `after`: those of the first step, in order of ordinal. */
export async function handOutPlanned(
  tx: Tx,
  campaignId: string,
  { after, take, at }: { after: bigint; take: number; at: Date },
): Promise<HandedOut[]> {
  const rows = await tx.query<HandedOutRow>(
    `update intent i set state = 'dispatched', updated_at = $5
     where i.tenant_id = $1 and i.campaign_id = $2 and i.ordinal = any (${NEXT_PLANNED})
     returning ${HANDED_OUT}`,
    [tx.tenantId, campaignId, after, take, at],
  );
  return handedOut(rows);
}

/** Behind the campaign's lock. Intents of a step that waited for their time, and it has come. */
export async function handOutDue(
  tx: Tx,
  campaignId: string,
  step: number,
  { take, at }: { take: number; at: Date },
): Promise<HandedOut[]> {
  const rows = await tx.query<HandedOutRow>(
    `update intent i set state = 'dispatched', due_at = null, reason = null, updated_at = $5
     where i.tenant_id = $1 and i.campaign_id = $2 and i.ordinal = any (array(
       select ordinal from intent
       where tenant_id = $1 and campaign_id = $2 and step = $3 and due_at <= $5
       order by due_at, ordinal limit $4))
     returning ${HANDED_OUT}`,
    [tx.tenantId, campaignId, step, take, at],
  );
  return handedOut(rows);
}

/** When the first of a step's deferred intents is due. */
export async function firstDueAt(tx: Tx, campaignId: string, step: number): Promise<Date | undefined> {
  const [row] = await tx.query<{ at: Date | null }>(
    `select min(due_at) as at from intent
     where tenant_id = $1 and campaign_id = $2 and step = $3 and due_at is not null`,
    [tx.tenantId, campaignId, step],
  );
  return row?.at ?? undefined;
}

interface Skip {
  take: number;
  reason: string;
  at: Date;
}

/** Behind the campaign's lock. Concludes the next planned intents after `after`, and says how far it came. */
export async function skipPlanned(
  tx: Tx,
  campaignId: string,
  { after, take, reason, at }: Skip & { after: bigint },
): Promise<{ skipped: Conclusion[]; to: bigint }> {
  const skipped = await tx.query<Conclusion & { ordinal: string }>(
    `update intent i set state = 'concluded', outcome = 'skipped', reason = $5, updated_at = $6
     where i.tenant_id = $1 and i.campaign_id = $2 and i.ordinal = any (${NEXT_PLANNED})
     returning i.ordinal, ${SKIPPED}`,
    [tx.tenantId, campaignId, after, take, reason, at],
  );
  const to = skipped.reduce((last, { ordinal }) => (BigInt(ordinal) > last ? BigInt(ordinal) : last), after);
  return { skipped, to };
}

/** Behind the campaign's lock. Concludes intents that wait for their time. */
export function skipDeferred(tx: Tx, campaignId: string, { take, reason, at }: Skip): Promise<Conclusion[]> {
  return tx.query<Conclusion>(
    `update intent i set state = 'concluded', outcome = 'skipped', reason = $4, due_at = null, updated_at = $5
     where i.tenant_id = $1 and i.campaign_id = $2 and i.ordinal = any (array(
       select ordinal from intent
       where tenant_id = $1 and campaign_id = $2 and due_at is not null limit $3))
     returning ${SKIPPED}`,
    [tx.tenantId, campaignId, take, reason, at],
  );
}

const SKIPPED = `i.campaign_id as "campaignId", i.step, old.state as was, i.outcome, i.reason,
  i.intent_id as "intentId", i.contact_id as "contactId"`;

function handedOut(rows: readonly HandedOutRow[]): HandedOut[] {
  return rows
    .map((row) => ({
      ordinal: BigInt(row.ordinal),
      intentId: row.intent_id,
      contactId: row.contact_id,
      try: row.try,
      deferrals: row.deferrals,
    }))
    .sort((a, b) => (a.ordinal < b.ordinal ? -1 : 1));
}
