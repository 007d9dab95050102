import { BEYOND_OPT_OUT, coversInSql, WITHOUT_CONSENT } from '../purposes.js';
import { IN_A_LOST_LIFE } from '../lost-lives.js';
import { type CrossRule, type Rule } from '../rule.js';

export const messagingRules: (Rule | CrossRule)[] = [
  {
    invariant: 'I1',
    service: 'messaging',
    says: 'an attempt was armed, sent, refused or lost without the proof of a permit',
    // What was sent in a life that a restore has lost has its permit with contacts alone.
    sql: `
      select row_id from attempt
      where contact_id is not null and (state = 'armed' or (outcome = 'sent' and reason <> 'restored'))
        and num_nulls(permit_id, permit_leaf, permit_root, permit_signature, permit_key_id, permit_path) > 0`,
  },
  {
    invariant: 'I1',
    service: 'contacts',
    says: 'an attempt names a permit that contacts never issued for it',
    collect: {
      service: 'messaging',
      // Permit rows live 35 days.
      sql: `select tenant_id, permit_id, attempt_id, contact_id, armed_at from attempt
            where issuer = 'contacts' and permit_id is not null
              and armed_at > current_timestamp - interval '34 days'`,
    },
    sql: `
      select used.attempt_id
      from jsonb_to_recordset($1::jsonb)
        as used (tenant_id uuid, permit_id uuid, attempt_id uuid, contact_id uuid, armed_at timestamptz)
      left join permit p on p.tenant_id = used.tenant_id and p.permit_id = used.permit_id
      where (p.permit_id is null and not ${IN_A_LOST_LIFE}) or p.attempt_id <> used.attempt_id
        or p.contact_id <> used.contact_id`,
  },
  {
    invariant: 'I1',
    service: 'identity',
    says: 'an attempt names a permit that identity never issued for it',
    collect: {
      service: 'messaging',
      sql: `select tenant_id, permit_id, attempt_id, contact_id, armed_at from attempt
            where issuer = 'identity' and permit_id is not null
              and armed_at > current_timestamp - interval '34 days'`,
    },
    sql: `
      select used.attempt_id
      from jsonb_to_recordset($1::jsonb)
        as used (tenant_id uuid, permit_id uuid, attempt_id uuid, contact_id uuid, armed_at timestamptz)
      left join permit p on p.tenant_id = used.tenant_id and p.permit_id = used.permit_id
      where (p.permit_id is null and not ${IN_A_LOST_LIFE}) or p.attempt_id <> used.attempt_id
        or p.subject_id <> used.contact_id`,
  },
  {
    invariant: 'I1',
    service: 'privacy',
    says: 'an attempt names a permit that privacy never issued for it',
    collect: {
      service: 'messaging',
      sql: `select tenant_id, permit_id, attempt_id, contact_id, armed_at from attempt
            where issuer = 'privacy' and permit_id is not null
              and armed_at > current_timestamp - interval '6 days'`,
    },
    // Of somebody who is known: a requester is forgotten a week after their request has ended, with their permits.
    sql: `
      select used.attempt_id
      from jsonb_to_recordset($1::jsonb)
        as used (tenant_id uuid, permit_id uuid, attempt_id uuid, contact_id uuid, armed_at timestamptz)
      join requester r on r.tenant_id = used.tenant_id and r.requester_id = used.contact_id
      left join permit p on p.tenant_id = used.tenant_id and p.permit_id = used.permit_id
      where (p.permit_id is null and not ${IN_A_LOST_LIFE}) or p.attempt_id <> used.attempt_id
        or p.subject_id <> used.contact_id`,
  },
  {
    invariant: 'I1',
    service: 'messaging',
    says: 'two attempts were made under one permit',
    sql: `
      select permit_id from attempt where permit_id is not null
      group by tenant_id, permit_id having count(*) > 1`,
  },
  {
    invariant: 'I2',
    service: 'contacts',
    says: 'a write ended after its permit had, about somebody who had said no by then',
    // A late write alone is an alarm (`late_ms`, heed_permit_late_ms): a process was stopped between check and write.
    collect: {
      service: 'messaging',
      sql: `select tenant_id, attempt_id, contact_id, purpose, concluded_at from attempt
            where late_ms > 0 and contact_id is not null and concluded_at is not null
              and purpose not in (${BEYOND_OPT_OUT})`,
    },
    sql: `
      select a.attempt_id
      from jsonb_to_recordset($1::jsonb)
        as a (tenant_id uuid, attempt_id uuid, contact_id uuid, purpose text, concluded_at timestamptz)
      join consent_entry e on e.tenant_id = a.tenant_id and e.contact_id = a.contact_id and e.state = 'opted_out'
        and e.channel in ('', 'email') and ${coversInSql('e.purpose', 'a.purpose')}
      where pg_xact_commit_timestamp(e.xmin) + interval '1 second' < a.concluded_at
        and not exists (select 1 from consent_entry later where later.tenant_id = e.tenant_id
          and later.contact_id = e.contact_id and later.state = 'granted' and later.epoch > e.epoch)`,
  },
  {
    invariant: 'I2',
    service: 'contacts',
    says: 'an attempt was armed more than a permit lifetime after its person had said no',
    collect: {
      service: 'messaging',
      sql: `select tenant_id, attempt_id, contact_id, purpose, armed_at from attempt
            where armed_at is not null and contact_id is not null and purpose not in (${BEYOND_OPT_OUT})`,
    },
    sql: `
      select a.attempt_id
      from jsonb_to_recordset($1::jsonb)
        as a (tenant_id uuid, attempt_id uuid, contact_id uuid, purpose text, armed_at timestamptz)
      cross join lateral (
        select e.state, pg_xact_commit_timestamp(e.xmin) as committed from consent_entry e
        where e.tenant_id = a.tenant_id and e.contact_id = a.contact_id
          and e.channel in ('', 'email') and ${coversInSql('e.purpose', 'a.purpose')}
          and pg_xact_commit_timestamp(e.xmin) < a.armed_at
        order by e.epoch desc limit 1
      ) ledger
      where ledger.state = 'opted_out' and a.armed_at > ledger.committed + interval '1 second'`,
  },
  {
    invariant: 'I1',
    service: 'messaging',
    says: 'somebody was written to without their consent for a purpose that needs one, or by a campaign',
    sql: `
      select row_id from attempt
      where permit_id is not null and consent_entry_id is null
        and (campaign_id is not null or purpose not in (${WITHOUT_CONSENT}))`,
  },
  {
    invariant: 'I2',
    service: 'contacts',
    says: 'an attempt was made to confirm an opt-out that it was not to confirm',
    collect: {
      service: 'messaging',
      sql: `select tenant_id, attempt_id, contact_id from attempt
            where purpose = 'opt_out_confirmation' and armed_at is not null and contact_id is not null`,
    },
    sql: `
      select a.attempt_id
      from jsonb_to_recordset($1::jsonb) as a (tenant_id uuid, attempt_id uuid, contact_id uuid)
      left join opt_out_confirmation c on c.tenant_id = a.tenant_id and c.attempt_id = a.attempt_id
        and c.contact_id = a.contact_id
      where c.entry_id is null`,
  },
  {
    invariant: 'I4',
    service: 'messaging',
    says: "what a single message brought along is kept although the message has ended, or is a campaign's",
    sql: `
      select v.attempt_id from message_values v
      left join attempt a on a.tenant_id = v.tenant_id and a.attempt_id = v.attempt_id
      where a.state is null or a.state = 'concluded' or a.campaign_id is not null`,
  },
  {
    invariant: 'I7',
    service: 'messaging',
    says: 'one intent has two attempts',
    sql: `
      select intent_id from attempt where intent_id is not null
      group by tenant_id, intent_id having count(*) > 1`,
  },
  {
    invariant: 'I1',
    service: 'messaging',
    says: 'a message is kept for an attempt that was never armed',
    sql: `
      select m.attempt_id from message m
      join attempt a on a.tenant_id = m.tenant_id and a.attempt_id = m.attempt_id
      where a.armed_at is null`,
  },
  {
    invariant: 'I1',
    service: 'contacts',
    says: 'an attempt was made under a permit that was given back as not used',
    collect: {
      service: 'messaging',
      sql: `select tenant_id, permit_id, attempt_id from attempt where permit_id is not null and outcome in ('sent', 'failed')
            and armed_at > current_timestamp - interval '34 days'`,
    },
    sql: `
      select used.attempt_id
      from jsonb_to_recordset($1::jsonb) as used (tenant_id uuid, permit_id uuid, attempt_id uuid)
      join permit p on p.tenant_id = used.tenant_id and p.permit_id = used.permit_id and p.returned_at is not null`,
  },
  {
    invariant: 'I1',
    service: 'contacts',
    says: 'the proof of an attempt commits to another address than that of its endpoint',
    collect: {
      service: 'messaging',
      // By its letters: a leaf that is no JSON is found by what looks at the proofs themselves.
      sql: `select tenant_id, permit_id, attempt_id,
              substring(encode(permit_leaf, 'escape') from '"address":"([0-9a-f]{64})"') as address
            from attempt
            where permit_leaf is not null and armed_at > current_timestamp - interval '34 days'`,
    },
    // The salt lives in the row of the permit; an address never changes.
    sql: `
      select used.attempt_id
      from jsonb_to_recordset($1::jsonb) as used (tenant_id uuid, permit_id uuid, attempt_id uuid, address text)
      join permit p on p.tenant_id = used.tenant_id and p.permit_id = used.permit_id
      join endpoint e on e.tenant_id = p.tenant_id and e.endpoint_id = p.endpoint_id
      where encode(sha256(p.address_salt || convert_to(e.address, 'UTF8')), 'hex') <> used.address`,
  },
  {
    invariant: 'I7',
    service: 'messaging',
    says: 'somebody was reached by a step of a campaign that had not taken their address for them',
    // What was sent before addresses were taken is let be.
    sql: `
      select a.row_id from attempt a
      where a.outcome = 'sent' and a.contact_id is not null and a.campaign_id is not null
        and exists (select 1 from campaign_copy first
          where first.tenant_id = a.tenant_id and first.campaign_id = a.campaign_id and first.step = a.step
            and first.reserved_at < a.armed_at)
        and not exists (select 1 from campaign_copy mine
          where mine.tenant_id = a.tenant_id and mine.campaign_id = a.campaign_id and mine.step = a.step
            and mine.contact_id = a.contact_id)`,
  },
];
