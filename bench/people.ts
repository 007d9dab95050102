import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { newId } from '@heed/kernel';
import { PURPOSE } from '../tools/story/src/example/example-contacts.js';
import { importInto } from '../tools/story/src/steps/import.js';
import { type Place, type Town } from './place.js';

export { PURPOSE };

const HEADER =
  'email,phone,first_name,last_name,country,consent_purpose,consent_channel,consent_basis,consent_at,consent_source';

/** A file of people who all have an email address, a telephone number and consent to both. */
export async function writePeople(place: Place, count: number, name = 'people'): Promise<string> {
  const path = join(place.files, `${name}.csv`);
  const file = createWriteStream(path);
  file.write(`${HEADER}\n`);
  for (let n = 0; n < count; n += 1) {
    const phone = `+4915${String(110_000_000 + n)}`;
    const line = `${emailOf(n)},${phone},Ada,Okafor,DE,${PURPOSE},email;voice,consent,2026-01-05T09:00:00Z,web form\n`;
    if (!file.write(line)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  return path;
}

export function emailOf(n: number): string {
  return `person${n}@example.org`;
}

/** A list of so many people, imported as a member would. */
export async function peopleIn({ cast }: Town, place: Place, count: number): Promise<string> {
  const path = await writePeople(place, count);
  const { list } = await cast.manager.lists.createList({ requestId: newId(), name: `${count} people` });
  await importInto(cast.manager, list!.listId, path);
  return list!.listId;
}
