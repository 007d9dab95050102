import { join } from 'node:path';
import pg from 'pg';
import { DispatchRequested, topics, typesV1 } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { newId, systemClock } from '@heed/kernel';
import { Database, UnitOfWork } from '@heed/postgres';
import { PURPOSE, writeReturning, type Person } from '../example/example-contacts.js';
import { type Cast, type Stage } from '../stage.js';
import { importInto } from './import.js';

const PATIENCE_MS = 15_000;
const POLL_MS = 50;

/** Step 8: a file with the erased person in it. No row for them; counted, and no line of the rejects names them. */
export async function importReturning(
  { expect, databases, folder }: Stage,
  { manager, tenantId }: Cast,
  listId: string,
  returning: Person,
): Promise<number> {
  const file = join(folder, 'returning.csv');
  const rows = await writeReturning(file, returning);
  const ended = await importInto(manager, listId, file);
  const suppressed = Number(ended.rejectedByReason['SUPPRESSED'] ?? 0n);
  expect.equal('return: rows counted as suppressed', suppressed, 1);
  expect.equal('return: rows accepted', Number(ended.accepted), rows - 1);
  const back = await databases.count(
    'contacts',
    'select count(*) from endpoint where tenant_id = $1 and address = $2',
    [tenantId, returning.email],
  );
  expect.equal('return: addresses of the erased person', back, 0);
  return suppressed;
}

/**
 * Step 8: what arrives late about somebody erased. An event with a new id, from the outbox of its own producer, which
 * the consumer drops by locking its subject first; and a row, inserted as the service itself would, which the foreign key
 * refuses. Gives how many were refused.
 */
export async function comeLate(stage: Stage, { tenantId }: Cast, contactId: string): Promise<number> {
  const { expect, databases } = stage;
  const parkedBefore = await databases.count('messaging', 'select count(*) from heed.parked');
  const before = await refusedBy(stage, 'messaging');
  await publishLate(stage, tenantId, contactId);
  const until = performance.now() + PATIENCE_MS;
  let dropped = 0;
  while (dropped === 0 && performance.now() < until) {
    dropped = (await refusedBy(stage, 'messaging')) - before;
    if (dropped === 0) await systemClock.wait(POLL_MS);
  }
  expect.equal('late event: refused_erased', dropped, 1);
  const parkedAfter = await databases.count('messaging', 'select count(*) from heed.parked');
  expect.equal('late event: records parked', parkedAfter - parkedBefore, 0);
  const attempts = await databases.count('messaging', 'select count(*) from attempt where contact_id = $1', [
    contactId,
  ]);
  expect.equal('late event: attempts about the erased person', attempts, 0);

  const code = await insertLate(stage, tenantId, contactId);
  expect.equal('late insert: SQLSTATE', code, '23503');
  return dropped + (code === '23503' ? 1 : 0);
}

function refusedBy({ databases }: Stage, service: 'messaging'): Promise<number> {
  return databases.count(
    service,
    "select coalesce(sum(n), 0) as count from heed.refused where reason = 'refused_erased'",
  );
}

/** Writes the event as campaigns does: under its role, through its outbox. */
async function publishLate({ cluster }: Stage, tenantId: string, contactId: string): Promise<void> {
  const login = new URL(cluster.databaseUrl('campaigns', 'service'));
  const database = new Database({
    service: 'campaigns',
    url: `postgres://${login.host}${login.pathname}`,
    passwords: { service: decodeURIComponent(login.password) },
  });
  try {
    const outbox = new Outbox({
      service: 'campaigns',
      topics,
      clock: systemClock,
      committed: () => undefined, // the relay of the service itself finds it, by its poll
    });
    await new UnitOfWork(database).run(tenantId, (tx) =>
      outbox.add(tx, DispatchRequested, {
        intentId: newId(),
        campaignId: newId(),
        contactId,
        channel: typesV1.Channel.CHANNEL_EMAIL,
        purpose: PURPOSE,
        templateId: newId(),
        ...{ step: 1, try: 1, deferrals: 0 },
      }),
    );
  } finally {
    await database.close();
  }
}

/** The SQLSTATE with which the database answers, or what went wrong with the attack. */
async function insertLate({ cluster }: Stage, tenantId: string, contactId: string): Promise<string> {
  const client = new pg.Client({ connectionString: cluster.databaseUrl('contacts', 'service') });
  await client.connect();
  try {
    await client.query('begin');
    await client.query("select set_config('heed.tenant', $1, true)", [tenantId]);
    const at = systemClock.now();
    await client.query(
      `insert into list_member (tenant_id, list_id, contact_id, added_at)
       select tenant_id, list_id, $1, $2 from list limit 1`,
      [contactId, at],
    );
    return 'accepted';
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).message;
  } finally {
    await client.query('rollback');
    await client.end();
  }
}
