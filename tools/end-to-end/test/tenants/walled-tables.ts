import type pg from 'pg';

/** What a role may do with a table; inserting goes by column. */
export interface Grants {
  select: boolean;
  delete: boolean;
  insert: string[];
}

/** The roles that work one tenant at a time. */
export type TenantRole = 'service' | 'eraser';

/** A table of tenants' rows, as the live catalogue has it: whatever a policy keeps apart by tenant. */
export interface WalledTable {
  name: string;
  partition: boolean;
  may: Record<TenantRole, Grants>;
}

/** `logins` are names of roles, `<service>_<purpose>`. */
export async function walledTables(
  client: pg.Client,
  logins: readonly string[] = [],
): Promise<WalledTable[]> {
  const { rows } = await client.query<WalledTable>(
    `select c.oid::regclass::text as name, c.relispartition as partition,
       (select coalesce(jsonb_object_agg(split_part(login, '_', 2), jsonb_build_object(
          'select', has_table_privilege(login, c.oid, 'select'),
          'delete', has_table_privilege(login, c.oid, 'delete'),
          'insert', (select coalesce(jsonb_agg(attname order by attnum), '[]') from pg_attribute
                     where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = ''
                       and has_column_privilege(login, c.oid, attnum, 'insert')))), '{}')
        from unnest($1::text[]) login) as may
     from pg_class c
     where c.relkind in ('r', 'p') and c.relrowsecurity
       and exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant_wall')
     order by 1`,
    [logins],
  );
  return rows;
}
