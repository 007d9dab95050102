import { type identityV1 } from '@heed/contracts';
import { type Tenant } from './tenant.js';

export function messageOf(tenant: Tenant): identityV1.Tenant {
  return { ...tenant, createdAt: tenant.createdAt.toISOString() };
}
