import type pg from 'pg';
import { type Moment } from './moment.js';

/** How long before a message the start of its sender is still part of the story. */
const BEFORE_MS = 1_000;

/**
 * The processes that sent meanwhile: an incarnation that fell silent (SIGKILL, a machine gone) is found lost by another,
 * and what it had armed is swept to `unknown`.
 */
export async function incarnations(messaging: pg.Client, from: Date, to: Date): Promise<Moment[]> {
  const { rows } = await messaging.query<{ at: Date; what: string; sender: string }>(
    `select started_at as at, 'sender started' as what, sender_id as sender from sender
     where started_at between $1 and $2
     union all
     select beat_at, 'last heartbeat of a sender that was lost', sender_id from sender
     where lost_at is not null and beat_at between $1 and $2
     union all
     select lost_at, 'sender found lost', sender_id from sender where lost_at between $1 and $2
     union all
     select swept_at, 'what it had in hand was swept', sender_id from sender where swept_at between $1 and $2`,
    [new Date(from.getTime() - BEFORE_MS), to],
  );
  return rows.map(({ at, what, sender }) => ({
    ...{ at, what, service: 'messaging' as const, from: 'sender' },
    ids: { sender },
  }));
}
