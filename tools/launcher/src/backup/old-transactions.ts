import type pg from 'pg';

/** A transaction before every other: numbers up to 2 are PostgreSQL's own. */
const LONG_AGO = '3';

/**
 * Numbers of transactions mean nothing in another database. Events that had been sent count as sent long ago; those
 * that had not are given the number of this transaction, so that the relay, which begins just before it, sends them:
 * once more, if they left after the backup was taken, and whoever has them knows their ids.
 */
export async function forgetOldTransactions(client: pg.Client, takenOn: string): Promise<void> {
  const columns = await client.query<{ relation: string; name: string }>(
    `select c.oid::regclass::text as relation, quote_ident(a.attname) as name
     from pg_attribute a join pg_class c on c.oid = a.attrelid
     where a.atttypid = 'xid8'::regtype and a.attnum > 0 and not a.attisdropped
       and c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace::regnamespace::text !~ '^pg_'`,
  );
  const relayed = columns.rows.some(({ relation }) => relation === 'heed.outbox');
  const [start] = (await client.query<{ snapshot: string }>('select pg_current_snapshot()::text as snapshot'))
    .rows;
  await client.query('begin');
  for (const { relation, name } of columns.rows) {
    if (relation === 'heed.outbox') await client.query(SENT_OR_NOT, [LONG_AGO]);
    else
      await client.query(`update ${relation} set ${name} = $1::xid8 where ${name} is not null`, [LONG_AGO]);
  }
  if (relayed) {
    await client.query(
      `update heed.relay_cursor set position = $1, holder = null, lease_until = '-infinity', has_lock = true`,
      [start?.snapshot],
    );
    await forgetPositions(client, takenOn);
  }
  await client.query('commit');
}

// A position is a snapshot, or a walk from one to the next: snapshot/target/seq/until (libs/events, outbox-position.ts).
const SENT_OR_NOT = `
  update heed.outbox o
  set xid = case
    when pg_visible_in_snapshot(o.xid, split_part(c.position, '/', 1)::pg_snapshot)
      or (c.position like '%/%' and pg_visible_in_snapshot(o.xid, split_part(c.position, '/', 2)::pg_snapshot)
        and o.seq <= split_part(c.position, '/', 3)::bigint)
    then $1::xid8 else pg_current_xact_id() end
  from heed.relay_cursor c where c.name = 'outbox'`;

/**
 * Cursors of the embedded bus are snapshots of the producers' databases. On the server where they were taken they
 * still hold; elsewhere whoever reads begins at the beginning, and the inbox knows what it has handled.
 */
async function forgetPositions(client: pg.Client, takenOn: string): Promise<void> {
  await client.query(
    `update heed.inbox_cursor set position = '1:1:', witness = null, witness_offset = null
     where position like '%:%' and (select system_identifier::text from pg_control_system()) <> $1`,
    [takenOn],
  );
}
