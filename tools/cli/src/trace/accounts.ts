import { type ServiceName } from '@heed/contracts';
import { type Traced } from './moment.js';

/**
 * What one table tells: `at`, `what`, and ids. Parameters are arrays of ids of the kinds named, in that order. Times,
 * codes and ids only: no column that may hold an address, a name or a text is read.
 */
export interface Account {
  service: ServiceName;
  from: string;
  of: (keyof Traced)[];
  sql: string;
}

const contacts: Account[] = [
  {
    service: 'contacts',
    from: 'contact',
    of: ['contacts'],
    sql: `select created_at as at, 'contact created' as what, jsonb_build_object('contact', contact_id) as ids
          from contact where contact_id = any ($1)`,
  },
  {
    service: 'contacts',
    from: 'consent_entry',
    of: ['contacts'],
    sql: `select recorded_at as at, concat_ws(' ', state, nullif(channel, ''), nullif(purpose, ''), 'by', source) as what,
            jsonb_build_object('entry', entry_id, 'epoch', epoch) as ids
          from consent_entry where contact_id = any ($1)`,
  },
  {
    service: 'contacts',
    from: 'permit',
    of: ['contacts', 'attempts', 'calls'],
    sql: `select issued_at as at, concat_ws(' ', 'permit issued to', issued_to, 'for', channel, purpose) as what,
            jsonb_build_object('permit', permit_id, 'attempt', attempt_id, 'entry', consent_entry_id) as ids
          from permit where contact_id = any ($1) and attempt_id = any ($2::uuid[] || $3::uuid[])`,
  },
  {
    service: 'contacts',
    from: 'stopped',
    of: ['contacts'],
    sql: `select at, 'permits stopped by a request' as what, jsonb_build_object('request', request_id) as ids
          from stopped where contact_id = any ($1)`,
  },
];

const campaigns: Account[] = [
  {
    service: 'campaigns',
    from: 'campaign',
    of: ['intents'],
    sql: `select distinct c.started_at as at, 'campaign started' as what,
            jsonb_build_object('campaign', c.campaign_id) as ids
          from campaign c join intent i using (tenant_id, campaign_id) where i.intent_id = any ($1)`,
  },
  {
    service: 'campaigns',
    from: 'intent',
    of: ['intents'],
    sql: `select updated_at as at, concat_ws(' ', 'intent', state, outcome, nullif(reason, ''),
            case when step > 1 then 'of step ' || step end) as what,
            jsonb_build_object('intent', intent_id, 'campaign', campaign_id) as ids
          from intent where intent_id = any ($1)
          union all
          select bounced_at, 'intent heard to have bounced', jsonb_build_object('intent', intent_id, 'campaign', campaign_id)
          from intent where intent_id = any ($1) and bounced_at is not null`,
  },
];

const attempt = `jsonb_build_object('attempt', attempt_id, 'intent', intent_id)`;
const messaging: Account[] = [
  {
    service: 'messaging',
    from: 'attempt',
    of: ['attempts'],
    sql: `select queued_at as at, 'attempt queued' as what, ${attempt} as ids
          from attempt where attempt_id = any ($1)
          union all
          select armed_at, concat_ws(' ', 'attempt armed', case when put_off > 0 then 'after ' || put_off || ' put off' end),
            ${attempt} || jsonb_strip_nulls(jsonb_build_object('permit', permit_id, 'sender', sender_id))
          from attempt where attempt_id = any ($1) and armed_at is not null
          union all
          select concluded_at, concat_ws(' ', 'attempt', outcome, nullif(reason, ''),
            case when late_ms > 0 then 'LATE by ' || late_ms || ' ms' end), ${attempt}
          from attempt where attempt_id = any ($1) and concluded_at is not null`,
  },
];

const call = `jsonb_build_object('call', call_id)`;
const telephony: Account[] = [
  {
    service: 'telephony',
    from: 'call',
    of: ['calls'],
    sql: `select created_at as at, 'call asked for' as what, ${call} as ids from call where call_id = any ($1)
          union all
          select armed_at, 'call armed', ${call} || jsonb_strip_nulls(jsonb_build_object('permit', permit_id))
          from call where call_id = any ($1) and armed_at is not null
          union all
          select answered_at, 'call answered', ${call}
          from call where call_id = any ($1) and answered_at is not null
          union all
          select ended_at, concat_ws(' ', 'call ended', outcome, nullif(reason, ''),
            case when late_ms > 0 then 'LATE by ' || late_ms || ' ms' end), ${call}
          from call where call_id = any ($1) and ended_at is not null`,
  },
  {
    service: 'telephony',
    from: 'recording',
    of: ['calls'],
    sql: `select coalesce(stored_at, expected_at) as at, 'recording ' || state as what, ${call} as ids
          from recording where call_id = any ($1)`,
  },
];

