import { Option, type Command } from 'commander';
import { privacyV1 } from '@heed/contracts';
import { systemClock } from '@heed/kernel';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { withExample } from '../help.js';
import { LIMIT, upTo } from '../paging.js';

const { HitResolution } = privacyV1;
const RESOLUTIONS = {
  removed: HitResolution.HIT_RESOLUTION_REMOVED,
  not_theirs: HitResolution.HIT_RESOLUTION_NOT_THEIRS,
};
const LOOK_MS = 1_000;
const COLUMNS = ['sweep', 'began', 'ended', 'requests', 'searching', 'found', 'excepted'];

export function addSweep(heed: Command, context: Context): void {
  const sweep = heed
    .command('sweep')
    .description('The nightly search of every column for remains of whoever was erased. For the operator.');
  withExample(sweep, 'heed sweep status');
  const run = sweep
    .command('run')
    .description('Searches now, and waits for the end. Exit code 1 where something was found.');
  withExample(run, 'heed sweep run').action(async () => {
    const ended = await context.asMember(async (client) => {
      const { sweep: begun } = await client.sweeps.beginSweep({});
      if (!begun) return undefined;
      for (;;) {
        const { sweeps } = await client.sweeps.listSweeps({ pageSize: 5, pageToken: '' });
        const now = sweeps.find(({ sweepId }) => sweepId === begun.sweepId);
        if (now && now.endedAt !== '') return now;
        await systemClock.wait(LOOK_MS);
      }
    });
    if (!ended) return context.output.note('nobody was erased since the last sweep');
    context.output.record(rowOf(ended));
    if (left(ended) > 0) process.exitCode = EXIT.REFUSED;
  });
  const status = sweep
    .command('status')
    .description('The last sweeps, and when the next one comes.')
    .option(...LIMIT);
  withExample(status, 'heed sweep status').action(async ({ limit }: { limit: number }) => {
    let next = '';
    const listed = await context.asMember((client) =>
      upTo(limit, async (ask) => {
        const page = await client.sweeps.listSweeps(ask);
        next = `next at ${page.nextAt}, ${page.waiting} requests wait for it`;
        return { rows: page.sweeps, next: page.nextPageToken };
      }),
    );
    context.output.list(listed, { json: (one) => one, row: rowOf, columns: COLUMNS });
    context.output.note(next);
  });
}

/** What sweeps have found. */
export function addProbes(heed: Command, context: Context): void {
  const probes = heed.command('probes').description('What was found of whoever was erased');
  withExample(probes, 'heed probes hits list');
  const hits = probes
    .command('hits')
    .description('Places that a person must look at (docs/runbooks/probe-hit.md)');
  withExample(hits, 'heed probes hits list');
  const list = hits
    .command('list')
    .description('Those that nobody has resolved, newest first.')
    .option('--all', 'those that somebody has resolved, too')
    .option(...LIMIT);
  withExample(list, 'heed probes hits list').action(
    async ({ all, limit }: { all?: boolean; limit: number }) => {
      const listed = await context.asMember((client) =>
        upTo(limit, async (ask) => {
          const page = await client.sweeps.listProbeHits({ ...ask, includeResolved: all ?? false });
          return { rows: page.hits, next: page.nextPageToken };
        }),
      );
      const columns = ['hit', 'request', 'service', 'place', 'row', 'found', 'resolution'];
      context.output.list(listed, { json: (hit) => hit, row: hitRow, columns });
    },
  );
  const resolve = hits
    .command('resolve <hit-id>')
    .description('Says what was found out: removed (it is looked for again), or not theirs.')
    .addOption(
      new Option('--as <what>', 'what it is').choices(Object.keys(RESOLUTIONS)).makeOptionMandatory(),
    )
    .requiredOption('--reason <code>', 'why, in a code or the number of a ticket: nothing about a person');
  withExample(resolve, 'heed probes hits resolve 0199... --as removed --reason TICKET-7').action(
    async (hitId: string, { as, reason }: { as: keyof typeof RESOLUTIONS; reason: string }) => {
      const { hit } = await context.asMember((client) =>
        client.sweeps.resolveProbeHit({ hitId, resolution: RESOLUTIONS[as], reason }),
      );
      context.output.record(hitRow(hit!));
    },
  );
}

function left({ parts }: privacyV1.Sweep): number {
  return parts.reduce((sum, { found, excepted }) => sum + found - excepted, 0);
}

function rowOf(sweep: privacyV1.Sweep): Record<string, string> {
  const sum = (of: 'found' | 'excepted') => String(sweep.parts.reduce((all, part) => all + part[of], 0));
  return {
    ...{ sweep: sweep.sweepId, began: sweep.beganAt, ended: sweep.endedAt, requests: String(sweep.requests) },
    searching: sweep.parts
      .filter(({ answeredAt }) => answeredAt === '')
      .map(({ service }) => service)
      .join(' '),
    ...{ found: sum('found'), excepted: sum('excepted') },
  };
}

function hitRow(hit: privacyV1.ProbeHit): Record<string, string> {
  const resolution = Object.entries(RESOLUTIONS).find(([, number]) => number === hit.resolution)?.[0] ?? '';
  return {
    ...{ hit: hit.hitId, request: hit.requestId, service: hit.service, place: `${hit.store}.${hit.column}` },
    ...{ row: hit.row, found: hit.foundAt, resolution, reason: hit.reason, by: hit.resolvedBy },
  };
}
