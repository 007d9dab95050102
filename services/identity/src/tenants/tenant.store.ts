import { reasonOf, type Tx } from '@heed/postgres';
import { refusal } from '../errors.js';
import { type Tenant } from './tenant.js';

// No entity: the table is infrastructure to the data map, since a slug is unique over all tenants.
interface TenantRow {
  tenant_id: string;
  slug: string;
  name: string;
  created_at: Date;
}

/** As the operator (tenant nil): the policy lets nobody else found. */
export async function insertTenant(tx: Tx, tenant: Tenant): Promise<void> {
  try {
    await tx.execute('insert into tenant (tenant_id, slug, name, created_at) values ($1, $2, $3, $4)', [
      tenant.tenantId,
      tenant.slug,
      tenant.name,
      tenant.createdAt,
    ]);
  } catch (error) {
    throw reasonOf(error, { tenant_slug_key: 'SLUG_TAKEN' });
  }
}

/** As sign-in, which does not know the tenant yet (tenant nil). */
export async function tenantIdOfSlug(tx: Tx, slug: string): Promise<string | undefined> {
  const [row] = await tx.query<{ tenant_id: string }>('select tenant_id from tenant where slug = $1', [slug]);
  return row?.tenant_id;
}

/** The tenant of the transaction. */
export async function ownTenant(tx: Tx): Promise<Tenant> {
  const [row] = await tx.query<TenantRow>(
    'select tenant_id, slug, name, created_at from tenant where tenant_id = $1',
    [tx.tenantId],
  );
  if (!row) throw refusal('TENANT_NOT_FOUND');
  return tenantOf(row);
}

/** Newest first, since ids are UUIDv7. As the operator: others see their own alone. */
export async function tenantsBefore(tx: Tx, tenantId: string | undefined, limit: number): Promise<Tenant[]> {
  const rows = await tx.query<TenantRow>(
    `select tenant_id, slug, name, created_at from tenant
     where $1::uuid is null or tenant_id < $1
     order by tenant_id desc limit $2`,
    [tenantId ?? null, limit],
  );
  return rows.map(tenantOf);
}

function tenantOf(row: TenantRow): Tenant {
  return { tenantId: row.tenant_id, slug: row.slug, name: row.name, createdAt: row.created_at };
}
