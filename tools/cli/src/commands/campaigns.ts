import { Option, type Command } from 'commander';
import { campaignsV1, typesV1 } from '@heed/contracts';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { LIMIT, upTo } from '../paging.js';
import { withSpan, type Span } from '../span.js';
import { choicesOf, time, word } from '../words.js';
import { addCampaignsCreate } from './campaigns-create.js';
import { addCampaignsEdit } from './campaigns-edit.js';
import { addCampaignsIntents } from './campaigns-intents.js';
import { addCampaignsResolve } from './campaigns-resolve.js';
import { addCampaignsRun } from './campaigns-run.js';

const STATES = choicesOf('CAMPAIGN_STATE', campaignsV1.CampaignState);

interface ListOptions extends Span {
  state?: string;
  list?: string;
  template?: string;
  name?: string;
  limit: number;
}

export function addCampaigns(heed: Command, context: Context): void {
  const campaigns = heed.command('campaigns').description('Campaigns and their ledgers');
  withExample(campaigns, 'heed campaigns list --state running');
  addCampaignsCreate(campaigns, context);
  addCampaignsRun(campaigns, context);
  addList(campaigns, context);
  addShow(campaigns, context);
  addReport(campaigns, context);
  addCampaignsEdit(campaigns, context);
  addCampaignsIntents(campaigns, context);
  addCampaignsResolve(campaigns, context);
}

function addList(campaigns: Command, context: Context): void {
  const list = campaigns
    .command('list')
    .description('Campaigns with their ledgers in short, newest first.')
    .addOption(new Option('--state <state>', 'only those in this state').choices([...STATES.keys()]))
    .option('--list <list-id>', 'only those to this list')
    .option('--template <template-id>', 'only those that send this template')
    .option('--name <text>', 'only those whose name holds this, without case')
    .option(...LIMIT);
  withExample(
    withSpan(list, 'those made'),
    'heed campaigns list --state running --since 2026-11-01',
    'heed campaigns list --name spring --list 0199...',
  ).action(async ({ limit, ...asked }: ListOptions) => {
    const filter = {
      state: STATES.get(asked.state ?? ''),
      ...{ listId: asked.list, templateId: asked.template, nameContains: asked.name },
      ...{ createdAfter: asked.since, createdBefore: asked.until },
    };
    const found = await context.asMember((client) =>
      upTo(limit, async (page) => {
        const answer = await client.campaigns.listCampaigns(
          campaignsV1.ListCampaignsRequest.fromPartial({ ...page, ...filter }),
        );
        return { rows: answer.campaigns, next: answer.nextPageToken };
      }),
    );
    context.output.list(found, {
      json: campaignsV1.Campaign.toJSON,
      row: shortOf,
      columns: ['campaign', 'name', 'state', 'audience', 'sent', 'skipped', 'failed', 'unknown', 'open'],
    });
  });
}

function addShow(campaigns: Command, context: Context): void {
  const show = campaigns.command('show <campaign-id>').description('One campaign as it is now.');
  withExample(show, 'heed campaigns show 0199...').action(async (campaignId: string) => {
    const { campaign } = await context.asMember((client) => client.campaigns.getCampaign({ campaignId }));
    context.output.record(campaignsV1.Campaign.toJSON(campaign!) as object);
  });
}

