import { ALL_OUTREACH } from '@heed/contracts';
import { type Tx } from '@heed/postgres';
import { type Scope } from '../consent/consent.js';
import { type Standing } from '../contacts/address-hashes.js';

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

/** What was said no to from this address, and its owner has not answered since for themselves: as optedOutAmong has it. */
export async function optOutsHeardFrom(
  tx: Tx,
  contactId: string,
  { name, forms }: Standing,
): Promise<Scope[]> {
  return tx.query<Scope & object>(
    `select channel, purpose, sender from suppression s
     where s.tenant_id = $1 and s.endpoint_hash = any ($2::bytea[]) and s.reason = 'opt_out' and not exists (
       select 1 from sign_up_confirmation c
       where c.tenant_id = $1 and c.contact_id = $3 and c.endpoint_hash = $4 and c.ended_at is null
         and c.confirmed_at > s.at and s.channel in ('', c.channel)
         and s.purpose in ('', c.purpose, '${ALL_OUTREACH}') and s.sender in ('', c.sender))
     group by channel, purpose, sender order by channel, purpose, sender`,
    [tx.tenantId, forms, contactId, name],
  );
}
