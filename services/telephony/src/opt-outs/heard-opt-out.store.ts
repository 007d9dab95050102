import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';
import { HeardOptOutEntity } from './heard-opt-out.entity.js';

export type HeardOptOut = Omit<HeardOptOutEntity, 'tenantId'>;

/** What was said in calls and contacts has not recorded yet. */
@Injectable()
export class HeardOptOutStore {
  /** False: it was heard in this call before. */
  async add(tx: Tx, heard: HeardOptOut): Promise<boolean> {
    const { heardId, callId, contactId, endpointId, key, sipStatus, heardAt } = heard;
    const added = await tx.execute(
      `insert into heard_opt_out (tenant_id, heard_id, call_id, contact_id, endpoint_id, key, sip_status, heard_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict on constraint heard_opt_out_call_key do nothing`,
      [tx.tenantId, heardId, callId, contactId, endpointId, key, sipStatus, heardAt],
    );
    return added === 1;
  }

  async find(tx: Tx, heardId: string): Promise<HeardOptOut | undefined> {
    const { tenantId } = tx;
    return (await tx.manager.findOneBy(HeardOptOutEntity, { tenantId, heardId })) ?? undefined;
  }

  /** Somebody said no here, and contacts does not know it yet. */
  waitsFor(tx: Tx, contactId: string): Promise<boolean> {
    return tx.manager.existsBy(HeardOptOutEntity, { tenantId: tx.tenantId, contactId });
  }

  /** Whether something that one of them said is not told yet. */
  async isWaiting(tx: Tx, contactIds: readonly string[]): Promise<boolean> {
    const rows = await tx.query(
      'select 1 from heard_opt_out where tenant_id = $1 and contact_id = any ($2::uuid[]) limit 1',
      [tx.tenantId, contactIds],
    );
    return rows.length > 0;
  }

  async forget(tx: Tx, heardId: string): Promise<void> {
    await tx.manager.delete(HeardOptOutEntity, { tenantId: tx.tenantId, heardId });
  }
}
