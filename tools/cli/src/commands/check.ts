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
    .option('--all', 'also what holds')
    .addHelpText(
      'after',
      `
Reads each service's database as its probe role, which sees every tenant and writes nothing. Where there is no
run.json: HEED_CHECK_<SERVICE>_URL for each of the six.

Example: heed check
         heed check --invariant I7 --all`,
    )
    .action(async ({ invariant, all }: { invariant?: string[]; all?: boolean }) => {
      const { output } = context;
      const findings = await checkInstallation(probeUrls(context.runFile), invariant);
      const broken = findings.filter(({ count }) => count > 0);
      if (broken.length > 0) process.exitCode = EXIT.REFUSED;
      // Programs get everything: that a promise was looked for is worth knowing, too.
      const shown = all || output.isJson ? findings : broken;
      const rows = shown.map((finding) => ({ ...finding, ids: finding.ids.join(' ') }));
      if (rows.length > 0) output.table(rows, ['invariant', 'service', 'says', 'count', 'ids']);
      output.text(`${findings.length} promises looked for: ${broken.length || 'none'} broken`);
    });
}
