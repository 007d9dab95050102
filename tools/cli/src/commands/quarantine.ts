import { userInfo } from 'node:os';
import { type Command } from 'commander';
import { isServiceName, SERVICES, type ServiceName } from '@heed/contracts';
import {
  beginAfter,
  liftQuarantine,
  readLifts,
  readQuarantine,
  readSteps,
  type StepState,
} from '@heed/events';
import { DomainError, systemClock } from '@heed/kernel';
import { type Context } from '../context.js';
import { inEveryDatabase, statementsOf, withDatabase } from '../databases.js';
import { withExample } from '../help.js';
import { ownerUrls, probeUrls } from '../installation.js';

interface LiftOptions {
  because: string;
  by: string;
  althoughNotResynced?: boolean;
}

/** A word, or the number of a ticket: no sentence, which might name somebody. */
const BECAUSE = /^[A-Za-z0-9][A-Za-z0-9_.:-]{2,62}$/;

/** As accounts of machines are named. */
const BY = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,62}$/;

export function addQuarantine(heed: Command, context: Context): void {
  const quarantine = heed
    .command('quarantine')
    .description('Services that are silent because their database went back (docs/runbooks/restore.md)');
  withExample(quarantine, 'heed quarantine list');
  const list = quarantine
    .command('list')
    .description('Which are, why, since when, and how far they have caught up');
  withExample(list, 'heed quarantine list').action(() => listQuarantines(context));
  const lifts = quarantine
    .command('lifts')
    .description('When services were opened again after their database had gone back, and why');
  withExample(lifts, 'heed quarantine lifts').action(() => listLifts(context));
  const lift = quarantine
    .command('lift <service>')
    .description('Opens a service by hand. What it has not caught up with stays missing in it.')
    .requiredOption('--because <word>', 'why: a word, or the number of a ticket; it stays on record')
    .option(
      '--by <name>',
      'who does it, for the audit log; else the account on this machine',
      userInfo().username,
    )
    .option('--although-not-resynced', 'its database is whole, whatever its witnesses say: it opens as it is')
    .addHelpText(
      'after',
      `
Marks it in the service's database, as its owner (run.json, else HEED_OWNER_<SERVICE>_URL). heed resync opens a service
by itself: this is for a database that did not go back, or was brought up to date in another way. Erasures and opt-outs
that are missing in it are missing from then on. A consumer that acts and whose cursor did go back still stands still.`,
    );
  withExample(
    lift,
    'heed quarantine lift telephony --because INC-4711',
    'heed quarantine lift telephony --because INC-4711 --although-not-resynced',
  ).action((service: string, options: LiftOptions) => liftOne(service, options, context));
}

async function listQuarantines({ output, runFile }: Context): Promise<void> {
  const rows = await inEveryDatabase(probeUrls(runFile), async (client, service) => {
    const found = await readQuarantine(statementsOf(client));
    if (found === undefined) return [];
    const steps = await readSteps(statementsOf(client));
    const { reason, since, restoredTo, resyncAskedAt } = found;
    return [
      {
        ...{ service, reason, since: since.toISOString(), restored_to: restoredTo?.toISOString() ?? '' },
        resync: resyncOf(resyncAskedAt, steps),
      },
    ];
  });
  output.table(rows.flat(), ['service', 'reason', 'since', 'restored_to', 'resync']);
}

function resyncOf(askedAt: Date | null, steps: Awaited<ReturnType<typeof readSteps>>): string {
  if (askedAt === null) return 'not asked for';
  const current = steps.find(({ finishedAt }) => finishedAt === null);
  if (current === undefined) return steps.length === 0 ? 'not begun' : 'done';
  return `${current.step} ${current.done}${current.total === null ? '' : ` of ${current.total}`}`;
}

async function listLifts({ output, runFile }: Context): Promise<void> {
  const rows = await inEveryDatabase(probeUrls(runFile), async (client, service) =>
    (await readLifts(statementsOf(client))).map(
      ({ reason, since, resynced, because, liftedBy, liftedAt }) => ({
        ...{ service, lifted_at: liftedAt.toISOString(), because, by: liftedBy ?? '', resynced, reason },
        since: since.toISOString(),
      }),
    ),
  );
  output.table(rows.flat(), ['service', 'lifted_at', 'because', 'by', 'resynced', 'reason', 'since']);
}

async function liftOne(which: string, options: LiftOptions, { output, runFile }: Context): Promise<void> {
  const { because, by, althoughNotResynced = false } = options;
  const service = serviceOf(which);
  if (!BECAUSE.test(because)) {
    throw new DomainError('REASON_INVALID', 'invalid-argument', {
      message: '--because takes a word or the number of a ticket: 3 to 63 letters, digits, and _.:-',
    });
  }
  if (!BY.test(by)) {
    throw new DomainError('NAME_INVALID', 'invalid-argument', {
      message: '--by takes a name of 1 to 63 letters, digits, and _.:-',
    });
  }
  await withDatabase(service, ownerUrls(runFile)[service], async (client) => {
    const statements = statementsOf(client);
    const steps = await readSteps(statements);
    const resynced = hasCaughtUp(steps);
    const isThere = (await readQuarantine(statements)) !== undefined;
    if (isThere && !resynced && !althoughNotResynced) {
      throw new DomainError('NOT_RESYNCED', 'failed-precondition', {
        message:
          `${service} has not caught up with what the others know: erasures and opt-outs may be missing in it. ` +
          `Run heed resync ${service}, or say --although-not-resynced if its database did not go back`,
      });
    }
    const at = systemClock.now();
    await statements.execute('begin');
    const isLifted = await liftQuarantine(statements, { because, resynced, liftedBy: by }, at);
    if (isLifted) await beginAfter(statements, 0n, at);
    await statements.execute('commit');
    if (!isLifted) {
      throw new DomainError('NOT_IN_QUARANTINE', 'failed-precondition', {
        message: `${service} is not in quarantine: there is nothing to lift`,
      });
    }
    output.record({ service, state: 'lifted', because, by, resynced, at: at.toISOString() });
  });
}

/** A step has no row before it begins: only the last one, finished, says that there is nothing left to do. */
export function hasCaughtUp(steps: readonly Pick<StepState, 'step' | 'finishedAt'>[]): boolean {
  const isLastThere = steps.some(({ step }) => step === 'incarnation');
  return isLastThere && steps.every(({ finishedAt }) => finishedAt !== null);
}

function serviceOf(which: string): ServiceName {
  if (isServiceName(which)) return which;
  throw new DomainError('SERVICE_UNKNOWN', 'invalid-argument', {
    message: `${which} is no service: ${SERVICES.join(', ')}`,
  });
}
