import { Option, type Command } from 'commander';
import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type HeedClient } from '@heed/client';
import { contactsV1, typesV1 } from '@heed/contracts';
import { systemClock } from '@heed/kernel';
import { type Context } from '../context.js';
import { noSuchFile } from '../files.js';
import { withExample } from '../help.js';

const { SuppressionKind: Kind } = contactsV1;

const KINDS = {
  address: Kind.SUPPRESSION_KIND_ADDRESS,
  md5: Kind.SUPPRESSION_KIND_MD5,
  sha1: Kind.SUPPRESSION_KIND_SHA1,
  sha256: Kind.SUPPRESSION_KIND_SHA256,
};

const CHANNELS = {
  all: typesV1.Channel.CHANNEL_UNSPECIFIED,
  email: typesV1.Channel.CHANNEL_EMAIL,
  voice: typesV1.Channel.CHANNEL_VOICE,
};

const ENTRIES_A_CALL = 1_000;
const LOOK_AGAIN_MS = 2_000;

interface ImportOptions {
  kind: keyof typeof KINDS;
  reason: string;
  channel: keyof typeof CHANNELS;
  purpose: string;
}

export function addSuppression(heed: Command, context: Context): void {
  const suppression = heed
    .command('suppression')
    .description('Addresses that stay silent, as keyed hashes: added to, never read back');
  withExample(suppression, 'heed suppression import unsubscribed.txt --kind md5 --reason unsubscribed');
  addImport(suppression, context);
  addRotate(suppression, context);
}

function addImport(suppression: Command, context: Context): void {
  const command = suppression
    .command('import <file>')
    .description(
      'Streams a file of addresses, or of digests of addresses, one a line, into the suppression list. What is no ' +
        'address or no such digest is counted and left out.',
    )
    .addOption(
      new Option('--kind <kind>', 'what a line holds; digests are of the trimmed address in lower case')
        .choices(Object.keys(KINDS))
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <word>', 'why they are on it: unsubscribed, complaint, bounce ...')
    .addOption(
      new Option('--channel <channel>', 'silent on this channel only')
        .choices(Object.keys(CHANNELS))
        .default('all'),
    )
    .option('--purpose <purpose>', 'silent for this purpose only', '');
  withExample(command, 'heed suppression import unsubscribed.txt --kind sha256 --reason unsubscribed').action(
    async (file: string, options: ImportOptions) => {
      if (!existsSync(file)) throw noSuchFile(file);
      const counts = await context.asMember((client) => importInto(client, file, options, context));
      context.output.record(counts);
    },
  );
}

async function importInto(
  client: HeedClient,
  file: string,
  { kind, channel, ...rest }: ImportOptions,
  { output }: Context,
): Promise<{ added: number; known: number; rejected: number }> {
  const counts = { added: 0, known: 0, rejected: 0 };
  const send = async (entries: string[]): Promise<void> => {
    const told = { kind: KINDS[kind], channel: CHANNELS[channel], ...rest, entries };
    const answer = await client.suppression.addSuppressions(told);
    counts.added += answer.added;
    counts.known += answer.known;
    counts.rejected += answer.rejected;
    output.progress(`${counts.added} added, ${counts.known} known, ${counts.rejected} rejected`);
  };
  let batch: string[] = [];
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    batch.push(line.trim().slice(0, 300));
    if (batch.length < ENTRIES_A_CALL) continue;
    await send(batch);
    batch = [];
  }
  if (batch.length > 0) await send(batch);
  output.endProgress();
  return counts;
}

function addRotate(suppression: Command, context: Context): void {
  const rotate = suppression
    .command('rotate-key')
    .description(
      "Lays another key over the tenant's suppression list and waits until all of it stands under that. Takes two " +
        'minutes and more; everything stays recognised meanwhile. Broken off, it goes on by itself: --show looks.',
    )
    .option('--show', 'only show how far the last one is');
  withExample(rotate, 'heed suppression rotate-key', 'heed suppression rotate-key --show').action(
    async ({ show }: { show?: boolean }) => {
      const rotation = await context.asMember((client) => (show ? lookAt(client) : rotated(client, context)));
      context.output.record(contactsV1.SuppressionRotation.toJSON(rotation) as object);
    },
  );
}

async function lookAt(client: HeedClient): Promise<contactsV1.SuppressionRotation> {
  return (await client.suppression.getSuppressionRotation({})).rotation!;
}

async function rotated(client: HeedClient, { output }: Context): Promise<contactsV1.SuppressionRotation> {
  let rotation = (await client.suppression.rotateSuppressionKey({})).rotation!;
  while (rotation.endedAt === '') {
    output.progress(`${rotation.formed} addresses formed, ${rotation.lifted} entries lifted`);
    await systemClock.wait(LOOK_AGAIN_MS);
    rotation = await lookAt(client);
  }
  output.endProgress();
  return rotation;
}
