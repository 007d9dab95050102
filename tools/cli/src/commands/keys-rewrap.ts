import { type Command } from 'commander';
import { systemClock } from '@heed/kernel';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { withExample } from '../help.js';
import { probeUrls } from '../installation.js';
import { wrappedKeys, type Wrapped } from '../wrapped-keys.js';

const LOOK_AGAIN_MS = 1_000;

export function addRewrap(keys: Command, context: Context): void {
  const rewrap = keys
    .command('rewrap')
    .description(
      'Waits until the services have put all keys under their present master keys, which each does by itself once it is ' +
        'started with HEED_MASTER_KEY and HEED_OLDER_MASTER_KEYS, and shows under which they stand. Exit code 1 while ' +
        'some service has keys under more than one. Signing keys of sender domains are not among them: they stay under ' +
        'the one that they were made under.',
    )
    .option('--show', 'only show');
  withExample(rewrap, 'heed keys rewrap', 'heed keys rewrap --show --json').action(
    async ({ show }: { show?: boolean }) => {
      let found = await wrappedKeys(probeUrls(context.runFile));
      while (!show && isUnderway(found)) {
        context.output.progress(`${leftOf(found)} keys under older master keys, at least`);
        await systemClock.wait(LOOK_AGAIN_MS);
        found = await wrappedKeys(probeUrls(context.runFile));
      }
      context.output.endProgress();
      context.output.table(found, ['service', 'of', 'master_key', 'keys']);
      if (isUnderway(found)) process.exitCode = EXIT.REFUSED;
    },
  );
}

/** Who has keys under more than one: the smaller part is what is left, or what was moved so far. */
function isUnderway(found: readonly Wrapped[]): boolean {
  return leftOf(found) > 0;
}

function leftOf(found: readonly Wrapped[]): number {
  const groups = Map.groupBy(found, ({ service }) => service).values();
  return [...groups].reduce((left, rows) => {
    const byMaster = [...Map.groupBy(rows, (row) => row.master_key).values()];
    const counts = byMaster.map((same) => same.reduce((sum, { keys }) => sum + keys, 0));
    return left + counts.reduce((sum, count) => sum + count, 0) - Math.max(0, ...counts);
  }, 0);
}
