import { type Rule } from '../rule.js';

/** Stores that must answer each request: tables about people, and all that is no table. By the pinned manifest. */
const PINNED_STORES = `
  select r.tenant_id, r.request_id, r.asked_right, p.service, p.service || '.' || (store ->> 'name') as store
  from request r
  join request_pin p using (tenant_id, request_id)
  join manifest m on m.service = p.service and m.version = p.manifest_version
  cross join lateral jsonb_array_elements(convert_from(m.content, 'UTF8')::jsonb -> 'stores') store
  where r.state = 'COMPLETED' and (store ->> 'kind' <> 'table' or store ->> 'of' = 'subject')`;

/** What every store is said to have done, in the words that the certificate will show. */
const SAID = `
  select o.tenant_id, o.request_id, o.action, g.service, entry ->> 'store' as store, entry ->> 'outcome' as outcome
  from subject_order o join opening g using (tenant_id, order_id)
  cross join lateral jsonb_array_elements(convert_from(g.statement, 'UTF8')::jsonb -> 'entries') entry`;

/** The only words for it (DESIGN: "skipped" does not exist). */
const DONE = `('ERASED', 'ANONYMISED', 'NOTHING_HELD', 'RETAINED', 'EXPORTED', 'IN_BACKUP',
  'RESTRICTED', 'LIFTED', 'CORRECTED', 'AT_PROCESSOR')`;
const PROBED = `('PROBED_CLEAN', 'RETAINED', 'IN_BACKUP', 'AT_PROCESSOR')`;

/** I6. No receipt, no "complete". */
export const privacyRules: Rule[] = [
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a request was completed although a store of a pinned manifest has not answered',
    sql: `
      select pinned.request_id from (${PINNED_STORES}) pinned
      left join (${SAID}) s on s.tenant_id = pinned.tenant_id and s.request_id = pinned.request_id
        and s.service = pinned.service and s.store = pinned.store and s.action <> 'PROBE' and s.outcome in ${DONE}
      where s.store is null`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'an erasure or correction was completed although a store was not probed afterwards, or was and held something',
    sql: `
      select pinned.request_id from (${PINNED_STORES}) pinned
      left join (${SAID}) s on s.tenant_id = pinned.tenant_id and s.request_id = pinned.request_id
        and s.service = pinned.service and s.store = pinned.store and s.action = 'PROBE' and s.outcome in ${PROBED}
      where pinned.asked_right in ('ERASURE', 'CORRECTION') and s.store is null`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a request was completed with no pins, or pinned to a manifest that is not there',
    sql: `
      select r.request_id from request r
      left join request_pin p using (tenant_id, request_id)
      left join manifest m on m.service = p.service and m.version = p.manifest_version
      where r.state = 'COMPLETED' and m.version is null`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a request was completed although a service owes a receipt, verified and in the log',
    sql: `
      select distinct o.request_id from request r
      join subject_order o using (tenant_id, request_id)
      left join issued_batch b on b.tenant_id = o.tenant_id and b.batch_id = o.batch_id
      left join lateral unnest(b.services) asked (service) on true
      left join batch_receipt given on given.tenant_id = o.tenant_id and given.batch_id = o.batch_id
        and given.service = asked.service
      left join log_leaf l on l.index = given.leaf
      where r.state = 'COMPLETED' and (given.verified_at is null or l.index is null)`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a request was completed although a receipt was not opened for its order',
    sql: `
      select distinct o.request_id from request r
      join subject_order o using (tenant_id, request_id)
      join request_pin p using (tenant_id, request_id)
      left join opening given on given.tenant_id = o.tenant_id and given.order_id = o.order_id
        and given.service = p.service
      where r.state = 'COMPLETED' and given.order_id is null`,
  },
  {
    invariant: 'I5',
    service: 'privacy',
    says: 'an erasure is on its way and not in the ledger that a restore replays',
    sql: `
      select r.request_id from request r
      where r.asked_right = 'ERASURE' and not exists (
        select 1 from erasure_ledger e
        where e.tenant_id = r.tenant_id and e.request_id = r.request_id and e.subject_id = r.subject_id)`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'an audit chain has a gap, or does not end where its head says',
    sql: `
      select h.tenant_id from audit_head h
      left join lateral (
        select count(*) as entries, coalesce(max(seq), 0) as last from audit_entry e where e.tenant_id = h.tenant_id
      ) chain on true
      left join audit_entry last on last.tenant_id = h.tenant_id and last.seq = h.seq
      where chain.entries <> h.seq or chain.last <> h.seq or (h.seq > 0 and last.hash is distinct from h.hash)`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'the log does not commit to what is said of the end of an audit chain',
    sql: `
      select a.tenant_id, a.seq from audit_anchor a
      left join log_leaf l on l.index = a.leaf
      where a.leaf is not null and l.data is distinct from convert_to(
        '{"commitment":"' || encode(sha256('\\x00'::bytea || a.salt || a.statement), 'base64')
        || '","type":"audit_head"}', 'UTF8')`,
  },
];