const privacy: Account[] = [
  {
    service: 'privacy',
    from: 'request',
    of: ['requests'],
    sql: `select received_at as at, 'request for ' || lower(asked_right) || ' taken' as what,
            jsonb_build_object('request', request_id) as ids
          from request where request_id = any ($1)
          union all
          select closed_at, 'request ' || lower(state), jsonb_build_object('request', request_id)
          from request where request_id = any ($1) and closed_at is not null`,
  },
  {
    service: 'privacy',
    from: 'issued_batch',
    of: ['requests'],
    sql: `select distinct b.issued_at as at,
            'orders to ' || lower(b.action) || ' issued to ' || cardinality(b.services) || ' services'
            || case when b.asked > 1 then ', asked ' || b.asked || ' times' else '' end as what,
            jsonb_build_object('batch', b.batch_id, 'request', o.request_id) as ids
          from issued_batch b join subject_order o using (tenant_id, batch_id) where o.request_id = any ($1)`,
  },
  {
    service: 'privacy',
    from: 'batch_receipt',
    of: ['requests'],
    sql: `select distinct r.received_at as at,
            'receipt of ' || r.service || case when r.verified_at is null then ', NOT VERIFIED YET' else ' in the log' end as what,
            jsonb_build_object('batch', r.batch_id, 'receipt', r.receipt_id, 'leaf', r.leaf) as ids
          from batch_receipt r join subject_order o using (tenant_id, batch_id) where o.request_id = any ($1)`,
  },
  {
    service: 'privacy',
    from: 'opening',
    of: ['requests'],
    sql: `select max(verified_at) as at,
            service || ': ' || string_agg(n || ' ' || lower(outcome), ', ' order by outcome) as what,
            jsonb_build_object('request', request_id) as ids
          from (select o.request_id, o.action, g.service, entry ->> 'outcome' as outcome, count(*) as n,
                  max(r.verified_at) as verified_at
                from subject_order o
                join opening g using (tenant_id, order_id)
                join batch_receipt r on r.tenant_id = o.tenant_id and r.batch_id = o.batch_id and r.service = g.service
                cross join lateral jsonb_array_elements(convert_from(g.statement, 'UTF8')::jsonb -> 'entries') entry
                where o.request_id = any ($1)
                group by o.request_id, o.action, g.service, outcome) s
          group by request_id, action, service`,
  },
];

export const ACCOUNTS: Account[] = [...contacts, ...campaigns, ...messaging, ...telephony, ...privacy];

/** What every service's database has, whatever the service does. */
export const FRAME: Omit<Account, 'service'>[] = [
  {
    from: 'heed.order_taken',
    of: ['contacts', 'requests'],
    sql: `select b.taken_at as at, 'order to ' || lower(o.action) || ' taken' as what,
            jsonb_build_object('order', o.order_id, 'batch', o.batch_id, 'number', o.order_number) as ids
          from heed.order_taken o join heed.order_batch b using (tenant_id, batch_id)
          where o.subject_id = any ($1) and o.request_id = any ($2)
          union all
          select b.fenced_at, 'fence raised', jsonb_build_object('batch', o.batch_id)
          from heed.order_taken o join heed.order_batch b using (tenant_id, batch_id)
          where o.subject_id = any ($1) and o.request_id = any ($2) and b.fenced_at is not null`,
  },
  {
    from: 'heed.receipt',
    of: ['contacts', 'requests'],
    sql: `select distinct r.signed_at as at, 'receipt to ' || lower(r.action) || ' signed' as what,
            jsonb_build_object('receipt', r.receipt_id, 'batch', r.batch_id) as ids
          from heed.receipt r join heed.order_taken o using (tenant_id, batch_id)
          where o.subject_id = any ($1) and o.request_id = any ($2)`,
  },
  {
    from: 'heed.parked',
    of: ['contacts'],
    sql: `select parked_at as at, 'PARKED for ' || consumer || ': ' || reason as what,
            jsonb_build_object('event', event_id, 'key', key) as ids
          from heed.parked where key = any (select unnest($1::uuid[])::text)`,
  },
];
