/**
 * Whether what was `used` belongs to a life that this database has lost: written after the backup that it was put back
 * to, and before it was. Its permits went with that life, and whoever used them still names them.
 */
export const IN_A_LOST_LIFE = `exists (
        select 1 from heed.quarantine_lift l
        where l.resynced and used.armed_at between coalesce(l.restored_to, '-infinity') - interval '1 minute' and l.since)`;

/** Whether the request `r` was closed in such a life: what proved it went with that. */
export const CLOSED_IN_A_LOST_LIFE = `exists (
        select 1 from heed.quarantine_lift l
        where l.resynced and r.closed_at between coalesce(l.restored_to, '-infinity') - interval '1 minute' and l.since)`;
