import { type Tx } from '@heed/postgres';
import { type Scope } from '../consent/consent.js';

/** Addresses that others take the place of, and what was heard of their deliverability. As role eraser. */
export async function removeEndpoints(tx: Tx, endpointIds: readonly string[]): Promise<void> {
  if (endpointIds.length === 0) return;
  const ids = [tx.tenantId, endpointIds];
  await tx.execute('delete from endpoint where tenant_id = $1 and endpoint_id = any ($2::uuid[])', ids);
  await tx.execute('delete from endpoint_state where tenant_id = $1 and endpoint_id = any ($2::uuid[])', ids);
}

/** What the person has had corrected themselves, beside what they had before. As role eraser. */
export async function noteCorrected(
  tx: Tx,
  contactIds: readonly string[],
  fields: readonly string[],
  at: Date,
): Promise<void> {
  await tx.execute(
    `update contact set updated_at = $4,
       corrected = array(select distinct f from unnest(corrected || $3::text[]) f order by f)
     where tenant_id = $1 and contact_id = any ($2::uuid[])`,
    [tx.tenantId, contactIds, fields, at],
  );
}

/** What was said no to from these addresses. */
export async function optOutsHeardFrom(tx: Tx, forms: readonly Buffer[]): Promise<Scope[]> {
  if (forms.length === 0) return [];
  return tx.query<Scope & object>(
    `select distinct channel, purpose, sender from suppression
     where tenant_id = $1 and endpoint_hash = any ($2::bytea[]) and reason = 'opt_out'
     order by channel, purpose, sender`,
    [tx.tenantId, forms],
  );
}
