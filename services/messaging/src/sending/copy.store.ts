import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';

export interface Copy {
  attemptId: string;
  campaignId: string;
  step: number;
  contactId: string;
  endpointHash: Buffer;
}

/** Which address each step of a campaign has written to. */
@Injectable()
export class CopyStore {
  /**
   * Takes the addresses for the people of these attempts. Returns the attempts that have theirs: of two people with one
   * address the second gets none, in this transaction or in another, for which it waits. In order of the hash, so that
   * nobody waits in a circle.
   */
  async reserve(tx: Tx, copies: readonly Copy[], at: Date): Promise<Set<string>> {
    const firsts = [...new Map(copies.toReversed().map((copy) => [keyOf(copy), copy])).values()];
    const rows = await tx.query<{ attempt_id: string }>(
      `insert into campaign_copy as c (tenant_id, campaign_id, step, endpoint_hash, attempt_id, contact_id, reserved_at)
       select $1, campaign_id, step, endpoint_hash, attempt_id, contact_id, $7
       from unnest($2::uuid[], $3::smallint[], $4::bytea[], $5::uuid[], $6::uuid[])
         as n (campaign_id, step, endpoint_hash, attempt_id, contact_id)
       order by campaign_id, step, endpoint_hash
       on conflict (tenant_id, campaign_id, step, endpoint_hash) do update set attempt_id = excluded.attempt_id
       where c.contact_id = excluded.contact_id
       returning attempt_id`,
      [
        tx.tenantId,
        firsts.map(({ campaignId }) => campaignId),
        firsts.map(({ step }) => step),
        firsts.map(({ endpointHash }) => endpointHash),
        firsts.map(({ attemptId }) => attemptId),
        firsts.map(({ contactId }) => contactId),
        at,
      ],
    );
    const taken = new Set(rows.map((row) => row.attempt_id));
    const holders = new Map(
      firsts.filter(({ attemptId }) => taken.has(attemptId)).map((copy) => [keyOf(copy), copy.contactId]),
    );
    const theirs = copies.filter((copy) => holders.get(keyOf(copy)) === copy.contactId);
    return new Set(theirs.map(({ attemptId }) => attemptId));
  }
}

function keyOf({ campaignId, step, endpointHash }: Copy): string {
  return `${campaignId} ${step} ${endpointHash.toString('hex')}`;
}
