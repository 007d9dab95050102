import { Option, type Command } from 'commander';
import { campaignsV1, typesV1 } from '@heed/contracts';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { LIMIT, upTo } from '../paging.js';
import { withSpan, type Span } from '../span.js';
import { choicesOf, time, word } from '../words.js';

const STATES = choicesOf('INTENT_STATE', campaignsV1.IntentState);
const OUTCOMES = choicesOf('OUTCOME', typesV1.Outcome);

interface IntentsOptions extends Span {
  state?: string;
  outcome?: string;
  reason?: string;
  contact?: string;
  limit: number;
}

/** Whom the figures of a report stand for. */
export function addCampaignsIntents(campaigns: Command, context: Context): void {
  const intents = campaigns
    .command('intents <campaign-id>')
    .description('The intents behind the figures of the report: whom, what became of it, and why.')
    .addOption(new Option('--state <state>', 'only those in this state').choices([...STATES.keys()]))
    .addOption(new Option('--outcome <outcome>', 'only those that ended so').choices([...OUTCOMES.keys()]))
    .option('--reason <code>', 'only those with this reason')
    .option('--contact <contact-id>', 'only this person')
    .option(...LIMIT);
  withExample(
    withSpan(intents, 'what last changed'),
    'heed campaigns intents 0199... --outcome unknown',
    'heed campaigns intents 0199... --outcome skipped --reason opted_out',
  ).action(async (campaignId: string, { limit, ...asked }: IntentsOptions) => {
    const filter = {
      ...{ campaignId, state: STATES.get(asked.state ?? ''), outcome: OUTCOMES.get(asked.outcome ?? '') },
      ...{ reason: asked.reason, contactId: asked.contact },
      ...{ updatedAfter: asked.since, updatedBefore: asked.until },
    };
    const found = await context.asMember((client) =>
      upTo(limit, async (page) => {
        const answer = await client.campaigns.listIntents(
          campaignsV1.ListIntentsRequest.fromPartial({ ...page, ...filter }),
        );
        return { rows: answer.intents, next: answer.nextPageToken };
      }),
    );
    context.output.list(found, {
      json: campaignsV1.Intent.toJSON,
      row: ({ intentId, step, contactId, state, outcome, reason, updatedAt }) => ({
        ...{ intent: intentId, step, contact: contactId, reason, changed: time(updatedAt) },
        state: word('INTENT_STATE', campaignsV1.intentStateToJSON(state)),
        outcome: word('OUTCOME', typesV1.outcomeToJSON(outcome)),
      }),
      columns: ['intent', 'step', 'contact', 'state', 'outcome', 'reason', 'changed'],
    });
  });
}