function addReport(campaigns: Command, context: Context): void {
  const report = campaigns
    .command('report <campaign-id>')
    .description('What became of everybody in the audience: the ledger, which must come out even.')
    .addHelpText('after', '\nFor one person: heed trace <contact-id>');
  withExample(report, 'heed campaigns report 0199...').action(async (campaignId: string) => {
    const { campaign } = await context.asMember((client) => client.campaigns.getCampaign({ campaignId }));
    const { output } = context;
    const { ledger } = campaign!;
    if (output.isJson || !ledger) {
      output.record(campaignsV1.Campaign.toJSON(campaign!) as object);
      return;
    }
    const { campaign: id, name, state } = shortOf(campaign!);
    const { startedAt, finishedAt } = campaign!;
    output.record({ campaign: id, name, state, started: time(startedAt), finished: time(finishedAt) });
    output.gap();
    output.table(rowsOf(ledger), ['became', 'reason', 'people', 'share']);
    output.gap();
    if (campaign!.steps.length > 1) {
      output.table(campaign!.steps.map(stepRow), STEP_COLUMNS);
      output.gap();
    }
    output.text(
      `${ledger.audience} = ${ledger.sent} sent + ${ledger.skipped} skipped + ${ledger.failed} failed + ` +
        `${ledger.unknown} unknown + ${ledger.open} open`,
    );
    const { engagement } = campaign!;
    if (engagement && Object.values(engagement).some((counted) => counted > 0n)) {
      output.gap();
      output.table(engagementRows(engagement), ['tracked', 'people', 'times', 'machines']);
    }
  });
}

function rowsOf(ledger: campaignsV1.Ledger): object[] {
  const share = (people: bigint): string =>
    ledger.audience === 0n ? '' : `${((Number(people) / Number(ledger.audience)) * 100).toFixed(1)}%`;
  const row = (became: string, people: bigint, reason = ''): object => ({
    ...{ became, reason, people, share: share(people) },
  });
  const reasons = Object.entries(ledger.skippedByReason).sort(([, a], [, b]) => Number(b - a));
  return [
    row('sent', ledger.sent),
    row('skipped', ledger.skipped),
    ...reasons.map(([reason, people]) => row('', people, reason)),
    row('failed', ledger.failed),
    row('unknown', ledger.unknown),
    row('open', ledger.open),
    ...(ledger.deferred > 0n ? [row('', ledger.deferred, 'deferred')] : []),
  ];
}

/** Of those who agreed to be tracked; what scanners of mail servers did stands apart. */
function engagementRows(engagement: campaignsV1.Engagement): object[] {
  const { openers, opens, automatedOpens, clickers, clicks, automatedClicks } = engagement;
  return [
    { tracked: 'opened', people: openers, times: opens, machines: automatedOpens },
    { tracked: 'clicked', people: clickers, times: clicks, machines: automatedClicks },
  ];
}

const STEP_COLUMNS = [
  ...['step', 'channel', 'follows', 'audience', 'sent', 'skipped', 'failed', 'unknown', 'open', 'deferred'],
];

/** Step 2 follows "1: failed, skipped (no_endpoint), bounced within 259200 s after 3600 s". */
function stepRow(plan: campaignsV1.Step) {
  const {
    step,
    channel,
    follows,
    outcomes,
    reasons,
    delaySeconds,
    bouncedWithinSeconds: within,
    ledger,
  } = plan;
  const bounced = within > 0n ? [`bounced within ${within} s`] : [];
  const ends = outcomes.map((outcome) => word('OUTCOME', typesV1.outcomeToJSON(outcome)));
  const why = reasons.length > 0 ? ` (${reasons.join(', ')})` : '';
  const when = [...(ends.length > 0 ? [ends.join(', ') + why] : []), ...bounced].join(', ');
  const after = delaySeconds > 0n ? ` after ${delaySeconds} s` : '';
  const { audience, sent, skipped, failed, unknown, open, deferred } = ledger!;
  return {
    step,
    channel: word('CHANNEL', typesV1.channelToJSON(channel)),
    follows: follows === 0 ? '' : `${follows}: ${when}${after}`,
    ...{ audience, sent, skipped, failed, unknown, open, deferred },
  };
}

function shortOf({ campaignId, name, state, ledger }: campaignsV1.Campaign) {
  return {
    campaign: campaignId,
    name,
    state: word('CAMPAIGN_STATE', campaignsV1.campaignStateToJSON(state)),
    audience: ledger?.audience,
    sent: ledger?.sent,
    skipped: ledger?.skipped,
    failed: ledger?.failed,
    unknown: ledger?.unknown,
    open: ledger?.open,
  };
}
