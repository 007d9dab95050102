import type pg from 'pg';
import { type BackupRecord } from './backup-record.js';

/** From its first start on the service is silent, until `heed resync` has brought it to where the others are. */
export async function markRestored(
  client: pg.Client,
  { takenAt }: Pick<BackupRecord, 'takenAt'>,
): Promise<void> {
  await client.query(
    `insert into heed.quarantine (name, reason, since, restored_to)
     values ('this', 'RESTORED_FROM_BACKUP', clock_timestamp(), $1)
     on conflict (name) do update
     set reason = excluded.reason, since = excluded.since, restored_to = excluded.restored_to, resync_asked_at = null`,
    [takenAt],
  );
  // Of a resync that was under way when the backup was taken.
  await client.query('truncate heed.resync_step, heed.replay_end');
}
