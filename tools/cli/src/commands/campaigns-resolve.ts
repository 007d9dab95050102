import { Option, type Command } from 'commander';
import { campaignsV1, typesV1 } from '@heed/contracts';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { choicesOf } from '../words.js';

const OUTCOMES = new Map([
  ['sent', typesV1.Outcome.OUTCOME_SENT],
  ['failed', typesV1.Outcome.OUTCOME_FAILED],
]);
const NOTES = choicesOf('RESOLUTION_NOTE', campaignsV1.ResolutionNote);

/** For what nobody could tell of: somebody looked it up. */
export function addCampaignsResolve(campaigns: Command, context: Context): void {
  const resolve = campaigns
    .command('resolve <intent-id>')
    .description(
      'Says what became of an intent whose outcome is unknown. It is counted so, and never sent again.',
    )
    .addOption(
      new Option('--outcome <outcome>', 'what became of it')
        .choices([...OUTCOMES.keys()])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--note <note>', 'how that is known').choices([...NOTES.keys()]).makeOptionMandatory(),
    );
  withExample(resolve, 'heed campaigns resolve 0199... --outcome failed --note provider_log').action(
    async (intentId: string, { outcome, note }: { outcome: string; note: string }) => {
      const { intent } = await context.asMember((client) =>
        client.campaigns.resolveIntent({
          intentId,
          outcome: OUTCOMES.get(outcome)!,
          note: NOTES.get(note)!,
        }),
      );
      context.output.record(campaignsV1.Intent.toJSON(intent!) as object);
    },
  );
}
