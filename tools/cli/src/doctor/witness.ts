import type pg from 'pg';
import { ok, when, type Finding } from './finding.js';

interface Witnessed {
  origin: string;
  size: string;
  refusal: string | null;
}

/** What a service remembers of the transparency log, and whether it was shown anything else since. */
export async function witnessFinding(service: string, client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<Witnessed>(
    'select origin, size, refusal from heed.log_witness where succeeded_by is null',
  );
  const about = `${service} as witness`;
  const [known] = rows;
  if (!known) return ok(about, 'has not been shown the log yet');
  const found = known.refusal
    ? `remembers ${known.origin} at size ${known.size}, and was shown another: ${known.refusal}`
    : `${known.origin} at size ${known.size}`;
  return when(known.refusal !== null, 'error', about, found, {
    why: 'I6: the log was put back, or shows different trees to different people',
    cure: 'docs/runbooks/log-forked.md',
  });
}

/** Whether privacy has found out that its log does not contain what it has signed. */
export async function forkedFinding(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ name: string; forked: boolean }>(
    'select name, forked_note is not null as forked from log_origin order by number desc limit 1',
  );
  const [origin] = rows;
  if (!origin) return ok('transparency log', 'has not begun yet');
  return when(
    origin.forked,
    'error',
    'transparency log',
    origin.forked ? `${origin.name} has lost what it promised: nothing is appended` : origin.name,
    {
      why: 'I6: requests stay open until a new origin has begun',
      cure: 'docs/runbooks/log-forked.md: heed log new-origin',
    },
  );
}
