import { join } from 'node:path';
import pg from 'pg';
import {
  copyControlFile,
  copyFile,
  filesToCopy,
  makeFolders,
  syncAll,
  writeFile,
  type CopiedFile,
} from './copy-files.js';
import { segmentsOf, type WalRange } from './wal-segments.js';

/** The files of a whole server, and the piece of its log that makes them one moment. */
export interface ServerCopy {
  /** Which server: identifier and major version. */
  system: string;
  major: number;
  /** Just before the copy's end: what was committed by then is in it. */
  takenAt: string;
  wal: WalRange;
  folders: string[];
  files: CopiedFile[];
}

/**
 * While a copy is made nothing of the log is removed, for the slot holds it. A copy that takes longer than this much
 * of the log is given up, before the disk is full.
 */
export const MOST_WAL_BYTES = 16 * 2 ** 30;
export interface CopyOptions {
  label: string;
  mostWalBytes?: number;
  /** For tests: nothing is synced to disk. */
  throwAway?: boolean;
}

/** How much is copied between two looks at that. */
const LOOK_EVERY_BYTES = 256 * 2 ** 20;
const LOOK_EVERY_FILES = 1_000;

/**
 * Copies a server while it is written to: PostgreSQL's low-level base backup ("Making a Base Backup Using the Low Level
 * API"). Files are torn and of different moments; recovery, from the log that is copied with them, makes them one. All
 * on one connection: when that is lost, so is the backup, and the slot with it.
 */
export async function copyServer(
  superuserUrl: string,
  folder: string,
  { label, mostWalBytes = MOST_WAL_BYTES, throwAway = false }: CopyOptions,
): Promise<ServerCopy> {
  const client = new pg.Client({ connectionString: superuserUrl, application_name: 'heed backup' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const server = await serverOf(client);
    // A slot of this session alone, which reserves the log from now on: no checkpoint recycles what the copy needs.
    const slot = `heed_backup_${process.pid}_${Date.now()}`;
    await client.query('select pg_create_physical_replication_slot($1, true, true)', [slot]);
    const started = await one<{ start: string }>(client, 'select pg_backup_start($1, true)::text as start', [
      label,
    ]);
    const { folders, files: found } = await filesToCopy(server.dataDir);
    await makeFolders(folder, ['', ...folders]);
    const files: CopiedFile[] = [];
    let unlooked = { bytes: 0, files: LOOK_EVERY_FILES };
    for (const path of found) {
      const copied = await copyFile(server.dataDir, folder, path);
      if (copied) files.push(copied);
      unlooked = { bytes: unlooked.bytes + (copied?.bytes ?? 0), files: unlooked.files + 1 };
      if (unlooked.bytes < LOOK_EVERY_BYTES && unlooked.files < LOOK_EVERY_FILES) continue;
      unlooked = { bytes: 0, files: 0 };
      await demandLogHeld(client, slot, started.start, mostWalBytes);
    }
    files.push(copyControlFile(server.dataDir, folder));
    const takenAt = new Date().toISOString();
    const stopped = await one<{ stop: string; label: string; map: string }>(
      client,
      `select lsn::text as stop, labelfile as label, spcmapfile as map from pg_backup_stop(wait_for_archive => false)`,
    );
    files.push(writeFile(folder, 'backup_label', stopped.label));
    if (stopped.map !== '') files.push(writeFile(folder, 'tablespace_map', stopped.map));
    const wal = { ...server, start: started.start, stop: stopped.stop, timeline: timelineIn(stopped.label) };
    files.push(...(await copyLog(server.dataDir, folder, wal)));
    await demandLogHeld(client, slot, started.start, mostWalBytes);
    const paths = files.map(({ path }) => path);
    if (!throwAway) await syncAll(folder, paths, folders);
    const { timeline, start, stop, segmentBytes } = wal;
    return {
      ...{ system: server.system, major: server.major, takenAt, folders, files },
      wal: { timeline, start, stop, segmentBytes },
    };
  } finally {
    await client.end();
  }
}

interface Server {
  system: string;
  major: number;
  dataDir: string;
  segmentBytes: number;
}

async function serverOf(client: pg.Client): Promise<Server> {
  const server = await one<Server & { level: string; elsewhere: number; recovering: boolean }>(
    client,
    `select (select system_identifier::text from pg_control_system()) as system,
       current_setting('server_version_num')::int / 10000 as major,
       current_setting('data_directory') as "dataDir",
       pg_size_bytes(current_setting('wal_segment_size'))::int as "segmentBytes",
       current_setting('wal_level') as level, pg_is_in_recovery() as recovering,
       (select count(*)::int from pg_tablespace where spcname not in ('pg_default', 'pg_global')) as elsewhere`,
  );
  const refusal =
    (server.level === 'minimal' && 'its log is too thin (wal_level = minimal)') ||
    (server.elsewhere > 0 && 'it keeps tables in tablespaces elsewhere') ||
    (server.recovering && 'it is a standby, or still recovers');
  if (refusal) throw new Error(`this server cannot be copied: ${refusal}`);
  return server;
}

async function demandLogHeld(client: pg.Client, slot: string, start: string, most: number): Promise<void> {
  const { status, written } = await one<{ status: string; written: string }>(
    client,
    `select wal_status as status, pg_wal_lsn_diff(pg_current_wal_lsn(), $2::pg_lsn)::text as written
     from pg_replication_slots where slot_name = $1`,
    [slot, start],
  );
  if (status !== 'reserved' && status !== 'extended') {
    throw new Error(
      `the log that the copy needs is being removed (${status}): max_slot_wal_keep_size is too small for a backup`,
    );
  }
  if (BigInt(written) > BigInt(most)) {
    throw new Error(
      `${written} bytes of log were written while files were copied, more than ${most}: try again when less is written`,
    );
  }
}

async function copyLog(dataDir: string, folder: string, wal: WalRange): Promise<CopiedFile[]> {
  const copied: CopiedFile[] = [];
  for (const name of segmentsOf(wal)) {
    const file = await copyFile(dataDir, folder, join('pg_wal', name));
    if (file?.bytes !== wal.segmentBytes) throw new Error(`${name} of the log is gone or not whole`);
    copied.push(file);
  }
  return copied;
}

function timelineIn(label: string): number {
  const timeline = Number(/^START TIMELINE: (\d+)$/m.exec(label)?.[1]);
  if (!Number.isInteger(timeline)) throw new Error('a backup_label that names no timeline');
  return timeline;
}

async function one<Row extends pg.QueryResultRow>(
  client: pg.Client,
  sql: string,
  values: unknown[] = [],
): Promise<Row> {
  const [row] = (await client.query<Row>(sql, values)).rows;
  if (row === undefined) throw new Error(`nothing was answered to: ${sql}`);
  return row;
}
