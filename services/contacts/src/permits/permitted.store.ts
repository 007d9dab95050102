import { ALL_OUTREACH, OWN_PURPOSES } from '@heed/contracts';
import { type Tx } from '@heed/postgres';
import { type Scope } from '../consent/consent.js';
import { type Channel } from '../contacts/address.js';

/** An attempt that had leave. */
export interface Permitted {
  attemptId: string;
  channel: Channel;
  purpose: string;
  issuedTo: string;
  issuedAt: Date;
}

/** Attempts at a person that had a permit in a while, in a scope, latest first; what was given back never began. */
export function permittedBetween(
  tx: Tx,
  contactId: string,
  { channel, purpose, sender }: Scope,
  { from, until }: { from: Date; until: Date },
  limit: number,
): Promise<Permitted[]> {
  return tx.query<Permitted & object>(
    `select attempt_id as "attemptId", channel, purpose, max(issued_to) as "issuedTo", max(issued_at) as "issuedAt"
     from permit
     where tenant_id = $1 and contact_id = $2 and ($3 = '' or channel = $3) and ($4 = '' or purpose = $4 or ($4 = $9 and purpose <> all ($10::text[])))
       and ($8 = '' or sender in ($8, ''))
       and day >= date_trunc('day', $5::timestamptz at time zone 'UTC') at time zone 'UTC'
       and issued_at >= $5 and issued_at <= $6 and returned_at is null
     group by attempt_id, channel, purpose
     order by max(issued_at) desc limit $7`,
    [
      ...[tx.tenantId, contactId, channel, purpose, from, until, limit, sender],
      ...[ALL_OUTREACH, Object.keys(OWN_PURPOSES)],
    ],
  );
}
