import { type Clock } from '@heed/kernel';
import pg from 'pg';
import { headersOf } from '../cloud-events.js';
import { BEGINNING, type OutboxPosition } from '../outbox-position.js';
import { READER_OPTIONS, readOutbox } from '../outbox-reader.store.js';
import { readRecord, type TailOptions } from './tailed-event.js';

const PAGE = 500;
const POLL_MS = 200;

interface Source {
  service: string;
  client: pg.Client;
  position: OutboxPosition;
}

/** Looks on where the bus is the embedded one: its log are the services' outboxes. `urls`: of a role that reads them. */
export async function tailOutboxes(
  urls: Readonly<Record<string, string>>,
  options: TailOptions & { clock: Clock },
): Promise<void> {
  const { from, signal, clock } = options;
  const sources = await Promise.all(Object.entries(urls).map(([service, url]) => open(service, url, from)));
  try {
    options.onBegun?.();
    const forever = from === 'now' || options.follow === true;
    do {
      for (const source of sources) {
        if (!(await readOn(source, options))) return;
      }
      if (forever) await clock.wait(POLL_MS, signal).catch(() => undefined);
    } while (forever && !signal.aborted);
  } finally {
    await Promise.all(sources.map(({ client }) => client.end()));
  }
}

async function open(service: string, url: string, from: TailOptions['from']): Promise<Source> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'heed tail',
    options: READER_OPTIONS.atConnect,
  });
  client.on('error', () => undefined);
  await client.connect();
  if (from === 'beginning') return { service, client, position: { snapshot: BEGINNING } };
  const { rows } = await client.query<{ snapshot: string }>('select pg_current_snapshot()::text as snapshot');
  return { service, client, position: { snapshot: rows[0]!.snapshot } };
}

/** All that is new; false where whoever looks on has seen enough. */
async function readOn(source: Source, { topics, signal, onEvent }: TailOptions): Promise<boolean> {
  for (;;) {
    const { rows, next } = await readOutbox(
      source.client,
      source.position,
      PAGE,
      topics ? [...topics] : null,
    );
    source.position = next;
    for (const row of rows) {
      const { topic, key, payload } = row;
      const raw = {
        ...{ topic, key, payload, partition: row.shard, offset: row.seq.toString() },
        headers: headersOf(row, source.service),
      };
      if (!onEvent(readRecord(raw))) return false;
    }
    if (signal.aborted) return false;
    if (next.walk === undefined) return true;
  }
}
