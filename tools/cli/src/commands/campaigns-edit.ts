import { type Command } from 'commander';
import { campaignsV1 } from '@heed/contracts';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { positiveNumber } from '../paging.js';
import { changesIn } from '../step-plans.js';
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
        row: ({ step, requirement, state, jurisdiction, wants, source }) => ({
          ...{ step, jurisdiction, wants, source },
          point: word('REQUIREMENT', campaignsV1.requirementToJSON(requirement)),
          state: word('REVIEW_STATE', campaignsV1.reviewStateToJSON(state)),
        }),
        columns: ['step', 'point', 'jurisdiction', 'state', 'wants', 'source'],
      },
    );
  });
}
