import { type ClientBase } from 'pg';
import { type ServiceName } from '@heed/contracts';
import { type Rule } from './rule.js';

export interface FencedTable {
  name: string;
  subjectColumn: string;
}

/** Tables that refer to heed.subject by tenant, subject and liveness: found in the catalogue, not in a list. */
export async function fencedTables(client: ClientBase): Promise<FencedTable[]> {
  const { rows } = await client.query<{ name: string; subject: string }>(`
    select c.conrelid::regclass::text as name, a.attname as subject
    from pg_constraint c
    join pg_class t on t.oid = c.conrelid and not t.relispartition
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[2]
    where c.contype = 'f' and c.confrelid = 'heed.subject'::regclass and cardinality(c.conkey) = 3
    order by 1, 2`);
  return rows.map(({ name, subject }) => ({ name, subjectColumn: subject }));
}

/**
 * I5. The foreign key refuses such rows, but not under session_replication_role = replica, nor after a restore with
 * triggers disabled; this looks at the rows themselves.
 */
export function liveRowsBehindFence(service: ServiceName, { name, subjectColumn }: FencedTable): Rule {
  const column = `"${subjectColumn}"`;
  return {
    invariant: 'I5',
    service,
    says: `${name} holds rows about somebody who was erased`,
    sql: `
      select r.${column} from ${name} r
      left join heed.subject s on s.tenant_id = r.tenant_id and s.subject_id = r.${column}
      where r.${column} is not null and r.subject_live and s.live is not true`,
  };
}
