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
        or not convert_from(r.closing_statement, 'UTF8')::jsonb ? 'exceptions')`,
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
        and exists (select 1 from request r where r.tenant_id = x.tenant_id and r.request_id = x.request_id)`,
  },
];
