import { type Rule } from '../rule.js';

/** Stores that have said of an erasure that somebody else has something of its person. */
const HANDED = `
  select o.tenant_id, o.request_id, entry ->> 'store' as store
  from subject_order o join opening g using (tenant_id, order_id)
  cross join lateral jsonb_array_elements(convert_from(g.statement, 'UTF8')::jsonb -> 'entries') entry
  where o.action = 'ERASE' and entry ->> 'outcome' = 'AT_PROCESSOR'`;

/** I6. What went to others is passed on to them, and to nobody else. */
export const processorRules: Rule[] = [
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'an erasure was completed although a processor that has something of its person was not told before',
    sql: `
      select distinct r.request_id from request r
      join (${HANDED}) h using (tenant_id, request_id)
      where r.state = 'COMPLETED' and not exists (
        select 1 from processor_order d join processor_answer a using (tenant_id, processor_order_id)
        where d.tenant_id = r.tenant_id and d.request_id = r.request_id and d.store = h.store
          and a.leaf < r.closing_leaf)`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'an erasure was completed although a processor that has something of its person had said no',
    sql: `
      select distinct r.request_id from request r
      join processor_order d using (tenant_id, request_id)
      cross join lateral (select convert_from(a.statement, 'UTF8')::jsonb as said from processor_answer a
        where a.tenant_id = d.tenant_id and a.processor_order_id = d.processor_order_id and a.leaf < r.closing_leaf
        order by a.leaf desc limit 1) last
      where r.state = 'COMPLETED' and last.said ->> 'state' = 'CANCELLED'`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a processor is told of an erasure of somebody of whom it was handed nothing',
    sql: `
      select d.processor_order_id from processor_order d
      where not exists (select 1 from (${HANDED}) h
        where h.tenant_id = d.tenant_id and h.request_id = d.request_id and h.store = d.store)`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'the log does not commit to what a processor was told or has said',
    sql: `
      select a.processor_order_id from processor_answer a
      left join log_leaf l on l.index = a.leaf
      where a.leaf is not null and l.data is distinct from convert_to(
        '{"commitment":"' || encode(sha256('\\x00'::bytea || a.salt || a.statement), 'base64')
        || '","type":"processor_answer"}', 'UTF8')`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'what a processor has said last is not what its last statement says',
    sql: `
      select d.processor_order_id from processor_order d
      left join lateral (select convert_from(a.statement, 'UTF8')::jsonb as said from processor_answer a
        where a.tenant_id = d.tenant_id and a.processor_order_id = d.processor_order_id
        order by a.answer_no desc limit 1) last on true
      where coalesce(last.said ->> 'state', 'NOT_TOLD') <> d.state`,
  },
];
