import { Option, type Command } from 'commander';
import { messagingV1 } from '@heed/contracts';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { LIMIT, upTo } from '../paging.js';
import { time, word } from '../words.js';

const { EngagementKind } = messagingV1;
const KINDS = {
  open: EngagementKind.ENGAGEMENT_KIND_OPEN,
  click: EngagementKind.ENGAGEMENT_KIND_CLICK,
  trap: EngagementKind.ENGAGEMENT_KIND_TRAP,
};
/** Who did it, as the filter of the contract has it. */
const BY = { people: false, machines: true, all: undefined };

interface ListOptions {
  campaign?: string;
  contact?: string;
  attempt?: string;
  kind?: keyof typeof KINDS;
  by: keyof typeof BY;
  limit: number;
}

export function addEngagements(heed: Command, context: Context): void {
  const engagements = heed.command('engagements').description('Opens and clicks of who agreed to be tracked');
  withExample(engagements, 'heed engagements list --campaign 0199... --by people');
  const list = engagements
    .command('list')
    .description('What was done with messages, in the order in which it was recorded.')
    .option('--campaign <campaign-id>', 'only with those of this campaign')
    .option('--contact <contact-id>', 'only with those to this contact')
    .option('--attempt <attempt-id>', 'only with this one')
    .addOption(new Option('--kind <kind>', 'only this').choices(Object.keys(KINDS)))
    .addOption(new Option('--by <who>', 'only what they did').choices(Object.keys(BY)).default('all'))
    .option(...LIMIT);
  withExample(
    list,
    'heed engagements list --campaign 0199... --by people',
    'heed engagements list --contact 0199... --kind click',
  ).action(async ({ campaign, contact, attempt, kind, by, limit }: ListOptions) => {
    const filter = {
      ...{ campaignId: campaign, contactId: contact, attemptId: attempt, automated: BY[by] },
      kind: kind && KINDS[kind],
    };
    const found = await context.asMember((client) =>
      upTo(limit, async (page) => {
        const answer = await client.engagements.listEngagements(
          messagingV1.ListEngagementsRequest.fromPartial({ ...page, ...filter }),
        );
        return { rows: answer.engagements, next: answer.nextPageToken };
      }),
    );
    context.output.list(found, {
      json: messagingV1.Engagement.toJSON,
      row: ({ contactId, attemptId, kind: what, link, reason, automated, occurredAt }) => ({
        contact: contactId,
        attempt: attemptId,
        kind: word('ENGAGEMENT_KIND', messagingV1.engagementKindToJSON(what)),
        link: link === 0 ? '' : link,
        by: automated ? word('AUTOMATED_REASON', messagingV1.automatedReasonToJSON(reason)) : 'person',
        at: time(occurredAt),
      }),
      columns: ['at', 'contact', 'attempt', 'kind', 'link', 'by'],
    });
  });
}
