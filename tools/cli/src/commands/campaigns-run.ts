import { Option, type Command } from 'commander';
import { type HeedClient } from '@heed/client';
import { campaignsV1 } from '@heed/contracts';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { withExample } from '../help.js';
import { moment } from '../span.js';

/** A campaign can take all day; whoever follows longer calls again. */
const FOLLOW_MS = 24 * 3600 * 1000;

const COMMANDS = {
  unschedule: {
    says: 'Makes a scheduled campaign a draft again.',
    call: (client: HeedClient, campaignId: string) => client.campaigns.unscheduleCampaign({ campaignId }),
  },
  confirm: {
    says: 'Lets a campaign begin whose start is overdue (heed campaigns list --state needs_confirmation).',
    call: (client: HeedClient, campaignId: string) => client.campaigns.confirmStart({ campaignId }),
  },
  pause: {
    says: 'Stops handing out. What is handed out already goes on; opt-outs hold as always.',
    call: (client: HeedClient, campaignId: string) => client.campaigns.pauseCampaign({ campaignId }),
  },
  resume: {
    says: 'Goes on with a paused campaign.',
    call: (client: HeedClient, campaignId: string) => client.campaigns.resumeCampaign({ campaignId }),
  },
  cancel: {
    says: 'Ends a campaign for good: what is not handed out yet is skipped.',
    call: (client: HeedClient, campaignId: string) => client.campaigns.cancelCampaign({ campaignId }),
  },
};

const WAIVERS = {
  'not-advertising': campaignsV1.LabelWaiver.LABEL_WAIVER_NOT_ADVERTISING,
  'nobody-there': campaignsV1.LabelWaiver.LABEL_WAIVER_NOBODY_THERE,
};

/** What moves a campaign on, and what follows it. */
export function addCampaignsRun(campaigns: Command, context: Context): void {
  const start = campaigns
    .command('start <campaign-id>')
    .description('Plans the audience and begins.')
    .option('--watch', 'follow it to its end');
  withExample(start, 'heed campaigns start 0199... --watch').action(
    async (campaignId: string, { watch }: { watch?: boolean }) => {
      const { campaign } = await context.asMember((client) => client.campaigns.startCampaign({ campaignId }));
      if (watch) await follow(campaignId, context);
      else context.output.record(campaignsV1.Campaign.toJSON(campaign!) as object);
    },
  );
  const schedule = campaigns
    .command('schedule <campaign-id>')
    .description(
      'Lets a campaign start by itself. Overdue by more than 5 minutes (an outage, a restored backup) it waits for confirm.',
    )
    .requiredOption('--at <time>', 'when it starts (2026-12-01, 2026-12-01T09:00+01:00)', moment);
  withExample(schedule, 'heed campaigns schedule 0199... --at 2026-12-01T09:00:00+01:00').action(
    async (campaignId: string, { at }: { at: string }) => {
      const { campaign } = await context.asMember((client) =>
        client.campaigns.scheduleCampaign({ campaignId, startAt: at }),
      );
      context.output.record(campaignsV1.Campaign.toJSON(campaign!) as object);
    },
  );
  const approve = campaigns
    .command('approve <campaign-id>')
    .description('Lets a campaign begin that is held for review. Not by the member that started it.')
    .option('--etag <etag>', 'version that was looked at (heed campaigns show): no other is approved', '')
    .addOption(
      new Option(
        '--unlabelled-because <reason>',
        'why a label of advertising that is missing (heed campaigns review) is not due',
      ).choices(Object.keys(WAIVERS)),
    );
  withExample(
    approve,
    'heed campaigns approve 0199... --etag 2',
    'heed campaigns approve 0199... --unlabelled-because not-advertising',
  ).action(
    async (
      campaignId: string,
      { etag, unlabelledBecause: because }: { etag: string; unlabelledBecause?: keyof typeof WAIVERS },
    ) => {
      const labelWaiver = because ? WAIVERS[because] : campaignsV1.LabelWaiver.LABEL_WAIVER_UNSPECIFIED;
      const { campaign } = await context.asMember((client) =>
        client.campaigns.approveCampaign({ campaignId, etag, labelWaiver }),
      );
      context.output.record(campaignsV1.Campaign.toJSON(campaign!) as object);
    },
  );
  const watch = campaigns.command('watch <campaign-id>').description('Follows a campaign to its end.');
  withExample(watch, 'heed campaigns watch 0199...').action((campaignId: string) =>
    follow(campaignId, context),
  );
  for (const [name, { says, call }] of Object.entries(COMMANDS)) {
    const command = campaigns.command(`${name} <campaign-id>`).description(says);
    withExample(command, `heed campaigns ${name} 0199...`).action(async (campaignId: string) => {
      const { campaign } = await context.asMember((client) => call(client, campaignId));
      context.output.record(campaignsV1.Campaign.toJSON(campaign!) as object);
    });
  }
}

async function follow(campaignId: string, context: Context): Promise<void> {
  const { output } = context;
  const last = await context.asMember(async (client) => {
    let now: campaignsV1.Campaign | undefined;
    for await (const { campaign } of client.campaigns.watchCampaign(
      { campaignId },
      { timeoutMs: FOLLOW_MS },
    )) {
      now = campaign;
      const ledger = campaign?.ledger;
      if (ledger) {
        output.progress(
          `${ledger.sent} sent, ${ledger.skipped} skipped, ${ledger.failed} failed, ${ledger.unknown} unknown, ` +
            `${ledger.open} open of ${ledger.audience}`,
        );
      }
    }
    output.endProgress();
    return now;
  });
  if (last) output.record(campaignsV1.Campaign.toJSON(last) as object);
  if (last?.state !== campaignsV1.CampaignState.CAMPAIGN_STATE_COMPLETED) process.exitCode = EXIT.REFUSED;
}
