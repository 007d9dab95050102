import { type Tx } from '@heed/postgres';
import { FIRST_RULES, type ReviewRule, type ReviewRules } from './review-rules.js';

interface RulesRow {
  secondPerson: boolean;
  updatedAt: Date;
  updatedBy: string;
  waits: ReviewRule[];
}

/** All of them as they are at one moment. */
export async function reviewRules(tx: Tx): Promise<ReviewRules> {
  const [set] = await tx.query<RulesRow>(
    `select second_person as "secondPerson", updated_at as "updatedAt", updated_by as "updatedBy",
       (select coalesce(jsonb_agg(jsonb_build_object(
          'right', r.asked_right, 'verification', r.verification, 'intake', r.intake) order by position), '[]')
        from review_rule r where r.tenant_id = $1) as waits
     from review_rules where tenant_id = $1`,
    [tx.tenantId],
  );
  return set ?? FIRST_RULES;
}

/** Puts these in the place of all there are. Two who set them at one moment come one after the other. */
export async function setReviewRules(
  tx: Tx,
  { waits, secondPerson }: Pick<ReviewRules, 'waits' | 'secondPerson'>,
  { at, by }: { at: Date; by: string },
): Promise<void> {
  await tx.execute(
    `insert into review_rules (tenant_id, second_person, updated_at, updated_by) values ($1, $2, $3, $4)
     on conflict (tenant_id) do update set
       second_person = excluded.second_person, updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
    [tx.tenantId, secondPerson, at, by],
  );
  await tx.execute('delete from review_rule where tenant_id = $1', [tx.tenantId]);
  await tx.execute(
    `insert into review_rule (tenant_id, position, asked_right, verification, intake)
     select $1, r.* from unnest($2::smallint[], $3::text[], $4::text[], $5::text[]) r`,
    [
      tx.tenantId,
      waits.map((_, index) => index),
      waits.map(({ right }) => right),
      waits.map(({ verification }) => verification),
      waits.map(({ intake }) => intake),
    ],
  );
}
