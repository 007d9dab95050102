import { declareInfrastructure } from '@heed/data-map';
import { reasonOf, type Statements, type Tx } from '@heed/postgres';
import { refusal } from '../errors.js';
import { type Tenant } from './tenant.js';

export const tenantTables = [
  declareInfrastructure({
    table: 'public.tenant',
    description: 'tenants of the installation: the organisations, not their people',
    columns: { tenant_id: 'id', slug: 'name', name: 'name', created_at: 'time' },
    tenants: 'wall',
    policies: ['outside_tenants'],
  }),
  declareInfrastructure({
    table: 'public.tenant_slug',
    description: 'which slug is whose, known before a tenant is',
    columns: { slug: 'name', tenant_id: 'id' },
    tenants: 'open',
  }),
];

interface TenantRow {
  tenant_id: string;
  slug: string;
  name: string;
  created_at: Date;
}

/** As the tenant itself, which begins to exist with this. */
export async function insertTenant(tx: Tx, tenant: Omit<Tenant, 'tenantId'>): Promise<void> {
  const { slug, name, createdAt } = tenant;
  try {
    await tx.execute('insert into tenant_slug (slug, tenant_id) values ($1, $2)', [slug, tx.tenantId]);
  } catch (error) {
    throw reasonOf(error, { tenant_slug_pkey: 'SLUG_TAKEN' });
  }
  await tx.execute('insert into tenant (tenant_id, slug, name, created_at) values ($1, $2, $3, $4)', [
    tx.tenantId,
    ...[slug, name, createdAt],
  ]);
}

export async function tenantIdOfSlug(tx: Statements, slug: string): Promise<string | undefined> {
  const [row] = await tx.query<{ tenant_id: string }>('select tenant_id from tenant_slug where slug = $1', [
    slug,
  ]);
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
export async function tenantsBefore(
  tx: Tx,
  { before, slugPrefix = '', limit }: { before: string | undefined; slugPrefix?: string; limit: number },
): Promise<Tenant[]> {
  const rows = await tx.query<TenantRow>(
    `select tenant_id, slug, name, created_at from tenant
     where ($1::uuid is null or tenant_id < $1) and starts_with(slug, $2)
     order by tenant_id desc limit $3`,
    [before ?? null, slugPrefix, limit],
  );
  return rows.map(tenantOf);
}

function tenantOf(row: TenantRow): Tenant {
  return { tenantId: row.tenant_id, slug: row.slug, name: row.name, createdAt: row.created_at };
}
