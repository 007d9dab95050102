import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { topicRanges, type KafkaSettings, type Range } from '@heed/events';
import { databasesOf } from '@heed/postgres';
import pg from 'pg';
import { serviceNames, type ServiceName } from '../cluster/services.js';
import { type BackupRecord } from './backup-record.js';
import { superuserUrl, type Installation } from './installation.js';

/** How far a consumer was in a stream when the backup was taken. */
export interface CursorThen {
  consumer: string;
  topic: string;
  partition: number;
  position: string;
}

/** Read by a resync of long ago, to its end. */
const OVER = /\.resync-/;

/**
 * What was told since the backup must still be there to be read again. Where a topic begins after the place that the
 * backup left, something is missing that nobody would ever know of; where it ends before, it is another one.
 */
export async function demandLog(
  installation: Installation,
  restored: readonly ServiceName[],
  { record, folder }: { record: BackupRecord; folder: string },
): Promise<void> {
  await demandCursors(installation, restored, record, await cursorsIn(record, folder));
}

export async function demandCursors(
  installation: Pick<Installation, 'postgresUrl' | 'kafka'>,
  restored: readonly ServiceName[],
  record: Pick<BackupRecord, 'service' | 'takenAt'>,
  then: readonly CursorThen[],
): Promise<void> {
  const cursors = then.filter(({ consumer }) => !OVER.test(consumer));
  const kafka = await installation.kafka();
  const gaps = kafka
    ? await gapsInTopics(kafka, cursors)
    : await gapsInOutboxes(installation, restored, cursors);
  if (gaps.length === 0) return;
  throw new Error(
    `the backup of ${record.service} (${record.takenAt}) cannot catch up any more:\n` +
      `${gaps.map((gap) => `  ${gap}`).join('\n')}\n` +
      'Take a younger one; nothing has been changed. If such a consumer is no longer one of this version, or if ' +
      'nothing better is left: --although-too-old. A consumer that is will stand still, and so will the service.',
  );
}

async function gapsInTopics(kafka: KafkaSettings, cursors: readonly CursorThen[]): Promise<string[]> {
  const then = cursors.filter(({ position }) => /^\d+$/.test(position));
  const ranges = await topicRanges(kafka, [...new Set(then.map(({ topic }) => topic))]);
  return then.flatMap((cursor) => gapOf(cursor, ranges.get(cursor.topic)?.get(cursor.partition)) ?? []);
}

export function gapOf(
  { consumer, topic, partition, position }: CursorThen,
  range: Range | undefined,
): string | undefined {
  const at = BigInt(position);
  const where = `${consumer} had come to ${at} of ${topic}/${partition}`;
  if (range === undefined) return at === 0n ? undefined : `${where}, which is there no more`;
  if (at < range.low) return `${where}, which begins at ${range.low} now: what lay between is gone`;
  if (at > range.high) return `${where}, which ends at ${range.high} now: it is another one, or was cut off`;
  return undefined;
}

/** On the embedded bus a position is a snapshot of the producer's database, on the server where it was taken. */
async function gapsInOutboxes(
  installation: Pick<Installation, 'postgresUrl'>,
  restored: readonly ServiceName[],
  cursors: readonly CursorThen[],
): Promise<string[]> {
  const gaps: string[] = [];
  for (const { consumer, topic, position } of cursors) {
    const producer = serviceNames.find((name) => topic === `outbox.${name}`);
    const [snapshot = ''] = position.split('/');
    if (producer === undefined || restored.includes(producer) || snapshot === BEGINNING) continue;
    if (await isMissed(superuserUrl(installation, databasesOf(producer).main), snapshot)) {
      gaps.push(
        `${consumer} had read less of ${topic} than has been dropped since: what lay between is gone`,
      );
    }
  }
  return gaps;
}

const BEGINNING = '1:1:';

async function isMissed(url: string, snapshot: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'heed restore' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ missed: boolean }>(
      'select xid >= pg_snapshot_xmin($1::pg_snapshot) as missed from heed.outbox_horizon',
      [snapshot],
    );
    return rows[0]?.missed ?? false;
  } finally {
    await client.end();
  }
}

/** From the copy itself: nothing is loaded for it. No value of that table needs to be escaped. */
export async function cursorsIn(
  { database }: Pick<BackupRecord, 'database'>,
  folder: string,
): Promise<CursorThen[]> {
  const table = database.tables.find(({ schema, name }) => schema === 'heed' && name === 'inbox_cursor');
  if (table === undefined) return [];
  const file = createReadStream(join(folder, 'database', table.file));
  const cursors: CursorThen[] = [];
  for await (const line of createInterface({ input: file.pipe(createGunzip()), crlfDelay: Infinity })) {
    const cells = line.split('\t');
    const of = (column: string): string => cells[table.columns.indexOf(column)] ?? '';
    const [consumer, topic, position] = [of('consumer'), of('topic'), of('position')];
    cursors.push({ consumer, topic, partition: Number(of('partition')), position });
  }
  return cursors;
}
