import { type Rule } from '../rule.js';

/** I6. What is said of requests other than erasure and access is what was ordered. */
export const requestRules: Rule[] = [
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
