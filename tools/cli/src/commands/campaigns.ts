import { InvalidArgumentError, type Command } from 'commander';
import { type HeedClient } from '@heed/client';
import { campaignsV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { readFileSync } from 'node:fs';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';

interface CreateOptions {
  name: string;
  list: string;
  purpose: string;
  rate: number;
  template?: string;
  subject?: string;
  text?: string;
  html?: string;
  senderName?: string;
  senderAddress?: string;
  postalAddress?: string;
  limit: number;
}

export function addCampaigns(heed: Command, context: Context): void {
  const campaigns = heed.command('campaigns').description('Campaigns and their ledgers');
  campaigns
    .command('create')
    .description('Makes a draft, from a template or from texts in files.')
    .requiredOption('--name <name>')
    .requiredOption('--list <list-id>', 'the audience')
    .requiredOption('--purpose <purpose>', 'purpose that consent is looked up for')
    .option('--rate <n>', 'messages a second', wholeNumber, 50)
    .option('--limit <n>', 'most people; 0: the whole list', wholeNumber, 0)
    .option('--template <template-id>', 'a template that exists; else the options below make one')
    .option('--subject <liquid>', 'subject line')
    .option('--text <file>', 'plain text, Liquid')
    .option('--html <file>', 'HTML, Liquid')
    .option('--sender-name <name>')
    .option('--sender-address <address>')
    .option('--postal-address <text>', 'stands under every message')
    .addHelpText(
      'after',
      `
Example: heed campaigns create --name Spring --list 0199... --purpose newsletter --subject 'Hello {{ first_name }}' \\
           --text spring.txt --sender-name Acme --sender-address news@acme.example --postal-address '1 Main St'`,
    )
    .action(async (options: CreateOptions) => {
      const campaign = await context.asMember((client) => create(client, options));
      context.output.record(campaignsV1.Campaign.toJSON(campaign) as object);
    });
  campaigns
    .command('start <campaign-id>')
    .description('Plans the audience and begins.')
    .option('--watch', 'follow it to its end')
    .action(async (campaignId: string, { watch }: { watch?: boolean }) => {
      const { campaign } = await context.asMember((client) => client.campaigns.startCampaign({ campaignId }));
      if (watch) await follow(campaignId, context);
      else context.output.record(campaignsV1.Campaign.toJSON(campaign!) as object);
    });
  campaigns
    .command('watch <campaign-id>')
    .description('Follows a campaign to its end.')
    .action((campaignId: string) => follow(campaignId, context));
}

async function create(client: HeedClient, options: CreateOptions): Promise<campaignsV1.Campaign> {
  const templateId = options.template ?? (await createTemplate(client, options));
  const { campaign } = await client.campaigns.createCampaign({
    requestId: newId(),
    name: options.name,
    listId: options.list,
    templateId,
    purpose: options.purpose,
    ratePerSecond: options.rate,
    audienceLimit: BigInt(options.limit),
  });
  return campaign!;
}

async function createTemplate(client: HeedClient, options: CreateOptions): Promise<string> {
  const { template } = await client.templates.createTemplate({
    requestId: newId(),
    name: options.name,
    channel: typesV1.Channel.CHANNEL_EMAIL,
    subject: options.subject ?? '',
    textBody: options.text ? readFileSync(options.text, 'utf8') : '',
    htmlBody: options.html ? readFileSync(options.html, 'utf8') : '',
    senderName: options.senderName ?? '',
    senderAddress: options.senderAddress ?? '',
    postalAddress: options.postalAddress ?? '',
  });
  return template!.templateId;
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

/** A campaign can take all day; whoever follows longer calls again. */
const FOLLOW_MS = 24 * 3600 * 1000;

function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('a whole number');
  return Number(value);
}
