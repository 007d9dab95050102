import { type Rule } from '../rule.js';

/** What is kept to search for whoever was erased, and what was found by it. */
export const sweepRules: Rule[] = [
  {
    invariant: 'I5',
    service: 'privacy',
    says: 'what somebody was reached at who was erased is kept, and no sweep waits for it',
    sql: `
      select n.request_id from search_needle n
      join request r using (tenant_id, request_id)
      left join sweep_due d using (tenant_id, request_id)
      where r.state = 'COMPLETED' and d.request_id is null`,
  },
  {
    invariant: 'I5',
    service: 'privacy',
    says: 'what somebody was reached at who was erased is kept for longer than their certificate says',
    sql: `
      select n.request_id from search_needle n
      join request r using (tenant_id, request_id)
      where r.closed_at < clock_timestamp() - interval '7 days'`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'the log does not commit to what a service has said of a sweep',
    sql: `
      select o.request_id, o.service from sweep_opening o
      left join log_leaf l on l.index = o.leaf
      where l.index is null or position('"type":"sweep"'::bytea in l.data) = 0
        or position(convert_to('"service":"' || o.service || '"', 'UTF8') in l.data) = 0`,
  },
];
