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
]);
