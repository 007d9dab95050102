import { CLOSED_IN_A_LOST_LIFE } from '../lost-lives.js';
import { type Rule } from '../rule.js';

/** I6. What is said of requests other than erasure and access is what was ordered. */
export const requestRules: Rule[] = [
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a request was closed with exceptions that the log does not commit to, or by nobody who said why',
    sql: `
      select r.request_id from request r left join log_leaf l on l.index = r.closing_leaf
      where r.state = 'COMPLETED_WITH_EXCEPTIONS' and (r.exception_reason is null or l.index is null
        or not convert_from(r.closing_statement, 'UTF8')::jsonb ? 'exceptions')
        and not (r.exception_reason = 'restored' and ${CLOSED_IN_A_LOST_LIFE})`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a request was refused or taken back although something was ordered for it',
    sql: `
      select distinct r.request_id from request r join subject_order o using (tenant_id, request_id)
      where r.state in ('REFUSED', 'CANCELLED')`,
  },
  {
    invariant: 'I5',
    service: 'privacy',
    says: 'an erasure is withdrawn from the ledger and was not refused or taken back, or the other way round',
    sql: `
      select r.request_id from request r
      where r.asked_right = 'ERASURE' and (r.state in ('REFUSED', 'CANCELLED')) <> exists (
        select 1 from erasure_ledger e
        where e.tenant_id = r.tenant_id and e.request_id = r.request_id and e.withdrawn)`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a request was refused or taken back, and the log neither commits to that nor is about to be told',
    sql: `
      select r.request_id from request r left join log_leaf l on l.index = r.closing_leaf
      where r.state in ('REFUSED', 'CANCELLED') and l.index is null and not exists (
        select 1 from heed.due_work w
        where w.queue = 'ended-requests' and w.tenant_id = r.tenant_id and w.ref = r.request_id)`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a request was refused or taken back, and what its person gave to be found by is still there',
    sql: `
      select r.request_id from request r
      where r.state in ('REFUSED', 'CANCELLED') and (
        exists (select 1 from request_identifier i
                where i.tenant_id = r.tenant_id and i.request_id = r.request_id)
        or exists (select 1 from search_needle n
                   where n.tenant_id = r.tenant_id and n.request_id = r.request_id))`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'something was ordered for a request that no member has approved yet, or whose identity nobody has verified',
    sql: `
      select distinct r.request_id from request r join subject_order o using (tenant_id, request_id)
      where r.state = 'REVIEW' or r.verification = 'none'`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'an erasure waits for a hold that nobody has placed, or whose end was not heard',
    sql: `
      select r.request_id from request r
      where r.state = 'HELD' and (r.asked_right <> 'ERASURE' or not exists (
        select 1 from hold h
        where h.tenant_id = r.tenant_id and h.subject_id = r.subject_id and h.released_at is null))`,
  },
  {
    // The clocks of two replicas may differ a little.
    invariant: 'I6',
    service: 'privacy',
    says: 'an erasure began although its person was held',
    sql: `
      select o.request_id from hold h
      join (
        select o.tenant_id, o.request_id, o.subject_id, min(b.issued_at) as began
        from subject_order o join issued_batch b using (tenant_id, batch_id)
        where o.action = 'ERASE' group by 1, 2, 3
      ) o on o.tenant_id = h.tenant_id and o.subject_id = h.subject_id
      where o.began > h.placed_at + interval '1 second' and (h.released_at is null or o.began < h.released_at)`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a restriction is lifted, or on its way to be, and nothing says how the person was told before',
    sql: `
      select distinct o.request_id from subject_order o join request r using (tenant_id, request_id)
      where o.action = 'LIFT' and r.informed is null`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a person is restricted by a request that orders no restriction',
    sql: `
      select x.subject_id from restriction x
      where not exists (
          select 1 from subject_order o
          where o.tenant_id = x.tenant_id and o.request_id = x.request_id and o.action = 'RESTRICT')
        and exists (
          select 1 from request r
          where r.tenant_id = x.tenant_id and r.request_id = x.request_id and r.state <> 'REVIEW')`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a correction was closed although a store has said neither that it corrected nor why there is nothing to correct',
    sql: `
      select distinct r.request_id from request r
      join subject_order o using (tenant_id, request_id)
      join opening g using (tenant_id, order_id)
      cross join lateral jsonb_array_elements(convert_from(g.statement, 'UTF8')::jsonb -> 'entries') entry
      where r.asked_right = 'CORRECTION' and r.closed_at is not null and o.action = 'CORRECT'
        and entry ->> 'outcome' not in ('CORRECTED', 'NOTHING_HELD', 'RETAINED', 'IN_BACKUP', 'AT_PROCESSOR')`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'what a request corrected is kept although it has ended, or is kept of a request for something else',
    sql: `
      select c.request_id from request_correction c left join request r using (tenant_id, request_id)
      where r.request_id is null or r.closed_at is not null or r.asked_right <> 'CORRECTION'`,
  },
];
