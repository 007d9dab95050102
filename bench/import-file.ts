import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { newId } from '@heed/kernel';
import { loginOf, migrate, provisionDatabase, rolesOf } from '@heed/postgres';
import { migrationsOf } from '@heed/service';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { contacts } from '../services/contacts/src/index.js';
import { importInto } from '../tools/story/src/steps/import.js';
import { type Bench } from './bench.js';
import { writePeople } from './people.js';
import { type Place } from './place.js';
import { cpuOf } from './process-cpu.js';

/** What a row of the file becomes, in an order in which the keys allow it to be written. */
const TABLES = [
  'heed.subject',
  'list',
  'contact',
  'endpoint',
  'list_member',
  'consent_entry',
  'consent_state',
];

/** Rows a second of a file: uploaded, read, checked, staged and merged, until the import says that it is complete. */
export const importRows: Bench = {
  name: 'import',
  run: async (place) => {
    const rows = place.scaled(500_000, 1_000);
    const { cast } = await place.town('bench-import');
    const file = await writePeople(place, rows);
    const { list } = await cast.manager.lists.createList({ requestId: newId(), name: 'imported' });
    const cpu = await cpuOf(place);
    const begun = performance.now();
    const ended = await importInto(cast.manager, list!.listId, file);
    const seconds = (performance.now() - begun) / 1_000;
    if (Number(ended.accepted) !== rows) throw new Error(`${rows} rows, ${ended.accepted} accepted`);
    const notes = { rows, seconds, cpuMsARow: cpu.per(rows) };
    place.say(`${rows} rows imported in ${seconds.toFixed(1)} s; now the same by COPY`);
    const copied = await copyOf(place, cast.tenantId);
    return [
      {
        name: `import of ${rows.toLocaleString('en-US')} rows`,
        value: rows / seconds,
        unit: 'rows/s',
        floor: rows / copied,
        aim: { of: 'ratio', atLeast: 0.25 },
        notes: { ...notes, copySeconds: copied },
      },
    ];
  },
};

/** Seconds that COPY takes for the rows that the import made, into tables made by the same migrations. */
async function copyOf(place: Place, tenantId: string): Promise<number> {
  const database = await equalDatabase(place);
  const source = new pg.Client({ connectionString: await place.postgres('heed_contacts') });
  const target = new pg.Client({ connectionString: await place.postgres(database) });
  await Promise.all([source.connect(), target.connect()]);
  try {
    let seconds = 0;
    for (const table of TABLES) {
      const columns = await columnsOf(source, table);
      const file = join(place.files, 'rows.copy');
      await pipeline(
        source.query(
          copyTo(`copy (select ${columns} from ${table} where tenant_id = '${tenantId}') to stdout`),
        ),
        createWriteStream(file),
      );
      // Keys stay. Triggers that keep the wall are the product's own work, not COPY's.
      await target.query(`alter table ${table} disable trigger user`);
      const begun = performance.now();
      await pipeline(createReadStream(file), target.query(copyFrom(`copy ${table} (${columns}) from stdin`)));
      seconds += (performance.now() - begun) / 1_000;
      rmSync(file);
    }
    return seconds;
  } finally {
    await Promise.all([source.end(), target.end()]);
    await dropped(place, database);
  }
}

async function equalDatabase(place: Place): Promise<string> {
  const database = 'heed_bench_copy';
  const cluster = await place.cluster();
  const superuserUrl = await place.postgres();
  await provisionDatabase({ superuserUrl, service: 'contacts' }, database, rolesOf('contacts'));
  const owner = new URL(cluster.databaseUrl('contacts', 'owner'));
  if (owner.username !== loginOf('contacts', 'owner')) throw new Error('the owner has another name');
  await migrate({
    service: 'contacts',
    url: `postgres://${owner.host}/${database}`,
    passwords: { owner: owner.password },
    sources: migrationsOf(contacts),
  });
  return database;
}

async function columnsOf(client: pg.Client, table: string): Promise<string> {
  const { rows } = await client.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [table],
  );
  return rows[0]!.columns;
}

async function dropped(place: Place, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: await place.postgres() });
  await client.connect();
  await client.query(`drop database ${database} with (force)`);
  await client.end();
}
