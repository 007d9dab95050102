import type pg from 'pg';
import { when, type Finding } from './finding.js';

/** A permit lives a second; a sender whose clocks differ by more than this voids all that it holds. */
const SKEW_MS = 200;
/** A relay saves how far it is every three seconds. */
const STALE_MS = 30_000;
/** Looks at the server's clock; the quickest answer tells most. */
const LOOKS = 5;

/** This machine's clock against the server's. */
export async function ownClock(client: pg.Client): Promise<Finding> {
  let best = { roundTrip: Infinity, skew: 0 };
  for (let look = 0; look < LOOKS; look++) {
    const asked = performance.now();
    const { rows } = await client.query<{ at: Date }>('select clock_timestamp() as at');
    const roundTrip = performance.now() - asked;
    const skew = Date.now() - roundTrip / 2 - rows[0]!.at.getTime();
    if (roundTrip < best.roundTrip) best = { roundTrip, skew };
  }
  return skewFinding('clock of this machine', best.skew);
}

interface Saved {
  saved_at: Date | null;
  committed_at: Date | null;
  now: Date;
}

/**
 * A service's clock against the server's, from a row that its relay writes every three seconds: its own time stands in
 * the row, the server's is that of the commit. No process is asked, and none can be missed.
 */
export async function serviceClock(service: string, client: pg.Client): Promise<Finding[]> {
  const about = `${service} clock`;
  const tracked = await client.query<{ on: boolean }>(
    `select current_setting('track_commit_timestamp') = 'on' as on`,
  );
  if (!tracked.rows[0]?.on) {
    return [untold(about, 'not known: track_commit_timestamp is off')];
  }
  const { rows } = await client.query<Saved>(
    `select saved_at, pg_xact_commit_timestamp(xmin) as committed_at, clock_timestamp() as now
     from heed.relay_cursor where name = 'outbox'`,
  );
  const [saved] = rows;
  if (!saved?.saved_at || !saved.committed_at) return [untold(about, 'not known: no relay has written yet')];
  const age = saved.now.getTime() - saved.committed_at.getTime();
  return [
    when(age > STALE_MS, 'error', `${service} relay`, `wrote ${Math.round(age / 1_000)} s ago`, {
      why: 'I9: what the service has to tell stays in its outbox',
      cure: `is ${service} up, does Kafka answer it? its log says "relay failed"`,
    }),
    skewFinding(about, saved.saved_at.getTime() - saved.committed_at.getTime()),
  ];
}

function skewFinding(about: string, skew: number): Finding {
  const found = `${Math.abs(Math.round(skew))} ms ${skew < 0 ? 'behind' : 'ahead of'} PostgreSQL`;
  return when(Math.abs(skew) > SKEW_MS, 'error', about, found, {
    why: 'I2: consents and opt-outs are ordered by time, and receipts bear it',
    cure: 'run chrony or ntpd against the same source on every machine',
  });
}

function untold(about: string, found: string): Finding {
  return {
    ...{ severity: 'note', about, found },
    why: `a clock that is off by more than ${SKEW_MS} ms would not be seen`,
    cure: 'track_commit_timestamp = on, and Kafka as the bus',
  };
}
