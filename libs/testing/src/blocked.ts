import { setImmediate as turn } from 'node:timers/promises';
import pg from 'pg';
import { testPostgres } from './parts.js';

/**
 * Resolves once this connection waits for a lock, as PostgreSQL itself says: the proof that the second comer waits.
 * Fails after `withinMs`, with what the connection does instead.
 */
export async function blocked(connection: pg.ClientBase | number, withinMs = 60_000): Promise<void> {
  const pid = typeof connection === 'number' ? connection : pidOf(connection);
  const observer = new pg.Client({ connectionString: await testPostgres() });
  await observer.connect();
  try {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const { rows } = await observer.query<{ state: string; wait: string | null }>(
        'select state, wait_event_type as wait from pg_stat_activity where pid = $1',
        [pid],
      );
      if (rows[0]?.wait === 'Lock') return;
      if (performance.now() > deadline) {
        throw new Error(
          `connection ${pid} waits for no lock: ${rows[0]?.state ?? 'gone'}, ${rows[0]?.wait ?? '-'}`,
        );
      }
      await turn();
    }
  } finally {
    await observer.end();
  }
}

function pidOf(client: pg.ClientBase): number {
  const pid: unknown = (client as { processID?: unknown }).processID;
  if (typeof pid !== 'number') throw new Error('the client is not connected');
  return pid;
}
