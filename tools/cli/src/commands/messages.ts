import { type Command, InvalidArgumentError } from 'commander';
import { type HeedClient } from '@heed/client';
import { campaignsV1, isForSingleMessages, messagingV1, OWN_PURPOSES, typesV1 } from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import { ATTACH_HELP, attachmentsIn, collectFile } from '../attachments.js';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { readGiven } from '../files.js';
import { withExample } from '../help.js';
import { choicesOf, time, word } from '../words.js';

const KINDS = choicesOf('VARIABLE_KIND', campaignsV1.VariableKind);
const LOOK_MS = 200;

export function addMessages(heed: Command, context: Context): void {
  const messages = heed.command('messages').description('Single messages: receipts, codes, notices');
  withExample(
    messages,
    'heed messages send --contact 0199... --purpose receipt --template 0199... --set order=A-1001',
  );
  addSend(messages, context);
  addShow(messages, context);
  addTemplate(messages, context);
}

interface SendOptions {
  contact: string;
  purpose: string;
  template: string;
  set: Record<string, string>;
  requestId?: string;
  wait?: boolean;
}

function addSend(messages: Command, context: Context): void {
  const command = messages
    .command('send')
    .description('Asks for one message to one contact. Exit code 1 where, waited for, it was not sent.')
    .requiredOption('--contact <contact-id>', 'whom')
    .requiredOption(
      '--purpose <purpose>',
      `what for: ${Object.keys(OWN_PURPOSES).filter(isForSingleMessages).join(', ')}`,
    )
    .requiredOption('--template <template-id>', 'a transactional template')
    .option('--set <name=value>', 'a value of the template; as often as it has some', collectValue, {})
    .option('--request-id <uuid>', 'the same again asks for nothing new (default: a new one)')
    .option('--wait', 'until it has ended');
  withExample(
    command,
    'heed messages send --contact 0199... --purpose receipt --template 0199... --set order=A-1001 --wait',
  ).action(async (options: SendOptions) => {
    const attempt = await context.asMember(async (client) => {
      const { contact: contactId, purpose, template: templateId, set: values } = options;
      const { attempt: queued } = await client.messages.sendMessage({
        ...{ requestId: options.requestId ?? newId(), contactId, purpose, templateId, values },
      });
      return options.wait ? ended(client, queued!) : queued!;
    });
    if (options.wait && attempt.outcome !== typesV1.Outcome.OUTCOME_SENT) process.exitCode = EXIT.REFUSED;
    show(attempt, context);
  });
}

function addShow(messages: Command, context: Context): void {
  const command = messages
    .command('show <attempt-id>')
    .description('Where a message stands, of a campaign or a single one.');
  withExample(command, 'heed messages show 0199...').action(async (attemptId: string) => {
    const { attempt } = await context.asMember((client) => client.messages.getAttempt({ attemptId }));
    show(attempt!, context);
  });
}

interface TemplateOptions {
  name: string;
  subject: string;
  text: string;
  html?: string;
  senderName: string;
  senderAddress: string;
  postalAddress: string;
  variable: campaignsV1.TemplateVariable[];
  attach?: string[];
}

function addTemplate(messages: Command, context: Context): void {
  const command = messages
    .command('template')
    .description('Makes a transactional template from texts in files.')
    .requiredOption('--name <name>', 'its name')
    .requiredOption('--subject <liquid>', 'subject line')
    .requiredOption('--text <file>', 'plain text, Liquid')
    .option('--html <file>', 'HTML, Liquid')
    .requiredOption('--sender-name <name>', 'who it is from')
    .requiredOption('--sender-address <address>', 'address that it is from')
    .requiredOption('--postal-address <text>', 'stands under every message')
    .option('--attach <file>', ATTACH_HELP, collectFile)
    .option(
      '--variable <name:kind[:length]>',
      `a value that each message brings; kinds: ${[...KINDS.keys()].join(', ')}`,
      collectVariable,
      [],
    );
  withExample(
    command,
    "heed messages template --name Receipt --subject 'Order {{ values.order }}' --text receipt.txt \\",
    "  --variable order:code:20 --sender-name Acme --sender-address shop@acme.example --postal-address '1 Main St'",
  ).action(async (options: TemplateOptions) => {
    const { name, subject, senderName, senderAddress, postalAddress, variable: variables } = options;
    const { template } = await context.asMember((client) =>
      client.templates.createTemplate({
        ...{ requestId: newId(), name, channel: typesV1.Channel.CHANNEL_EMAIL, subject },
        textBody: readGiven(options.text).toString('utf8'),
        htmlBody: options.html ? readGiven(options.html).toString('utf8') : '',
        ...{ senderName, senderAddress, postalAddress, variables },
        kind: campaignsV1.TemplateKind.TEMPLATE_KIND_TRANSACTIONAL,
        ...{ trackOpens: false, trackClicks: false },
        attachments: attachmentsIn(options.attach ?? []),
      }),
    );
    context.output.record(campaignsV1.Template.toJSON(template!) as object);
  });
}

async function ended(client: HeedClient, { attemptId }: messagingV1.Attempt): Promise<messagingV1.Attempt> {
  for (;;) {
    const { attempt } = await client.messages.getAttempt({ attemptId });
    if (attempt!.state === messagingV1.AttemptState.ATTEMPT_STATE_CONCLUDED) return attempt!;
    await systemClock.wait(LOOK_MS);
  }
}

function show(attempt: messagingV1.Attempt, { output }: Context): void {
  if (output.isJson) {
    output.record(messagingV1.Attempt.toJSON(attempt) as object);
    return;
  }
  const { attemptId, contactId, campaignId, purpose, reason, queuedAt, concludedAt } = attempt;
  output.record({
    ...{ attempt: attemptId, contact: contactId, campaign: campaignId, purpose },
    state: word('ATTEMPT_STATE', messagingV1.attemptStateToJSON(attempt.state)),
    outcome: word('OUTCOME', typesV1.outcomeToJSON(attempt.outcome)),
    ...{ reason, queued: time(queuedAt), ended: time(concludedAt) },
  });
}

function collectValue(given: string, before: Record<string, string>): Record<string, string> {
  const at = given.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('as name=value');
  return { ...before, [given.slice(0, at)]: given.slice(at + 1) };
}

function collectVariable(
  given: string,
  before: campaignsV1.TemplateVariable[],
): campaignsV1.TemplateVariable[] {
  const [name = '', kind = '', length = '0'] = given.split(':');
  const code = KINDS.get(kind);
  if (code === undefined || !/^\d{1,4}$/.test(length)) {
    throw new InvalidArgumentError('as name:kind or name:kind:length');
  }
  return [...before, { name, kind: code, maxLength: Number(length) }];
}
