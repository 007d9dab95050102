import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';
import { In, type FindOptionsWhere } from 'typeorm';
import { EngagementEntity } from './engagement.entity.js';
import { type AutomatedReason, type EngagementKind, type Seen } from './engagement.js';

/** A message as far as it matters to what is done with it. */
export interface TrackedAttempt {
  attemptId: string;
  contactId: string;
  campaignId: string | undefined;
  step: number;
  templateId: string;
  armedAt: Date;
  /** Its arming, while the end is not written down. */
  handedOverAt: Date;
}

/** What is empty or undefined asks for nothing. */
export interface EngagementFilter {
  campaignId: string;
  contactId: string;
  attemptId: string;
  kind: EngagementKind | undefined;
  automated: boolean | undefined;
}

@Injectable()
export class EngagementStore {
  /** Of people who live: an erasure cuts the attempt's id. */
  async attempts(tx: Tx, attemptIds: readonly string[]): Promise<Map<string, TrackedAttempt>> {
    const rows = await tx.query<{
      attempt_id: string;
      contact_id: string;
      campaign_id: string | null;
      step: number;
      template_id: string;
      armed_at: Date;
      handed_over_at: Date;
    }>(
      `select attempt_id, contact_id, campaign_id, step, template_id, armed_at,
         coalesce(concluded_at, armed_at) as handed_over_at
       from attempt
       where tenant_id = $1 and attempt_id = any ($2::uuid[]) and contact_id is not null and armed_at is not null and issuer = 'contacts'`,
      [tx.tenantId, attemptIds],
    );
    return new Map(
      rows.map((row) => [
        row.attempt_id,
        {
          ...{ attemptId: row.attempt_id, contactId: row.contact_id, step: row.step },
          ...{ campaignId: row.campaign_id ?? undefined, templateId: row.template_id },
          ...{ armedAt: row.armed_at, handedOverAt: row.handed_over_at },
        },
      ]),
    );
  }

  /**
   * Keeps others from recording about these messages until the transaction ends: each is judged by all that is known of
   * it. In order, so that nobody waits in a circle.
   */
  async lock(tx: Tx, attemptIds: readonly string[]): Promise<void> {
    await tx.query(
      `select pg_advisory_xact_lock(lock) from (
         select distinct hashtextextended('messaging.engagement.' || $1 || '.' || id, 0) as lock
         from unnest($2::text[]) id order by lock offset 0
       ) locks`,
      [tx.tenantId, attemptIds],
    );
  }

  /** All that is known of these messages, oldest first. */
  of(tx: Tx, attemptIds: readonly string[]): Promise<EngagementEntity[]> {
    const where = { tenantId: tx.tenantId, attemptId: In([...attemptIds]) };
    return tx.manager.find(EngagementEntity, { where, order: { occurredAt: 'ASC', engagementId: 'ASC' } });
  }

  async insert(tx: Tx, engagements: readonly EngagementEntity[]): Promise<void> {
    if (engagements.length > 0) await tx.manager.insert(EngagementEntity, [...engagements]);
  }

  async rejudge(tx: Tx, judged: readonly { engagementId: string; reason: AutomatedReason }[]): Promise<void> {
    if (judged.length === 0) return;
    await tx.execute(
      `update engagement e set reason = j.reason
       from unnest($2::uuid[], $3::text[]) as j (engagement_id, reason)
       where e.tenant_id = $1 and e.engagement_id = j.engagement_id`,
      [tx.tenantId, judged.map(({ engagementId }) => engagementId), judged.map(({ reason }) => reason)],
    );
  }

  /** In order of id, which is the order in which they were recorded. */
  page(
    tx: Tx,
    { automated, ...filter }: EngagementFilter,
    after: string | undefined,
    limit: number,
  ): Promise<EngagementEntity[]> {
    const query = tx.manager
      .createQueryBuilder(EngagementEntity, 'engagement')
      .where('engagement.tenant_id = :tenant', { tenant: tx.tenantId });
    const where: FindOptionsWhere<EngagementEntity> = {};
    if (filter.campaignId) where.campaignId = filter.campaignId;
    if (filter.contactId) where.contactId = filter.contactId;
    if (filter.attemptId) where.attemptId = filter.attemptId;
    if (filter.kind) where.kind = filter.kind;
    if (Object.keys(where).length > 0) query.andWhere(where);
    if (automated !== undefined) query.andWhere(`(engagement.reason <> '') = :automated`, { automated });
    if (after !== undefined) query.andWhere('engagement.engagement_id > :after', { after });
    return query.orderBy('engagement.engagement_id', 'ASC').limit(limit).getMany();
  }

  /** How many rows went whose days are over. Those of whom a hold keeps stay. */
  removeExpired(tx: Tx, at: Date, most: number): Promise<number> {
    return tx.execute(
      `delete from engagement where tenant_id = $1 and engagement_id = any (array(
         select engagement_id from engagement
         where tenant_id = $1 and expires_at < $2 and not heed.is_held(tenant_id, contact_id) limit $3))`,
      [tx.tenantId, at, most],
    );
  }
}

/** A row for what was seen, not judged yet. */
export function rowOf(
  tenantId: string,
  engagementId: string,
  { kind, link, of: links, evidence, at }: Seen,
  { attemptId, contactId, campaignId, step }: TrackedAttempt,
  expiresAt: Date,
): EngagementEntity {
  return {
    ...{ tenantId, engagementId, attemptId, contactId, campaignId: campaignId ?? null, step },
    ...{ kind, link, links, evidence, reason: '', occurredAt: at, expiresAt },
  };
}
