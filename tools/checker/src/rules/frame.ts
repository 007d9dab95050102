import { SERVICES } from '@heed/contracts';
import { type Rule } from '../rule.js';

/** What holds in the schema that every service's database has. */
export const frameRules: Rule[] = SERVICES.flatMap((service): Rule[] => [
  {
    invariant: 'I7',
    service,
    says: 'a record is parked: nobody has handled it',
    sql: 'select id from heed.parked',
  },
  {
    invariant: 'I5',
    service,
    says: 'a subject that an order of erasure was taken for is alive',
    sql: `
      select s.subject_id from heed.subject s
      join heed.order_taken o on o.tenant_id = s.tenant_id and o.subject_id = s.subject_id
      where s.live and o.action = 'ERASE'`,
  },
  {
    invariant: 'I6',
    service,
    says: 'somebody is restricted, or is not, against the last order about it that was answered',
    sql: `
      select s.subject_id from (
        select distinct on (o.tenant_id, o.subject_id) o.tenant_id, o.subject_id, o.request_id, o.action
        from heed.order_taken o join heed.receipt r using (tenant_id, batch_id)
        where o.action in ('RESTRICT', 'LIFT')
        order by o.tenant_id, o.subject_id, o.order_number desc
      ) last
      join heed.subject s using (tenant_id, subject_id)
      where s.live and s.restricted_by is distinct from case last.action when 'RESTRICT' then last.request_id end`,
  },
]);
