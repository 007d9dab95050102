import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { type Installation } from './installation.js';
import { foundIn, type Needle } from './needles.js';

/** Where something was found: `postgres.log: email`. Never what. */
export type Finding = string;

/** What the six services have printed. */
export function inPrinted({ printed }: Installation, needles: readonly Needle[]): Finding[] {
  return named('printed by the services', foundIn(Buffer.concat(printed), needles));
}

/** PostgreSQL's own log; undefined where the server is not ours. */
export function inPostgresLog({ parts }: Installation, needles: readonly Needle[]): Finding[] | undefined {
  const { logFile } = parts.postgres!;
  return logFile === undefined
    ? undefined
    : named('log of PostgreSQL', foundIn(readFileSync(logFile), needles));
}

/** Spans and metrics as they were exported. */
export function inTelemetry({ collector }: Installation, needles: readonly Needle[]): Finding[] {
  return [...new Set(collector.received.flatMap(({ path, body }) => named(path, foundIn(body, needles))))];
}

/** Every record of every topic with its key and headers, dead letters included. */
export async function inKafka(
  { parts, prefix }: Installation,
  needles: readonly Needle[],
): Promise<{ records: number; topics: string[]; findings: Finding[] }> {
  const { brokers } = parts.kafka!;
  const kafka = new Kafka({ clientId: 'heed-canary', brokers, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const consumer = kafka.consumer({ groupId: `${prefix}canary` });
  await Promise.all([admin.connect(), consumer.connect()]);
  try {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    const ends = new Map<string, number>();
    for (const topic of topics) {
      for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
        if (Number(high) > Number(low)) ends.set(`${topic}/${partition}`, Number(high));
      }
    }
    const findings: Finding[] = [];
    let records = 0;
    await consumer.subscribe({ topics, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const done = (): void => void (ends.size === 0 && resolve());
      done();
      consumer
        .run({
          autoCommit: false,
          eachMessage: async ({ topic, partition, message: { key, value, headers, offset } }) => {
            records += 1;
            const said = JSON.stringify(headers, (_, held: unknown) => asText(held));
            const parts = [key, value, Buffer.from(said)].flatMap((part) =>
              part ? foundIn(part, needles) : [],
            );
            findings.push(...named(`${topic}/${partition} at ${offset}`, parts));
            const place = `${topic}/${partition}`;
            if (Number(offset) + 1 >= (ends.get(place) ?? 0)) ends.delete(place);
            done();
          },
        })
        .catch(reject);
    });
    return { records, topics, findings };
  } finally {
    await Promise.all([consumer.disconnect(), admin.disconnect()]);
  }
}

/** What PostgreSQL remembers of values to plan by, after every table was analysed. */
export async function inStatistics(
  installation: Installation,
  needles: readonly Needle[],
): Promise<Finding[]> {
  return overDatabases(installation, async (client, name) => {
    await client.query('analyze');
    const { rows } = await client.query<{ place: string; said: string }>(
      `select format('%s.%s', tablename, attname) as place, s::text as said from pg_stats s
       union all select statistics_name, e::text from pg_stats_ext e`,
    );
    return rows.flatMap(({ place, said }) => named(`${name} ${place}`, foundIn(said, needles)));
  });
}

/** Every column of every table, read as it is: `heed_contacts contact.first_name: firstName`. */
export async function inColumns(installation: Installation, needles: readonly Needle[]): Promise<Finding[]> {
  return overDatabases(installation, async (client, name) => {
    const { rows: columns } = await client.query<{ part: string; whole: string; columns: string[] }>(
      `select c.oid::regclass::text as part,
         coalesce((select inhparent from pg_inherits where inhrelid = c.oid), c.oid)::regclass::text as whole,
         array(select attname::text from pg_attribute
               where attrelid = c.oid and attnum > 0 and not attisdropped) as columns
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`,
    );
    const findings: Finding[] = [];
    for (const { part, whole, columns: names } of columns) {
      const { rows } = await client.query<Record<string, unknown>>(`select * from ${part}`);
      for (const column of names) {
        const found = rows.flatMap((row) => foundIn(bytesOf(row[column]), needles));
        findings.push(...named(`${name} ${whole}.${column}`, found));
      }
    }
    return findings;
  });
}

/** Objects as they lie on disk, with their names: sealed, or not there. */
export function inObjects(
  { started }: Installation,
  needles: readonly Needle[],
): { files: number; findings: Finding[] } {
  const files = started.objects
    .map((url) => fileURLToPath(url))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => ({
        path,
        whole: join(folder, path),
      })),
    )
    .filter(({ whole }) => statSync(whole).isFile());
  const findings = files.flatMap(({ path, whole }) => [
    ...named('name of an object', foundIn(path, needles)),
    ...named('object', foundIn(readFileSync(whole), needles)),
  ]);
  return { files: files.length, findings };
}

async function overDatabases(
  installation: Installation,
  look: (client: pg.Client, name: string) => Promise<Finding[]>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, url] of Object.entries(installation.started.databases)) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      findings.push(...(await look(client, name)));
    } finally {
      await client.end();
    }
  }
  return [...new Set(findings)];
}

function named(place: string, found: readonly string[]): Finding[] {
  return [...new Set(found)].map((what) => `${place}: ${what}`);
}

function bytesOf(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (value === null || value === undefined) return Buffer.alloc(0);
  return Buffer.from(
    typeof value === 'string' ? value : JSON.stringify(value, (_, held: unknown) => asText(held)),
  );
}

function asText(held: unknown): unknown {
  const json = held as { type?: string; data?: number[] } | null;
  if (typeof json === 'object' && json?.type === 'Buffer') return Buffer.from(json.data!).toString('latin1');
  return typeof held === 'bigint' ? held.toString() : held;
}
