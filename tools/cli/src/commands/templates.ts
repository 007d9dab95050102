import { Option, type Command } from 'commander';
import { type HeedClient } from '@heed/client';
import { campaignsV1 } from '@heed/contracts';
import { DomainError } from '@heed/kernel';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { withExample } from '../help.js';
import { LIMIT, upTo } from '../paging.js';
import { time, word } from '../words.js';

export function addTemplates(heed: Command, context: Context): void {
  const templates = heed.command('templates').description('Texts of messages, and what one would look like');
  withExample(templates, 'heed templates list');
  addList(templates, context);
  addTest(templates, context);
}

function addList(templates: Command, context: Context): void {
  const list = templates
    .command('list')
    .description('Templates by time of creation.')
    .option(...LIMIT);
  withExample(list, 'heed templates list').action(async ({ limit }: { limit: number }) => {
    const found = await context.asMember((client) =>
      upTo(limit, async (page) => {
        const answer = await client.templates.listTemplates(
          campaignsV1.ListTemplatesRequest.fromPartial(page),
        );
        return { rows: answer.templates, next: answer.nextPageToken };
      }),
    );
    context.output.list(found, {
      json: campaignsV1.Template.toJSON,
      row: ({ templateId: id, name, kind, subject, createdAt }) => ({
        ...{ id, name, subject, made: time(createdAt) },
        kind: word('TEMPLATE_KIND', campaignsV1.templateKindToJSON(kind)),
      }),
      columns: ['id', 'name', 'kind', 'subject', 'made'],
    });
  });
}

interface TestOptions {
  contact?: string;
  fields?: string;
  html?: true;
}

function addTest(templates: Command, context: Context): void {
  const test = templates
    .command('test <template-id>')
    .description(
      'Shows a message as it would be sent, how large it is, and what the law wants of it. Sends nothing.',
    )
    .addOption(
      new Option('--contact <id>', 'with the name and country of this contact (not the address)').conflicts(
        'fields',
      ),
    )
    .option('--fields <json>', 'with these: {"first_name":"Ada"}; without either: a made-up person')
    .option('--html', 'the HTML in the place of the text');
  test.addHelpText('after', '\nExit code 1 where something that the law wants is missing.');
  withExample(
    test,
    'heed templates test 0199...',
    `heed templates test 0199... --fields '{"first_name":"Ada"}' --html`,
  ).action(async (templateId: string, { contact, fields, html }: TestOptions) => {
    const shown = await context.asMember(async (client) => {
      const sample = contact === undefined ? sampleIn(fields) : await knownOf(client, contact);
      return client.templates.previewTemplate({ templateId, sample });
    });
    print(context, shown, html === true);
  });
}

/** What any member sees who may look at contacts. */
async function knownOf(client: HeedClient, contactId: string): Promise<Record<string, string>> {
  const { contact } = await client.contacts.getContact({ contactId });
  const { firstName, lastName, country } = contact!;
  return { first_name: firstName, last_name: lastName, country };
}

function sampleIn(fields = '{}'): Record<string, string> {
  const said: unknown = tryJson(fields);
  const isMap =
    typeof said === 'object' && said !== null && Object.values(said).every((one) => typeof one === 'string');
  if (isMap) return said as Record<string, string>;
  throw new DomainError('FIELDS_INVALID', 'invalid-argument', {
    message: '--fields takes JSON of texts by name, as {"first_name":"Ada"}',
  });
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function print({ output }: Context, shown: campaignsV1.PreviewTemplateResponse, html: boolean): void {
  const { REVIEW_STATE_MISSING } = campaignsV1.ReviewState;
  if (shown.reviewItems.some(({ state }) => state === REVIEW_STATE_MISSING)) process.exitCode = EXIT.REFUSED;
  if (output.isJson) {
    output.record(campaignsV1.PreviewTemplateResponse.toJSON(shown) as object);
    return;
  }
  output.record({
    ...{ subject: shown.subject, bytes: shown.mailBytes },
    parts: shown.htmlBody === '' ? 'text' : 'text, html',
  });
  output.gap();
  output.text(html ? shown.htmlBody : shown.textBody);
  output.gap();
  output.table(
    shown.reviewItems.map(({ requirement, state, jurisdiction, wants }) => ({
      requirement: word('REQUIREMENT', campaignsV1.requirementToJSON(requirement)),
      state: word('REVIEW_STATE', campaignsV1.reviewStateToJSON(state)),
      ...{ where: jurisdiction || 'everywhere', wants },
    })),
    ['requirement', 'state', 'where', 'wants'],
  );
}
