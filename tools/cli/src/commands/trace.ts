import { type Command } from 'commander';
import type pg from 'pg';
import { SERVICES, type ServiceName } from '@heed/contracts';
import { DomainError, isUuid } from '@heed/kernel';
import { type Context } from '../context.js';
import { openDatabase } from '../databases.js';
import { withExample } from '../help.js';
import { probeUrls } from '../installation.js';
import { positiveNumber } from '../paging.js';
import { type Moment } from '../trace/moment.js';
import { timelineOf } from '../trace/timeline.js';

export function addTrace(heed: Command, context: Context): void {
  const trace = heed
    .command('trace <id>')
    .description(
      'One timeline for a contact, intent, attempt, call or request, from ledgers, outboxes, inboxes, attempts, permits ' +
        'and receipts of all six services.',
    )
    .option('--limit <n>', 'most moments; the oldest are left out', positiveNumber, 200)
    .addHelpText(
      'after',
      `
Reads each database as its probe role (run.json, else HEED_CHECK_<SERVICE>_URL). Shows ids, codes and times, never an
address. What an erasure has cut leads nowhere any more: then only orders and receipts remain.`,
    );
  withExample(trace, 'heed trace 0199...', 'heed trace 0199... --json').action(
    async (id: string, { limit }: { limit: number }) => {
      if (!isUuid(id)) {
        throw new DomainError('ID_INVALID', 'invalid-argument', {
          message: `${id} is no id: heed contacts search and heed requests list print some`,
        });
      }
      const { kinds, moments } = await withClients(probeUrls(context.runFile), (clients) =>
        timelineOf(clients, id),
      );
      print(kinds, moments.slice(-limit), moments.length, context);
    },
  );
}

function print(kinds: string[], moments: Moment[], all: number, { output }: Context): void {
  if (output.isJson) {
    for (const moment of moments) output.record(moment);
    return;
  }
  const about = kinds.map((kind) => kind.slice(0, -1)).join(', ');
  output.text(`${about}: ${all} moments${moments.length < all ? `, the last ${moments.length}` : ''}`);
  output.table(
    moments.map(({ at, service, from, what, ids }) => ({
      at: at.toISOString(),
      service,
      what,
      from,
      ids: Object.entries(ids)
        .map(([name, id]) => `${name}=${id}`)
        .join(' '),
    })),
    ['at', 'service', 'what', 'from', 'ids'],
  );
}

async function withClients<T>(
  urls: Record<ServiceName, string>,
  work: (clients: Record<ServiceName, pg.Client>) => Promise<T>,
): Promise<T> {
  const opened = await Promise.allSettled(
    SERVICES.map(async (service) => [service, await openDatabase(service, urls[service])] as const),
  );
  const clients = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  try {
    const failed = opened.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    return await work(Object.fromEntries(clients) as Record<ServiceName, pg.Client>);
  } finally {
    await Promise.all(clients.map(([, client]) => client.end()));
  }
}
