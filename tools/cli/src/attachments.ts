import { basename, extname } from 'node:path';
import { type campaignsV1 } from '@heed/contracts';
import { readGiven } from './files.js';

/** What is written to people; of others it is said that they are bytes. */
const TYPES: Readonly<Record<string, string>> = {
  ...{ pdf: 'application/pdf', txt: 'text/plain', csv: 'text/csv', ics: 'text/calendar' },
  ...{ png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp' },
  ...{ mp3: 'audio/mpeg', mp4: 'video/mp4', zip: 'application/zip', json: 'application/json' },
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
};

export const ATTACH_HELP = 'a file that goes with every message, at most 2 MiB; up to 5, 3 MiB together';

export function collectFile(file: string, before: readonly string[] = []): string[] {
  return [...before, file];
}

/** Files of the command line, by their own names; which of them are taken is for campaigns to say. */
export function attachmentsIn(files: readonly string[]): campaignsV1.NewAttachment[] {
  return files.map((file) => ({
    name: basename(file),
    contentType: TYPES[extname(file).slice(1).toLowerCase()] ?? 'application/octet-stream',
    content: readGiven(file),
  }));
}
