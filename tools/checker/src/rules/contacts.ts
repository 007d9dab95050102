import { BEYOND_OPT_OUT, coversInSql, WITHOUT_CONSENT } from '../purposes.js';
import { type Rule } from '../rule.js';

/** A rule of no purpose is about what people agreed to. */
const BINDS = (rule: string, permit: string): string =>
  `(${rule}.purpose = ${permit}.purpose or (${rule}.purpose = '' and ${permit}.purpose not in (${WITHOUT_CONSENT})))`;

export const contactsRules: Rule[] = [
  {
    invariant: 'I2',
    service: 'contacts',
    says: 'a permit was issued although the ledger said no when it was',
    // The entry that decided is the last one before the permit that covers its channel and purpose.
    sql: `
      select p.permit_id from permit p
      cross join lateral (
        select e.state from consent_entry e
        where e.tenant_id = p.tenant_id and e.contact_id = p.contact_id
          and e.channel in ('', p.channel) and ${coversInSql('e.purpose', 'p.purpose')} and e.sender in ('', p.sender)
          and pg_xact_commit_timestamp(e.xmin) < p.issued_at
        order by e.epoch desc limit 1
      ) ledger
      where ledger.state = 'opted_out' and p.purpose not in (${BEYOND_OPT_OUT})`,
  },
  {
    invariant: 'I2',
    service: 'contacts',
    says: 'a permit was issued to a sender from whom the person wanted no more',
    // Agreed to again is a sender by its name alone. A permit that names none was for any of them.
    sql: `
      select p.permit_id from permit p
      join consent_entry e on e.tenant_id = p.tenant_id and e.contact_id = p.contact_id and e.state = 'opted_out'
        and e.sender <> '' and p.sender in ('', e.sender)
        and e.channel in ('', p.channel) and ${coversInSql('e.purpose', 'p.purpose')}
      where pg_xact_commit_timestamp(e.xmin) < p.issued_at and p.purpose not in (${BEYOND_OPT_OUT})
        and not exists (
          select 1 from consent_entry later
          where later.tenant_id = e.tenant_id and later.contact_id = e.contact_id and later.state = 'granted'
            and later.sender = e.sender and later.epoch > e.epoch
            and later.channel = p.channel and later.purpose = p.purpose)`,
  },
  {
    invariant: 'I2',
    service: 'contacts',
    says: 'a permit was issued for somebody whom a request had stopped',
    sql: `
      select p.permit_id from permit p
      join stopped s on s.tenant_id = p.tenant_id and s.contact_id = p.contact_id
      where pg_xact_commit_timestamp(s.xmin) < p.issued_at`,
  },
  {
    invariant: 'I2',
    service: 'contacts',
    says: 'a permit was issued for an address that is suppressed',
    sql: `
      select p.permit_id from permit p
      left join endpoint e on e.tenant_id = p.tenant_id and e.endpoint_id = p.endpoint_id
      join suppression s on s.tenant_id = p.tenant_id
        and s.endpoint_hash = any (coalesce(e.forms, array[p.endpoint_hash]))
        and s.reason in ('opt_out', 'listed') and s.channel in ('', p.channel) and ${coversInSql('s.purpose', 'p.purpose')}
        and (p.sender = '' or s.sender in ('', p.sender))
      where pg_xact_commit_timestamp(s.xmin) < p.issued_at and p.purpose not in (${BEYOND_OPT_OUT})
        -- Answered since by the owner of the address, for themselves and for this scope.
        and not exists (
          select 1 from sign_up_confirmation c
          where c.tenant_id = p.tenant_id and c.contact_id = p.contact_id and c.endpoint_hash = p.endpoint_hash
            and c.channel = p.channel and c.purpose = p.purpose and c.sender in ('', p.sender)
            and c.confirmed_at > s.at and c.confirmed_at <= p.issued_at and (c.ended_at is null or c.ended_at >= p.issued_at))`,
  },
  {
    invariant: 'I1',
    service: 'contacts',
    says: 'a permit names a ledger entry that is not there',
    sql: `
      select p.permit_id from permit p
      where p.consent_entry_id is not null and not exists (
        select 1 from consent_entry e where e.tenant_id = p.tenant_id and e.entry_id = p.consent_entry_id
          and e.contact_id = p.contact_id and e.state = 'granted')`,
  },
  {
    invariant: 'I1',
    service: 'contacts',
    says: 'a permit for a purpose that needs consent rests on none',
    sql: `
      select permit_id from permit where consent_entry_id is null and purpose not in (${WITHOUT_CONSENT})`,
  },
  {
    invariant: 'I2',
    service: 'contacts',
    says: 'the state that the ledger implies is not the state that is kept',
    sql: `
      select s.contact_id from consent_state s
      join consent_entry e on e.tenant_id = s.tenant_id and e.contact_id = s.contact_id
        and e.channel = s.channel and e.purpose = s.purpose and e.sender = s.sender and e.epoch > s.epoch`,
  },
  {
    invariant: 'I2',
    service: 'contacts',
    says: 'more attempts were permitted than a cap of the tenant allows',
    // Since the rules were last changed, and a second more: until then others may have been in force.
    sql: `
      select p.permit_id
      from frequency_cap c
      join contact_rules r on r.tenant_id = c.tenant_id
      join permit p on p.tenant_id = c.tenant_id and p.issued_at > r.updated_at + interval '1 second'
        and c.channel in ('', p.channel) and ${BINDS('c', 'p')} and p.returned_at is null
      where (
        select count(distinct other.attempt_id) from permit other
        where other.tenant_id = p.tenant_id and other.endpoint_hash = p.endpoint_hash and other.returned_at is null
          and c.channel in ('', other.channel) and ${BINDS('c', 'other')}
          and other.issued_at > r.updated_at + interval '1 second' and other.issued_at <= p.issued_at
          and other.issued_at > p.issued_at - make_interval(hours => c.period_hours)
      ) > c.most`,
  },
  {
    invariant: 'I2',
    service: 'contacts',
    says: 'a permit lives beyond the hours of the tenant, or was issued outside of them',
    sql: `
      select p.permit_id
      from permit p
      join contact_rules r on r.tenant_id = p.tenant_id and p.issued_at > r.updated_at + interval '1 second'
      cross join lateral (
        select distinct h.channel, h.purpose from contact_hours h
        where h.tenant_id = p.tenant_id and h.channel in ('', p.channel) and ${BINDS('h', 'p')}
      ) scope
      where not exists (
        select 1 from contact_hours h
        cross join lateral (select p.issued_at at time zone h.time_zone as began) local
        where h.tenant_id = p.tenant_id and h.channel = scope.channel and h.purpose = scope.purpose
          and (h.days = '{}' or extract(isodow from began)::int = any (h.days))
          and began >= date_trunc('day', began) + make_interval(mins => h.opens_minute)
          and began + make_interval(secs => p.lifetime_ms / 1000.0)
            <= date_trunc('day', began) + make_interval(mins => h.closes_minute))`,
  },
  {
    invariant: 'I2',
    service: 'contacts',
    says: 'a confirmation of an opt-out was permitted that was not due, or whose minutes were over',
    sql: `
      select p.permit_id from permit p
      where p.purpose = 'opt_out_confirmation' and not exists (
        select 1 from opt_out_confirmation c
        where c.tenant_id = p.tenant_id and c.attempt_id = p.attempt_id and c.contact_id = p.contact_id
          and p.channel = 'email'
          and p.issued_at + make_interval(secs => p.lifetime_ms / 1000.0) <= c.confirm_by)`,
  },
  {
    invariant: 'I2',
    service: 'contacts',
    says: 'somebody was to be told twice in a day that their opt-out was heard, or of none',
    sql: `
      select c.entry_id from opt_out_confirmation c
      where not exists (
        select 1 from consent_entry e
        where e.tenant_id = c.tenant_id and e.entry_id = c.entry_id and e.contact_id = c.contact_id
          and e.state = 'opted_out')
      or exists (
        select 1 from opt_out_confirmation other
        where other.tenant_id = c.tenant_id and other.contact_id = c.contact_id and other.entry_id <> c.entry_id
          and other.due_at > c.due_at - interval '24 hours' and other.due_at <= c.due_at)`,
  },
  {
    invariant: 'I5',
    service: 'contacts',
    says: 'an address of somebody who was erased and objected is held again',
    sql: `
      select e.endpoint_id from endpoint e
      join suppression s on s.tenant_id = e.tenant_id
        and s.endpoint_hash = any (coalesce(e.forms, array[e.endpoint_hash]))
        and s.reason = 'erased' and e.created_at > s.at
      -- Who comes back by themselves is somebody new.
      where not exists (
        select 1 from sign_up_confirmation c
        where c.tenant_id = e.tenant_id and c.contact_id = e.contact_id and c.endpoint_hash = e.endpoint_hash)`,
  },
  {
    invariant: 'I1',
    service: 'contacts',
    says: 'somebody agreed by a form, and nothing is kept of their having confirmed it from their address',
    sql: `
      select e.entry_id from consent_entry e
      where e.source = 'sign_up' and (
        e.state <> 'granted'
        or not exists (
          select 1 from sign_up_confirmation c
          where c.tenant_id = e.tenant_id and c.entry_id = e.entry_id and c.contact_id = e.contact_id
            and c.channel = e.channel and c.purpose = e.purpose and c.sender = e.sender)
        or not exists (
          select 1 from consent_evidence v where v.tenant_id = e.tenant_id and v.entry_id = e.entry_id))`,
  },
  {
    invariant: 'I5',
    service: 'contacts',
    says: 'an entry of the suppression list may stand under a key that some address has no form of',
    sql: `
      select e.endpoint_id from endpoint e
      where exists (
        select 1 from heed.hash_key k where k.tenant_id = e.tenant_id and k.version > 1
          and k.version > e.formed % 1000 and k.usable_from < now())`,
  },
  {
    invariant: 'I5',
    service: 'contacts',
    says: 'a rotation has ended, and entries of the suppression list stand under an older key',
    sql: `
      select r.rotation_id from suppression_rotation r
      where r.state = 'done' and exists (
        select 1 from suppression s
        where s.tenant_id = r.tenant_id and get_byte(s.endpoint_hash, 0) < r.key_version)`,
  },
];
