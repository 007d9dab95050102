import { type Tx } from '@heed/postgres';

/** A hold, as services are told of it. */
export interface ToldHold {
  holdId: string;
  subjectId: string;
  released: boolean;
}

/** In whatever order they are told, and however often: a released hold never stands again. */
export async function keepHolds(tx: Tx, holds: readonly ToldHold[]): Promise<void> {
  await tx.execute(
    `insert into heed.hold as known (tenant_id, hold_id, subject_id, released)
     select $1, told.hold_id, told.subject_id, bool_or(told.released)
     from unnest($2::uuid[], $3::uuid[], $4::boolean[]) told (hold_id, subject_id, released)
     group by told.hold_id, told.subject_id
     on conflict (tenant_id, hold_id) do update set released = true where excluded.released and not known.released`,
    [
      tx.tenantId,
      holds.map(({ holdId }) => holdId),
      holds.map(({ subjectId }) => subjectId),
      holds.map(({ released }) => released),
    ],
  );
}

/** Whether what would go by its age must stay; in SQL, row by row: `heed.is_held(tenant_id, <subject>)`. */
export async function isHeld(tx: Tx, subjectId: string): Promise<boolean> {
  const [row] = await tx.query<{ held: boolean }>('select heed.is_held($1, $2) as held', [
    tx.tenantId,
    subjectId,
  ]);
  return row!.held;
}
