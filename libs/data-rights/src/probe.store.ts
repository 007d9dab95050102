import { type Tx } from '@heed/postgres';

/** The part of a manifest's entry that a search needs. */
export interface SearchedTable {
  name: string;
  schema: string;
  table: string;
  subject: string;
  also?: string;
  onErasure: unknown;
}

export interface Found {
  subjectId: string;
  /** Rows that should be gone. */
  live: number;
  /** Rows that are marked as retained. */
  retained: number;
  ground: string | null;
  until: Date | null;
}

/** A row that stands under a form: about whom, and whether they live. */
export interface FoundByForm {
  form: string | Buffer;
  subjectId: string | null;
  living: boolean;
}

/**
 * Searches for what should be gone: plain SQL made from the manifest's own words, as the read-only role that sees past
 * every policy. Nothing here is shared with the code that erases, down to how a name is quoted: what one of them
 * overlooks the other must not.
 */
export class ProbeStore {
  /** True once no transaction that began before the fence's commit is still running: none can write behind it. */
  async hasPassed(tx: Tx, fenceXid: string): Promise<boolean> {
    const [row] = await tx.query<{ passed: boolean }>(
      'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as passed',
      [fenceXid],
    );
    return row?.passed ?? false;
  }

  /** Rows that stand under one of these forms, whoever they are about. An index answers: `by` is what it is over. */
  async searchForms(
    tx: Tx,
    entry: SearchedTable,
    by: string,
    forms: readonly (string | Buffer)[],
  ): Promise<FoundByForm[]> {
    const type = Buffer.isBuffer(forms[0]) ? 'bytea' : 'text';
    return tx.query<FoundByForm>(
      // One look into the index for each form, however small the planner takes the table to be.
      `select h.form, h.id as "subjectId", coalesce(s.live, false) as living
       from (select distinct form from unnest($2::${type}[]) form) f, lateral (
         select f.form, t.${quoted(entry.subject)} as id
         from ${quoted(entry.schema)}.${quoted(entry.table)} t
         where t.tenant_id = $1 and ${by} = f.form offset 0) h
       left join heed.subject s on s.tenant_id = $1 and s.subject_id = h.id`,
      [tx.tenantId, forms],
    );
  }

  /** Rows about these people that say anything else in one of these columns; an empty value is nothing at all. */
  async countOtherThan(
    tx: Tx,
    entry: SearchedTable,
    subjectIds: readonly string[],
    expected: readonly { column: string; value: string }[],
  ): Promise<number> {
    const differs = expected.map(
      ({ column }, at) => `coalesce(t.${quoted(column)}::text, '') is distinct from $${at + 3}`,
    );
    const [row] = await tx.query<{ others: string }>(
      `select count(*) as others from ${quoted(entry.schema)}.${quoted(entry.table)} t
       where t.tenant_id = $1 and t.${quoted(entry.subject)} = any ($2::uuid[]) and (${differs.join(' or ')})`,
      [tx.tenantId, subjectIds, ...expected.map(({ value }) => value)],
    );
    return Number(row?.others ?? 0);
  }

  async search(tx: Tx, entry: SearchedTable, subjectIds: readonly string[]): Promise<Found[]> {
    const from = `${quoted(entry.schema)}.${quoted(entry.table)}`;
    const byColumn = [entry.subject, ...(entry.also ? [entry.also] : [])].map(
      (column) => `select t.${quoted(column)} as id, t.* from ${from} t
        where t.tenant_id = $1 and t.${quoted(column)} = any ($2::uuid[])`,
    );
    const retainable = typeof entry.onErasure === 'object';
    const mark = retainable ? 'hit.retained_under' : 'null::text';
    const rows = await tx.query<{
      id: string;
      live: string;
      retained: string;
      ground: string | null;
      until: Date | null;
    }>(
      `select hit.id, count(*) filter (where ${mark} is null) as live,
         count(*) filter (where ${mark} is not null) as retained, max(${mark}) as ground,
         (select max(r.until) from heed.retention r
          where r.tenant_id = $1 and r.subject_id = hit.id and r.store = $3) as until
       from (${byColumn.join(' union all ')}) hit
       group by hit.id`,
      [tx.tenantId, subjectIds, entry.name],
    );
    return rows.map((row) => ({
      subjectId: row.id,
      live: Number(row.live),
      retained: Number(row.retained),
      ground: row.ground,
      until: row.until,
    }));
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
