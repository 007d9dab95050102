import { type Command } from 'commander';
import { type privacyV1 } from '@heed/contracts';
import { cosignedAt, openCheckpoint, readCheckpoint } from '@heed/kernel';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { withExample } from '../help.js';

export function addLog(heed: Command, context: Context): void {
  const log = heed
    .command('log')
    .description('The transparency log: what it promises, and who has countersigned it');
  withExample(log, 'heed log witnesses');
  withExample(
    log
      .command('show')
      .description('The latest checkpoint, its signature verified, and how many countersigned it.'),
    'heed log show --json',
  ).action(async () => {
    const answer = await context.asAnybody((client) => client.log.getCheckpoint({}));
    const checkpoint = openCheckpoint(answer.checkpoint, answer.vkey);
    const { origin, size, root } = checkpoint ?? {};
    const upToDate = answer.witnesses
      .map((witness) => rowOf(witness, answer))
      .filter(({ state }) => state === 'all');
    context.output.record({
      ...{ origin, size, root: root?.toString('base64'), vkey: answer.vkey },
      witnesses: `${upToDate.length} of ${answer.witnesses.length} have countersigned all of it`,
      state: checkpoint === undefined ? 'NOT SIGNED by its key' : answer.forked ? 'FORKED' : 'grows',
    });
    if (checkpoint === undefined || answer.forked) process.exitCode = EXIT.REFUSED;
  });
  withExample(
    log
      .command('witnesses')
      .description(
        'What each service has countersigned last, each signature verified. Exit code 1 where one does not verify, ' +
          'or one remembers what the log does not contain.',
      ),
    'heed log witnesses',
  ).action(async () => {
    const answer = await context.asAnybody((client) => client.log.getCheckpoint({}));
    const rows = answer.witnesses.map((witness) => rowOf(witness, answer));
    context.output.table(rows, ['service', 'size', 'at', 'state', 'vkey']);
    const isBad = answer.forked !== '' || rows.some(({ state }) => state === 'NOT SIGNED');
    if (isBad) process.exitCode = EXIT.REFUSED;
    if (answer.forked !== '')
      context.output.note(
        `the log does not contain size ${readCheckpoint(answer.forked)?.size}, which was countersigned`,
      );
  });
  withExample(
    log
      .command('new-origin')
      .description(
        "Begins the log anew after privacy's database was put back; its first leaf is the last checkpoint that any " +
          'service remembers. Refused where nothing is missing. For the operator.',
      )
      .option(
        '--witnesses-restored',
        'all services were put back too, so that none remembers what is missing',
        false,
      ),
    'heed log new-origin',
  ).action(async ({ witnessesRestored }: { witnessesRestored: boolean }) => {
    const begun = await context.asMember((client) => client.log.beginNewOrigin({ witnessesRestored }));
    const { origin, vkey, lastWitnessed } = begun;
    const last = readCheckpoint(lastWitnessed);
    context.output.record({
      ...{ origin, vkey, after: last?.origin, after_size: last?.size },
      next: 'publish the new verifier key beside the old one, which goes on verifying what was proved by it',
    });
  });
}

function rowOf(
  { service, checkpoint, vkey, size, at }: privacyV1.LogWitness,
  latest: { checkpoint: string; vkey: string },
) {
  const signed = openCheckpoint(checkpoint, latest.vkey);
  const text = signed?.text ?? readCheckpoint(checkpoint)?.text ?? '';
  const line = checkpoint.split(/(?<=\n)/).at(-1) ?? '';
  const isSigned = cosignedAt(text, line, vkey) !== undefined;
  const isAll = size === BigInt(readCheckpoint(latest.checkpoint)?.size ?? -1);
  const state = isSigned ? (isAll ? 'all' : 'behind') : 'NOT SIGNED';
  return { service, size: String(size), at, state, vkey };
}
