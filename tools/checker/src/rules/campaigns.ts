import { type CrossRule, type Rule } from '../rule.js';

export const campaignsRules: (Rule | CrossRule)[] = [
  {
    invariant: 'I7',
    service: 'campaigns',
    says: 'the equation does not hold: audience = sent + skipped + failed + unknown + open',
    sql: `
      select campaign_id from campaign_ledger
      where audience <> sent + skipped + failed + unknown + open`,
  },
  {
    invariant: 'I7',
    service: 'campaigns',
    says: 'a campaign has ended with intents open',
    sql: `
      select c.campaign_id from campaign c
      join campaign_ledger l using (tenant_id, campaign_id)
      where c.finished_at is not null and l.open <> 0`,
  },
  {
    invariant: 'I7',
    service: 'campaigns',
    says: 'a ledger does not count the intents that are there',
    sql: `
      select l.campaign_id from campaign_ledger l
      left join lateral (
        select count(*) as audience,
          count(*) filter (where outcome = 'sent') as sent,
          count(*) filter (where outcome = 'skipped') as skipped,
          count(*) filter (where outcome = 'failed') as failed,
          count(*) filter (where outcome = 'unknown') as unknown
        from intent i where i.tenant_id = l.tenant_id and i.campaign_id = l.campaign_id and i.try = 1
      ) counted on true
      where (l.audience, l.sent, l.skipped, l.failed, l.unknown)
        <> (counted.audience, counted.sent, counted.skipped, counted.failed, counted.unknown)`,
  },
  {
    invariant: 'I7',
    service: 'campaigns',
    says: 'the ledgers of the steps do not add up to that of their campaign',
    sql: `
      select l.campaign_id from campaign_ledger l
      left join campaign_step_ledger s on s.tenant_id = l.tenant_id and s.campaign_id = l.campaign_id
      group by l.tenant_id, l.campaign_id
      having (l.audience, l.sent, l.skipped, l.failed, l.unknown, l.open, l.in_flight, l.deferred)
        <> (coalesce(sum(s.audience), -1), sum(s.sent), sum(s.skipped), sum(s.failed), sum(s.unknown), sum(s.open),
          sum(s.in_flight), sum(s.deferred))`,
  },
  {
    invariant: 'I7',
    service: 'campaigns',
    says: 'a step does not count the intents that are there',
    sql: `
      select l.campaign_id from campaign_step_ledger l
      left join lateral (
        select count(*) as audience,
          count(*) filter (where outcome = 'sent') as sent,
          count(*) filter (where outcome = 'skipped') as skipped,
          count(*) filter (where outcome = 'failed') as failed,
          count(*) filter (where outcome = 'unknown') as unknown,
          count(*) filter (where state = 'dispatched') as in_flight,
          count(*) filter (where state = 'deferred') as deferred
        from intent i
        where i.tenant_id = l.tenant_id and i.campaign_id = l.campaign_id and i.step = l.step and i.try = 1
      ) counted on true
      where (l.audience, l.sent, l.skipped, l.failed, l.unknown, l.in_flight, l.deferred)
        <> (counted.audience, counted.sent, counted.skipped, counted.failed, counted.unknown, counted.in_flight,
          counted.deferred)`,
  },
  {
    invariant: 'I7',
    service: 'campaigns',
    says: 'somebody was planned for a step without the end that it follows',
    sql: `
      select i.campaign_id from intent i
      join campaign_step s using (tenant_id, campaign_id, step)
      where s.follows is not null and i.contact_id is not null and not exists (
        select 1 from intent before
        where before.tenant_id = i.tenant_id and before.contact_id = i.contact_id
          and before.campaign_id = i.campaign_id and before.step = s.follows and before.state = 'concluded')`,
  },
  {
    invariant: 'I7',
    service: 'campaigns',
    says: 'a campaign began more than 5 minutes after its time, and nobody confirmed that it still should',
    sql: `
      select campaign_id from campaign
      where started_at > start_at + interval '5 minutes' and confirmed_by is null`,
  },
  {
    invariant: 'I7',
    service: 'campaigns',
    says: 'somebody was planned for a step that follows what bounced, and nothing had come back',
    sql: `
      select i.campaign_id from intent i
      join campaign_step s using (tenant_id, campaign_id, step)
      where s.bounced_within_seconds is not null and cardinality(s.outcomes) = 0 and i.contact_id is not null
        and not exists (
          select 1 from intent before
          where before.tenant_id = i.tenant_id and before.contact_id = i.contact_id
            and before.campaign_id = i.campaign_id and before.step = s.follows and before.bounced_at is not null)`,
  },
  {
    invariant: 'I7',
    service: 'campaigns',
    says: 'somebody was planned twice for one step',
    sql: `
      select campaign_id from intent
      where contact_id is not null
      group by tenant_id, campaign_id, step, contact_id, try having count(*) > 1`,
  },
  {
    invariant: 'I7',
    service: 'campaigns',
    says: 'a step was changed after it had reached somebody',
    sql: `
      select e.campaign_id from step_edit e
      join campaign_step_ledger l using (tenant_id, campaign_id, step)
      where e.edited_at > l.handed_out_at`,
  },
  {
    invariant: 'I7',
    service: 'campaigns',
    says: 'skips of a step by reason do not add up to the skips',
    sql: `
      select l.campaign_id from campaign_step_ledger l
      left join campaign_step_skip s using (tenant_id, campaign_id, step)
      group by l.tenant_id, l.campaign_id, l.step
      having l.skipped <> coalesce(sum(s.n), 0)`,
  },
  {
    invariant: 'I7',
    service: 'campaigns',
    says: 'skips by reason do not add up to the skips',
    sql: `
      select l.campaign_id from campaign_ledger l
      left join campaign_skip s on s.tenant_id = l.tenant_id and s.campaign_id = l.campaign_id
      group by l.tenant_id, l.campaign_id, l.skipped
      having l.skipped <> coalesce(sum(s.n), 0)`,
  },
  {
    invariant: 'I7',
    service: 'campaigns',
    says: 'a message was handed over that the ledger does not count as sent',
    collect: {
      service: 'messaging',
      sql: `select tenant_id, intent_id from attempt where outcome = 'sent' and intent_id is not null`,
    },
    // An attempt that has just ended is told by an event: only what both sides call ended can differ.
    sql: `
      select i.intent_id from jsonb_to_recordset($1::jsonb) as sent (tenant_id uuid, intent_id uuid)
      join intent i on i.tenant_id = sent.tenant_id and i.intent_id = sent.intent_id
      where i.state = 'concluded' and i.outcome <> 'sent'`,
  },
  {
    invariant: 'I7',
    service: 'campaigns',
    says: 'a call was answered that the ledger does not count as sent',
    collect: {
      service: 'telephony',
      sql: `select tenant_id, intent_id from call where outcome = 'sent' and intent_id is not null`,
    },
    sql: `
      select i.intent_id from jsonb_to_recordset($1::jsonb) as sent (tenant_id uuid, intent_id uuid)
      join intent i on i.tenant_id = sent.tenant_id and i.intent_id = sent.intent_id
      where i.state = 'concluded' and i.outcome <> 'sent'`,
  },
];
