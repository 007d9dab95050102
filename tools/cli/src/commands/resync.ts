import { setTimeout as pause } from 'node:timers/promises';
import { type Command } from 'commander';
import { isServiceName, SERVICES, type ServiceName } from '@heed/contracts';
import { askForResync, readQuarantine, readSteps } from '@heed/events';
import { DomainError, systemClock } from '@heed/kernel';
import { type Context } from '../context.js';
import { statementsOf, withDatabase } from '../databases.js';
import { EXIT } from '../exit-codes.js';
import { withExample } from '../help.js';
import { ownerUrls, probeUrls } from '../installation.js';
import { positiveNumber } from '../paging.js';

const LOOK_MS = 300;

/** Who keeps the erasure ledger, which all others ask, comes first; then who verifies; then who says whom one may reach. */
const IN_ORDER: readonly ServiceName[] = [
  'privacy',
  'identity',
  'contacts',
  'campaigns',
  'messaging',
  'telephony',
];

export function addResync(heed: Command, context: Context): void {
  const resync = heed
    .command('resync <service>')
    .description(
      'After a restore: has a service in quarantine catch up with what the others know, and open. A service, or all.',
    )
    .option('--timeout <seconds>', 'how long to look on; the service goes on by itself', positiveNumber, 600)
    .addHelpText(
      'after',
      `
Marks it in the service's database, as its owner (run.json, else HEED_OWNER_<SERVICE>_URL); the service itself does it,
shows how far it is, and goes on after a kill. Of several, privacy and identity come first: the others ask them.
Exit code 1 where it stands still for a reason that somebody must see to, 4 where it has not ended in time.`,
    );
  withExample(resync, 'heed resync contacts', 'heed resync all').action(
    async (which: string, { timeout }: { timeout: number }) => {
      for (const service of servicesOf(which)) await resyncOne(service, timeout, which === 'all', context);
    },
  );
}

async function resyncOne(
  service: ServiceName,
  timeout: number,
  isOneOfAll: boolean,
  context: Context,
): Promise<void> {
  const { output } = context;
  const asked = await withDatabase(service, ownerUrls(context.runFile)[service], (client) =>
    askForResync(statementsOf(client), systemClock.now()),
  );
  if (!asked) {
    if (isOneOfAll) return;
    throw new DomainError('NOT_IN_QUARANTINE', 'failed-precondition', {
      message: `${service} is not in quarantine: there is nothing to catch up with`,
    });
  }
  const url = probeUrls(context.runFile)[service];
  for (const until = performance.now() + timeout * 1_000; performance.now() < until; await pause(LOOK_MS)) {
    const { quarantine, steps } = await withDatabase(service, url, async (client) => ({
      quarantine: await readQuarantine(statementsOf(client)),
      steps: await readSteps(statementsOf(client)),
    }));
    if (quarantine === undefined) {
      output.endProgress();
      output.record({ service, state: 'open' });
      return;
    }
    const current = steps.find(({ finishedAt }) => finishedAt === null);
    const far = current?.total ? ` ${current.done} of ${current.total}` : '';
    output.progress(`${service}: ${current ? current.step + far : 'waits for the service (is it up?)'}`);
  }
  output.endProgress();
  output.record({
    service,
    state: 'catching up',
    reason: 'not ended in time: look at its log, and ask again',
  });
  process.exitCode = EXIT.UNREACHABLE;
}

function servicesOf(which: string): readonly ServiceName[] {
  if (which === 'all') return IN_ORDER;
  if (isServiceName(which)) return [which];
  throw new DomainError('SERVICE_UNKNOWN', 'invalid-argument', {
    message: `${which} is no service: ${SERVICES.join(', ')}, or all`,
  });
}
