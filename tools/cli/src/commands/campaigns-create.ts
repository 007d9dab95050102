import { type Command } from 'commander';
import { type HeedClient } from '@heed/client';
import { campaignsV1, typesV1 } from '@heed/contracts';
import { DomainError, newId } from '@heed/kernel';
import { ATTACH_HELP, attachmentsIn, collectFile } from '../attachments.js';
import { type Context } from '../context.js';
import { readGiven } from '../files.js';
import { withExample } from '../help.js';
import { positiveNumber, wholeNumber } from '../paging.js';
import { collectStep, STEP_HELP, stepsIn } from '../step-plans.js';

interface CreateOptions {
  name: string;
  list: string;
  purpose: string;
  rate: number;
  template?: string;
  step?: campaignsV1.StepPlan[];
  steps?: string;
  subject?: string;
  text?: string;
  html?: string;
  senderName?: string;
  senderAddress?: string;
  postalAddress?: string;
  attach?: string[];
  limit: number;
  trackOpens?: boolean;
  trackClicks?: boolean;
}

export function addCampaignsCreate(campaigns: Command, context: Context): void {
  const command = campaigns
    .command('create')
    .description('Makes a draft, from a template or from texts in files.')
    .requiredOption('--name <name>', 'name of the campaign, and of the template where one is made')
    .requiredOption('--list <list-id>', 'the audience')
    .requiredOption('--purpose <purpose>', 'purpose that consent is looked up for')
    .option('--rate <n>', 'messages a second', positiveNumber, 50)
    .option('--limit <n>', 'most people; 0: the whole list', wholeNumber, 0)
    .option('--template <template-id>', 'a template that exists; else steps, or the options below make one')
    .option('--step <name=value,...>', 'a step; as often as there are steps', collectStep)
    .option('--steps <file>', 'steps in a file')
    .option('--subject <liquid>', 'subject line')
    .option('--text <file>', 'plain text, Liquid')
    .option('--html <file>', 'HTML, Liquid')
    .option('--sender-name <name>', 'who it is from')
    .option('--sender-address <address>', 'address that it is from')
    .option('--postal-address <text>', 'stands under every message')
    .option('--track-opens', 'record who opens it, of those who agreed to the purpose tracking')
    .option('--track-clicks', 'record who follows its links, of the same people')
    .option('--attach <file>', ATTACH_HELP, collectFile);
  command.addHelpText('after', STEP_HELP);
  withExample(
    command,
    "heed campaigns create --name Spring --list 0199... --purpose newsletter --subject 'Hello {{ first_name }}' \\",
    "  --text spring.txt --sender-name Acme --sender-address news@acme.example --postal-address '1 Main St'",
    'heed campaigns create --name Spring --list 0199... --purpose newsletter --step template=0199... \\',
    '  --step template=0199...,follows=1,on=failed,bounced=72h,rate=5',
  ).action(async (options: CreateOptions) => {
    const campaign = await context.asMember((client) => create(client, options));
    context.output.record(campaignsV1.Campaign.toJSON(campaign) as object);
  });
}

async function create(client: HeedClient, options: CreateOptions): Promise<campaignsV1.Campaign> {
  const steps = plannedSteps(options);
  const templateId = steps.length > 0 ? '' : (options.template ?? (await createTemplate(client, options)));
  const { campaign } = await client.campaigns.createCampaign({
    requestId: newId(),
    name: options.name,
    listId: options.list,
    templateId,
    purpose: options.purpose,
    ratePerSecond: options.rate,
    audienceLimit: BigInt(options.limit),
    steps,
  });
  return campaign!;
}

function plannedSteps({ step = [], steps, template }: CreateOptions): campaignsV1.StepPlan[] {
  const ways = [step.length > 0, steps !== undefined, template !== undefined].filter(Boolean).length;
  if (ways > 1) {
    throw new DomainError('STEPS_TWICE', 'invalid-argument', {
      message: 'one of --template, --step and --steps says what is sent',
    });
  }
  return steps === undefined ? step : stepsIn(readGiven(steps).toString('utf8'), steps);
}

async function createTemplate(client: HeedClient, options: CreateOptions): Promise<string> {
  const { template } = await client.templates.createTemplate({
    requestId: newId(),
    name: options.name,
    channel: typesV1.Channel.CHANNEL_EMAIL,
    subject: options.subject ?? '',
    textBody: options.text ? readGiven(options.text).toString('utf8') : '',
    htmlBody: options.html ? readGiven(options.html).toString('utf8') : '',
    senderName: options.senderName ?? '',
    senderAddress: options.senderAddress ?? '',
    postalAddress: options.postalAddress ?? '',
    kind: campaignsV1.TemplateKind.TEMPLATE_KIND_MARKETING,
    variables: [],
    trackOpens: options.trackOpens ?? false,
    trackClicks: options.trackClicks ?? false,
    attachments: attachmentsIn(options.attach ?? []),
  });
  return template!.templateId;
}
