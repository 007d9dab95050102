import { Command, CommanderError, Help } from 'commander';
import { isDomainError } from '@heed/kernel';
import { addAudit } from './commands/audit.js';
import { addCampaigns } from './commands/campaigns.js';
import { addCertificate } from './commands/certificate.js';
import { addCheck } from './commands/check.js';
import { addConsent } from './commands/consent.js';
import { addContacts } from './commands/contacts.js';
import { addDomains } from './commands/domains.js';
import { addDataMap } from './commands/datamap.js';
import { addDoctor } from './commands/doctor.js';
import { addDoubts } from './commands/doubts.js';
import { addEngagements } from './commands/engagements.js';
import { addEvents } from './commands/events.js';
import { addJoin } from './commands/join.js';
import { addKeys } from './commands/keys.js';
import { addLog } from './commands/log.js';
import { addLogin } from './commands/login.js';
import { addMessages } from './commands/messages.js';
import { addPermits } from './commands/permits.js';
import { addProviders } from './commands/providers.js';
import { addQuarantine } from './commands/quarantine.js';
import { addRequests } from './commands/requests.js';
import { addResync } from './commands/resync.js';
import { addStatus } from './commands/status.js';
import { addSuppression } from './commands/suppression.js';
import { addForms } from './commands/forms.js';
import { addHolds } from './commands/holds.js';
import { addProcessors } from './commands/processors.js';
import { addProbes, addSweep } from './commands/sweep.js';
import { addTemplates } from './commands/templates.js';
import { addTopics } from './commands/topics.js';
import { addTrace } from './commands/trace.js';
import { Context } from './context.js';
import { EXIT, exitCodeOf } from './exit-codes.js';

/** The whole command line. */
export function program(): Command {
  const heed = new Command('heed')
    .description(
      'Works with a Heed installation: contacts, campaigns, data-subject requests and their proof.',
    )
    .option('--json', 'print JSON, one document a line')
    .option(
      '--run <file>',
      'run.json of an installation (default: .heed/run.json here or above, else HEED_*)',
    )
    .showHelpAfterError()
    // An empty text stands for "not given": that is no default to tell of.
    .configureHelp({
      optionDescription: (option) => new Help().optionDescription(option).replace(/ \(default: ""\)$/, ''),
    })
    .exitOverride()
    .addHelpText(
      'after',
      `
Example: HEED_PASSWORD=... heed login --tenant acme --email olga@acme.example && heed campaigns list

Exit codes: 0 done · 1 refused, or a check found something · 2 wrong command line · 3 not signed in · 4 no answer

Environment: HEED_TOKEN (instead of heed login), HEED_CONFIG (where the session is kept, default ~/.config/heed),
HEED_<SERVICE>_GRPC and HEED_<SERVICE>_URL (an installation without run.json)`,
    );
  const context = new Context(heed);
  for (const add of [
    addLogin,
    addContacts,
    addConsent,
    addSuppression,
    addForms,
    addTemplates,
    addPermits,
    addCampaigns,
    addMessages,
    addDomains,
    addProviders,
    addDoubts,
    addEngagements,
    addRequests,
    addHolds,
    addSweep,
    addProbes,
    addCertificate,
    addJoin,
    addProcessors,
    addDataMap,
    addAudit,
    addTrace,
    addEvents,
    addTopics,
    addKeys,
    addLog,
    addCheck,
    addDoctor,
    addQuarantine,
    addResync,
    addStatus,
  ]) {
    add(heed, context);
  }
  return heed;
}

/** Runs one command line and gives its exit code; never throws. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    process.exitCode = EXIT.OK;
    await program().parseAsync(argv);
    return Number(process.exitCode ?? EXIT.OK);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
    const reason = isDomainError(error) ? `${error.reason}: ` : '';
    process.stderr.write(`heed: ${reason}${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodeOf(error);
  }
}
