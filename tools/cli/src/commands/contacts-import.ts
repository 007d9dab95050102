import { type Command } from 'commander';
import { createWriteStream, existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { importFile, type HeedClient } from '@heed/client';
import { contactsV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { noSuchFile } from '../files.js';
import { withExample } from '../help.js';

interface ImportOptions {
  list: string;
  create?: boolean;
  rejected?: string;
}

export function addContactsImport(contacts: Command, context: Context): void {
  const command = contacts
    .command('import <file>')
    .description('Streams a CSV file into a list and waits for the merge.')
    .requiredOption('--list <list>', 'id of the list, or with --create its name')
    .option('--create', 'make the list first')
    .option('--rejected <file>', 'where to write the rows that were refused, with reasons')
    .addHelpText(
      'after',
      `
Columns: email, phone, first_name, last_name, country, consent_purpose, consent_channel, consent_basis, consent_at,
consent_source. A row without the consent columns has no consent.`,
    );
  withExample(
    command,
    'heed contacts import people.csv --list "Spring" --create --rejected refused.csv',
  ).action(async (file: string, options: ImportOptions) => {
    if (!existsSync(file)) throw noSuchFile(file);
    const ended = await context.asMember((client) => importInto(client, file, options, context));
    context.output.record(contactsV1.Import.toJSON(ended) as object);
    if (ended.state !== contactsV1.ImportState.IMPORT_STATE_COMPLETED) process.exitCode = EXIT.REFUSED;
  });
}

async function importInto(
  client: HeedClient,
  file: string,
  options: ImportOptions,
  { output }: Context,
): Promise<contactsV1.Import> {
  const listId = options.create ? await createList(client, options.list) : options.list;
  const importId = await importFile(client, listId, file);
  let last: contactsV1.Import | undefined;
  for await (const { import: now } of client.imports.watchImport({ importId })) {
    last = now;
    if (now) output.progress(`${now.rows} rows, ${now.accepted} accepted, ${now.rejected} rejected`);
  }
  output.endProgress();
  if (options.rejected) {
    const response = await client.http('contacts', {
      method: 'GET',
      path: `/v1/imports/${importId}/rejected.csv`,
    });
    await pipeline(Readable.fromWeb(response.body as never), createWriteStream(options.rejected));
  }
  return last ?? contactsV1.Import.fromPartial({ importId, listId });
}

async function createList(client: HeedClient, name: string): Promise<string> {
  const { list } = await client.lists.createList({ requestId: newId(), name });
  return list!.listId;
}
