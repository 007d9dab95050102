import { type Command } from 'commander';
import { campaignsV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { positiveNumber } from '../paging.js';
import { changesIn, stepIn } from '../step-plans.js';
import { word } from '../words.js';

/** Looking at what is going to be sent, and changing it before it is. */
export function addCampaignsEdit(campaigns: Command, context: Context): void {
  const edit = campaigns
    .command('edit-step <campaign-id> <step>')
    .description(
      'Changes a step that reached nobody yet. A new text is reviewed again. Of a paused campaign that handed nothing out ' +
        'template and rate.',
    )
    .requiredOption('--set <name=value,...>', 'what is changed: template, rate, on, reasons, bounced, delay')
    .option('--etag <etag>', 'version that was looked at (heed campaigns show): no other is changed', '');
  withExample(edit, 'heed campaigns edit-step 0199... 2 --set template=0199...,delay=1h').action(
    async (campaignId: string, step: string, { set, etag }: { set: string; etag: string }) => {
      const request = { campaignId, step: positiveNumber(step), etag, ...changesIn(set) };
      const { campaign } = await context.asMember((client) => client.campaigns.updateStep(request));
      context.output.record(campaignsV1.Campaign.toJSON(campaign!) as object);
    },
  );
  addSteps(campaigns, context);
  const review = campaigns
    .command('review <campaign-id>')
    .description(
      'What the law wants of its texts, point by point: met, missing, or for a person to look at.',
    );
  withExample(review, 'heed campaigns review 0199...').action(async (campaignId: string) => {
    const { items } = await context.asMember((client) => client.campaigns.getReview({ campaignId }));
    context.output.list(
      { rows: items, more: false },
      {
        json: campaignsV1.ReviewItem.toJSON,
        row: ({ step, requirement, state, jurisdiction, wants, source, people }) => ({
          ...{ step, jurisdiction, wants, source },
          people: people === 0n ? '' : people,
          point: word('REQUIREMENT', campaignsV1.requirementToJSON(requirement)),
          state: word('REVIEW_STATE', campaignsV1.reviewStateToJSON(state)),
        }),
        columns: ['step', 'point', 'jurisdiction', 'people', 'state', 'wants', 'source'],
      },
    );
  });
}

const ETAG = [
  '--etag <etag>',
  'version that was looked at (heed campaigns show): no other is changed',
  '',
] as const;

function addSteps(campaigns: Command, context: Context): void {
  const steps = campaigns.command('steps').description('Adds steps to a campaign, or removes some of it');
  withExample(steps, 'heed campaigns steps add 0199... template=0199...,follows=1,on=failed');
  const add = steps
    .command('add <campaign-id> <step>')
    .description(
      'Adds a step that follows another, written as for heed campaigns create. Whoever comes to such an end from then on is ' +
        'reached by it. A new text is reviewed.',
    )
    .option(...ETAG);
  withExample(add, 'heed campaigns steps add 0199... template=0199...,follows=1,on=failed,delay=1h').action(
    async (campaignId: string, step: string, { etag }: { etag: string }) => {
      const request = { requestId: newId(), campaignId, step: stepIn(step), etag };
      const { campaign } = await context.asMember((client) => client.campaigns.addStep(request));
      context.output.record(campaignsV1.Campaign.toJSON(campaign!) as object);
    },
  );
  const remove = steps
    .command('remove <campaign-id> <step>')
    .description(
      'Removes a step that nobody is planned for and that none follows. The others keep their numbers.',
    )
    .option(...ETAG);
  withExample(remove, 'heed campaigns steps remove 0199... 3').action(
    async (campaignId: string, step: string, { etag }: { etag: string }) => {
      const request = { requestId: newId(), campaignId, step: positiveNumber(step), etag };
      const { campaign } = await context.asMember((client) => client.campaigns.removeStep(request));
      context.output.record(campaignsV1.Campaign.toJSON(campaign!) as object);
    },
  );
}
