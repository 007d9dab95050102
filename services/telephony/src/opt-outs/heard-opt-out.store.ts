import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';
import { HeardOptOutEntity } from './heard-opt-out.entity.js';

export type HeardOptOut = Omit<HeardOptOutEntity, 'tenantId'>;

/** A row of which it is not known whether it is a no. */
export type Doubt = HeardOptOut & { words: Buffer; decideBy: Date };

/** What was said in calls and contacts has not recorded yet. */
@Injectable()
export class HeardOptOutStore {
  /** False: as much was heard in this call before. A no ends a doubt about the same call. */
  async add(tx: Tx, heard: HeardOptOut): Promise<boolean> {
    const { heardId, callId, contactId, endpointId, key, sipStatus, words, decideBy, heardAt } = heard;
    const added = await tx.execute(
      `insert into heard_opt_out as h
         (tenant_id, heard_id, call_id, contact_id, endpoint_id, key, sip_status, words, decide_by, heard_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict on constraint heard_opt_out_call_key do update
         set heard_id = excluded.heard_id, key = excluded.key, sip_status = excluded.sip_status, words = excluded.words, decide_by = null,
           heard_at = excluded.heard_at
         where h.decide_by is not null and excluded.decide_by is null`,
      [tx.tenantId, heardId, callId, contactId, endpointId, key, sipStatus, words, decideBy, heardAt],
    );
    return added === 1;
  }

  async find(tx: Tx, heardId: string): Promise<HeardOptOut | undefined> {
    const { tenantId } = tx;
    return (await tx.manager.findOneBy(HeardOptOutEntity, { tenantId, heardId })) ?? undefined;
  }

  /** Somebody said no here, or may have, and contacts does not know it yet. */
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

  async doubts(tx: Tx, contactId: string, after: string | undefined, limit: number): Promise<Doubt[]> {
    const query = tx.manager
      .createQueryBuilder(HeardOptOutEntity, 'heard')
      .where('heard.tenant_id = :tenantId and heard.decide_by is not null', { tenantId: tx.tenantId });
    if (contactId !== '') query.andWhere('heard.contact_id = :contactId', { contactId });
    if (after !== undefined) query.andWhere('heard.heard_id > :after', { after });
    const found: HeardOptOut[] = await query.orderBy('heard.heard_id', 'ASC').limit(limit).getMany();
    return found.filter(isDoubt);
  }

  async doubt(tx: Tx, heardId: string): Promise<Doubt | undefined> {
    const heard = await this.find(tx, heardId);
    return heard && isDoubt(heard) ? heard : undefined;
  }

  /** From now on they are a no. Their ids. */
  async endDoubts(tx: Tx, of: { heardId: string } | { contactIds: readonly string[] }): Promise<string[]> {
    const [column, ids] = 'heardId' in of ? ['heard_id', [of.heardId]] : ['contact_id', of.contactIds];
    const rows = await tx.query<{ heard_id: string }>(
      `update heard_opt_out set decide_by = null
       where tenant_id = $1 and ${column} = any ($2::uuid[]) and decide_by is not null returning heard_id`,
      [tx.tenantId, ids],
    );
    return rows.map(({ heard_id }) => heard_id);
  }

  async forget(tx: Tx, heardId: string): Promise<void> {
    await tx.manager.delete(HeardOptOutEntity, { tenantId: tx.tenantId, heardId });
  }
}

function isDoubt(heard: HeardOptOut): heard is Doubt {
  return heard.words !== null && heard.decideBy !== null;
}
