import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { type HeedClient } from './heed-client.js';

/** Streams a CSV file into a list. The answer comes when the file is received; the merge goes on (WatchImport). */
export async function importFile(client: HeedClient, listId: string, path: string): Promise<string> {
  const response = await client.http('contacts', {
    method: 'POST',
    path: `/v1/lists/${listId}/imports`,
    headers: { 'content-type': 'text/csv' },
    body: Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>,
  });
  // The protobuf JSON mapping of heed.contacts.v1.Import.
  const { importId } = (await response.json()) as { importId: string };
  return importId;
}
