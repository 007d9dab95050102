import { Option, type Command } from 'commander';
import { type HeedClient } from '@heed/client';
import { type privacyV1 } from '@heed/contracts';
import { DomainError, isUuid, newId } from '@heed/kernel';
import { type Context } from '../context.js';
import { readGiven } from '../files.js';
import { withExample } from '../help.js';
import { VERIFIED } from './requests-verified.js';

const A_CALL = 500;

interface Options {
  verified: string;
  objects?: boolean;
  withoutSuppression?: boolean;
}

export function addRequestsErase(requests: Command, context: Context): void {
  const command = requests
    .command('erase <file>')
    .description(
      'Takes an erasure for each contact id of a file, one a line; - reads standard input. Each is a request of its ' +
        'own, and whoever has an open one keeps that. Contact stops before the answer.',
    )
    .addOption(
      new Option('--verified <how>', 'how identities were verified').choices(VERIFIED).makeOptionMandatory(),
    )
    .option('--objects', 'they also object to being contacted')
    .option('--without-suppression', 'leave no hash of their addresses: a list may bring them back');
  withExample(command, 'heed requests erase left-us.txt --verified document').action(
    async (file: string, options: Options) => {
      const contactIds = idsIn(file);
      const erasures = await context.asMember((client) => eraseAll(client, contactIds, options));
      context.output.table(erasures, ['contactId', 'requestId', 'wasOpen']);
    },
  );
}

/** Read whole and checked before the first call: half of a list is never taken for a slip of the pen in the other. */
function idsIn(file: string): string[] {
  const lines = readGiven(file === '-' ? '/dev/stdin' : file)
    .toString('utf8')
    .split(/\r?\n/)
    .map((line) => line.trim());
  const wrong = lines.findIndex((line) => line !== '' && !isUuid(line));
  if (wrong >= 0) {
    throw new DomainError('FILE_UNREADABLE', 'invalid-argument', {
      message: `line ${wrong + 1} is no contact id`,
    });
  }
  return [...new Set(lines.filter((line) => line !== '').map((line) => line.toLowerCase()))];
}

async function eraseAll(
  client: HeedClient,
  contactIds: readonly string[],
  { verified, objects, withoutSuppression }: Options,
): Promise<privacyV1.TakenErasure[]> {
  const taken: privacyV1.TakenErasure[] = [];
  for (let at = 0; at < contactIds.length; at += A_CALL) {
    const { erasures } = await client.requests.batchCreateErasures({
      ...{ requestId: newId(), contactIds: contactIds.slice(at, at + A_CALL) },
      ...{ verification: verified, objects: objects ?? false },
      withoutSuppression: withoutSuppression ?? false,
    });
    taken.push(...erasures);
  }
  return taken;
}
