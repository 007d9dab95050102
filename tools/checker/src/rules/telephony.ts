import { IN_A_LOST_LIFE } from '../lost-lives.js';
import { type CrossRule, type Rule } from '../rule.js';

export const telephonyRules: (Rule | CrossRule)[] = [
  {
    invariant: 'I1',
    service: 'telephony',
    says: 'a call was dialled without the proof of a permit',
    // What was answered in a life that a restore has lost has its permit with contacts alone.
    sql: `
      select row_id from call
      where contact_id is not null
        and (state in ('armed', 'ringing', 'answered') or (outcome = 'sent' and reason <> 'restored'))
        and num_nulls(permit_id, permit_leaf, permit_root, permit_signature, permit_key_id, permit_path) > 0`,
  },
  {
    invariant: 'I1',
    service: 'contacts',
    says: 'a call names a permit that contacts never issued for it',
    collect: {
      service: 'telephony',
      // Permit rows live 35 days.
      sql: `select tenant_id, permit_id, contact_id, call_id, armed_at from call
            where permit_id is not null and armed_at > current_timestamp - interval '34 days'`,
    },
    sql: `
      select used.call_id
      from jsonb_to_recordset($1::jsonb)
        as used (tenant_id uuid, permit_id uuid, contact_id uuid, call_id uuid, armed_at timestamptz)
      left join permit p on p.tenant_id = used.tenant_id and p.permit_id = used.permit_id
      where (p.permit_id is null and not ${IN_A_LOST_LIFE}) or p.contact_id <> used.contact_id
        or p.channel <> 'voice'`,
  },
  {
    invariant: 'I1',
    service: 'telephony',
    says: 'two calls were dialled under one permit',
    sql: `
      select permit_id from call where permit_id is not null
      group by tenant_id, permit_id having count(*) > 1`,
  },
  {
    invariant: 'I1',
    service: 'contacts',
    says: 'a call was dialled under a permit that was given back as not used',
    collect: {
      service: 'telephony',
      sql: `select tenant_id, permit_id, call_id from call where permit_id is not null and outcome in ('sent', 'failed')
            and armed_at > current_timestamp - interval '34 days'`,
    },
    sql: `
      select used.call_id
      from jsonb_to_recordset($1::jsonb) as used (tenant_id uuid, permit_id uuid, call_id uuid)
      join permit p on p.tenant_id = used.tenant_id and p.permit_id = used.permit_id and p.returned_at is not null`,
  },
  {
    invariant: 'I1',
    service: 'contacts',
    says: 'the proof of a call commits to another address than that of its endpoint',
    collect: {
      service: 'telephony',
      // By its letters: a leaf that is no JSON is found by what looks at the proofs themselves.
      sql: `select tenant_id, permit_id, call_id,
              substring(encode(permit_leaf, 'escape') from '"address":"([0-9a-f]{64})"') as address
            from call
            where permit_leaf is not null and armed_at > current_timestamp - interval '34 days'`,
    },
    // The salt lives in the row of the permit; an address never changes.
    sql: `
      select used.call_id
      from jsonb_to_recordset($1::jsonb) as used (tenant_id uuid, permit_id uuid, call_id uuid, address text)
      join permit p on p.tenant_id = used.tenant_id and p.permit_id = used.permit_id
      join endpoint e on e.tenant_id = p.tenant_id and e.endpoint_id = p.endpoint_id
      where encode(sha256(p.address_salt || convert_to(e.address, 'UTF8')), 'hex') <> used.address`,
  },
  {
    invariant: 'I7',
    service: 'telephony',
    says: 'somebody was reached by a step of a campaign that had not taken their address for them',
    // What was sent before addresses were taken is let be.
    sql: `
      select a.row_id from call a
      where a.outcome = 'sent' and a.contact_id is not null and a.campaign_id is not null
        and exists (select 1 from campaign_copy first
          where first.tenant_id = a.tenant_id and first.campaign_id = a.campaign_id and first.step = a.step
            and first.reserved_at < a.armed_at)
        and not exists (select 1 from campaign_copy mine
          where mine.tenant_id = a.tenant_id and mine.campaign_id = a.campaign_id and mine.step = a.step
            and mine.contact_id = a.contact_id)`,
  },
];
