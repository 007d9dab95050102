import { type Tx } from '@heed/postgres';
import { type Source } from '../consent/consent.js';
import { type Channel } from '../contacts/address.js';
import { NO_RULES, type ContactHours, type ContactRules, type FrequencyCap } from './contact-rules.js';

interface CapRow {
  channel: Channel | '';
  purpose: string;
  most: number;
  period_hours: number;
}

interface HoursRow {
  channel: Channel | '';
  purpose: string;
  days: number[];
  opens_minute: number;
  closes_minute: number;
  time_zone: string;
}

interface RulesRow {
  version: string;
  updated_at: Date;
  confirm_sources: Source[];
  confirm_within_minutes: number;
  confirm_language: string;
  caps: CapRow[];
  hours: HoursRow[];
}

/** The rules in force, all of them as they were at one moment. */
export async function contactRules(tx: Tx): Promise<ContactRules> {
  const [found] = await tx.query<RulesRow>(
    `select version, updated_at, confirm_sources, confirm_within_minutes, confirm_language,
       (select coalesce(jsonb_agg(c order by position), '[]') from frequency_cap c where c.tenant_id = $1) as caps,
       (select coalesce(jsonb_agg(h order by position), '[]') from contact_hours h where h.tenant_id = $1) as hours
     from contact_rules where tenant_id = $1`,
    [tx.tenantId],
  );
  // Version 0: somebody held the row, and changed nothing.
  if (!found || found.version === '0') return NO_RULES;
  return {
    version: Number(found.version),
    updatedAt: found.updated_at,
    confirmation: {
      ...{ sources: found.confirm_sources, withinMinutes: found.confirm_within_minutes },
      language: found.confirm_language,
    },
    caps: found.caps.map(({ period_hours: periodHours, channel, purpose, most }): FrequencyCap => {
      return { channel, purpose, most, periodHours };
    }),
    hours: found.hours.map(({ channel, purpose, days, ...row }): ContactHours => {
      const { opens_minute: opensMinute, closes_minute: closesMinute, time_zone: timeZone } = row;
      return { channel, purpose, days, opensMinute, closesMinute, timeZone };
    }),
  };
}

/** Keeps others from changing them until the transaction ends. */
export async function lockContactRules(tx: Tx, at: Date): Promise<void> {
  await tx.execute(
    `insert into contact_rules (tenant_id, version, updated_at) values ($1, 0, $2)
     on conflict (tenant_id) do nothing`,
    [tx.tenantId, at],
  );
  await tx.query('select 1 from contact_rules where tenant_id = $1 for no key update', [tx.tenantId]);
}

/** Puts these in the place of all there are. */
export async function replaceContactRules(
  tx: Tx,
  { caps, hours, confirmation }: Pick<ContactRules, 'caps' | 'hours' | 'confirmation'>,
  at: Date,
): Promise<void> {
  await tx.execute('delete from frequency_cap where tenant_id = $1', [tx.tenantId]);
  await tx.execute('delete from contact_hours where tenant_id = $1', [tx.tenantId]);
  await tx.execute(
    `insert into frequency_cap (tenant_id, position, channel, purpose, most, period_hours)
     select $1, c.* from unnest($2::smallint[], $3::text[], $4::text[], $5::int[], $6::int[]) c`,
    [
      tx.tenantId,
      caps.map((_, index) => index),
      caps.map(({ channel }) => channel),
      caps.map(({ purpose }) => purpose),
      caps.map(({ most }) => most),
      caps.map(({ periodHours }) => periodHours),
    ],
  );
  await tx.execute(
    `insert into contact_hours
       (tenant_id, position, channel, purpose, days, opens_minute, closes_minute, time_zone)
     select $1, h.position, h.channel, h.purpose, h.days::smallint[], h.opens, h.closes, h.time_zone
     from unnest($2::smallint[], $3::text[], $4::text[], $5::text[], $6::smallint[], $7::smallint[], $8::text[])
       h (position, channel, purpose, days, opens, closes, time_zone)`,
    [
      tx.tenantId,
      hours.map((_, index) => index),
      hours.map(({ channel }) => channel),
      hours.map(({ purpose }) => purpose),
      // An array of arrays would have to be as long in each row.
      hours.map(({ days }) => `{${days.join(',')}}`),
      hours.map(({ opensMinute }) => opensMinute),
      hours.map(({ closesMinute }) => closesMinute),
      hours.map(({ timeZone }) => timeZone),
    ],
  );
  await tx.execute(
    `update contact_rules set version = version + 1, updated_at = $2, confirm_sources = $3, confirm_within_minutes = $4,
       confirm_language = $5
     where tenant_id = $1`,
    [tx.tenantId, at, confirmation.sources, confirmation.withinMinutes, confirmation.language],
  );
}
