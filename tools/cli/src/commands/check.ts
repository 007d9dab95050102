import { type Command } from 'commander';
import { checkInstallation } from '@heed/checker';
import { probeUrls } from '../installation.js';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';

export function addCheck(heed: Command, context: Context): void {
  heed
    .command('check')
    .description('Looks for broken promises in the databases themselves, by SQL that must find nothing.')
    .option('--invariant <id...>', 'only these, for example I1 I7')
    .addHelpText(
      'after',
      `
Reads each service's database as its probe role, which sees every tenant and writes nothing. Where there is no
run.json: HEED_CHECK_<SERVICE>_URL for each of the six.

Example: heed check --invariant I7`,
    )
    .action(async ({ invariant }: { invariant?: string[] }) => {
      const findings = await checkInstallation(probeUrls(context.runFile), invariant);
      const rows = findings.map((finding) => ({ ...finding, ids: finding.ids.join(' ') }));
      context.output.table(rows, ['invariant', 'service', 'says', 'count', 'ids']);
      const broken = findings.filter(({ count }) => count > 0);
      if (broken.length > 0) process.exitCode = EXIT.REFUSED;
      context.output.text(
        broken.length === 0 ? 'every promise checked holds' : `${broken.length} promises are broken`,
      );
    });
}
