import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { importFile, type HeedClient } from '@heed/client';
import { contactsV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { writeExample } from '../example/example-contacts.js';
import { type Report } from '../report.js';
import { type Audience, type Cast, type Stage } from '../stage.js';

/** Step 2: a file is streamed into a list; what it holds is counted in the database. */
export async function importContacts(
  stage: Stage,
  { manager, tenantId }: Cast,
): Promise<{
  audience: Audience;
  figures: Report['import'];
  rejectFile: string;
  reasons: Record<string, number>;
}> {
  const { options, expect, databases, folder } = stage;
  const file = options.contacts ?? join(folder, 'contacts.csv');
  const example = options.contacts ? undefined : await writeExample(file, options.size);
  const { list } = await manager.lists.createList({ requestId: newId(), name: 'Everybody' });
  const listId = list!.listId;
  const begun = performance.now();
  const ended = await importInto(manager, listId, file);
  const ms = Math.round(performance.now() - begun);

  const rejectFile = join(folder, 'rejected.csv');
  await fetchRejects(manager, ended.importId, rejectFile);
  const reasons = Object.fromEntries(
    Object.entries(ended.rejectedByReason).map(([reason, count]) => [reason, Number(count)]),
  );
  const figures = {
    rows: Number(ended.rows),
    accepted: Number(ended.accepted),
    rejected: Number(ended.rejected),
    ms,
  };
  expect.equal('import: rows', figures.rows, figures.accepted + figures.rejected);
  const kept = await databases.count('contacts', 'select count(*) from contact where tenant_id = $1', [
    tenantId,
  ]);
  expect.equal('import: contacts in the database', kept, Number(ended.created));
  if (example) {
    expect.equal('import: rows of the file', figures.rows, example.rows);
    for (const [reason, count] of Object.entries(example.faulty)) {
      expect.equal(`import: rejected as ${reason}`, reasons[reason] ?? 0, count);
    }
  }
  return { audience: { listId, example }, figures, rejectFile, reasons };
}

/** Sends a file and follows the merge to its end. */
export async function importInto(
  client: HeedClient,
  listId: string,
  file: string,
): Promise<contactsV1.Import> {
  const importId = await importFile(client, listId, file);
  let last: contactsV1.Import | undefined;
  for await (const { import: now } of client.imports.watchImport({ importId })) last = now;
  if (last?.state !== contactsV1.ImportState.IMPORT_STATE_COMPLETED) {
    throw new Error(`the import did not complete: ${last?.failureReason ?? 'no answer'}`);
  }
  return last;
}

async function fetchRejects(client: HeedClient, importId: string, file: string): Promise<void> {
  const response = await client.http('contacts', {
    method: 'GET',
    path: `/v1/imports/${importId}/rejected.csv`,
  });
  await pipeline(Readable.fromWeb(response.body as never), createWriteStream(file, { mode: 0o600 }));
}
