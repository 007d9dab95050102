import { type Command } from 'commander';
import { type privacyV1 } from '@heed/contracts';
import { DomainError } from '@heed/kernel';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { withExample } from '../help.js';
import { checkParticipant, handsOf } from '../join-check/run-check.js';
import { LIMIT, positiveNumber, upTo } from '../paging.js';

interface CheckOptions {
  key: string;
  listen: string;
  tenant?: string;
  plant: string;
  look: string;
  change?: string;
  start?: string;
  patience: number;
}

export function addJoin(heed: Command, context: Context): void {
  const join = heed
    .command('join')
    .description('Services of others that hold personal data and must answer (docs/join.md)');
  withExample(join, 'heed join list');
  const enrol = join
    .command('enrol <name>')
    .description(
      'Makes a service known by its Ed25519 public key. For the operator; prints the key of orders.',
    )
    .requiredOption('--key <base64>', 'its public key, 32 bytes')
    .option('--tenant <id...>', 'tenants whose people it holds (default: all)', []);
  withExample(enrol, 'heed join enrol loyalty --key 6NsZ...=').action(
    async (name: string, { key, tenant }: { key: string; tenant: string[] }) => {
      const answer = await context.asMember((client) =>
        client.participants.enrolParticipant({ name, publicKey: keyIn(key), tenantIds: tenant }),
      );
      const orders = answer.ordersPublicKey.toString('base64');
      context.output.record({ ...rowOf(answer.participant!), orders_key: orders });
    },
  );
  const list = join
    .command('list')
    .description('All of them, and who is silent since when. For the operator.')
    .option(...LIMIT);
  withExample(list, 'heed join list').action(async ({ limit }: { limit: number }) => {
    const listed = await context.asMember((client) =>
      upTo(limit, async (ask) => {
        const { participants, nextPageToken: next } = await client.participants.listParticipants(ask);
        return { rows: participants, next };
      }),
    );
    const columns = ['name', 'manifest', 'seen', 'handed', 'issued', 'unanswered', 'silent_since', 'retired'];
    context.output.list(listed, { json: (participant) => participant, row: rowOf, columns });
  });
  addCheckOf(join, context);
}

function addCheckOf(join: Command, context: Context): void {
  const check = join
    .command('check <name>')
    .description(
      'Plays privacy for a service that is to join: orders, duplicates, replays, late and forged ones. ' +
        'It connects here as it would to privacy. Says what does not hold (exit code 1).',
    )
    .requiredOption('--key <base64>', 'its public key, 32 bytes')
    .requiredOption('--plant <command>', 'puts a person into its store: $TENANT $SUBJECT $EMAIL')
    .requiredOption('--look <command>', 'prints how many rows about them are there: $TENANT $SUBJECT $EMAIL')
    .option('--change <command>', 'changes something about them; must fail while they are restricted')
    .option('--start <command>', 'starts it, with HEED_PRIVACY and HEED_ORDERS_KEY set (default: you do)')
    .option('--listen <host:port>', 'where it finds this', '127.0.0.1:0')
    .option('--tenant <id>', 'whose people are planted (default: a new id)')
    .option('--patience <seconds>', 'how long to wait for an answer', positiveNumber, 30);
  withExample(
    check,
    `heed join check loyalty --key 6NsZ...= --start 'node loyalty.mjs' \\
           --plant 'node loyalty.mjs join $TENANT $SUBJECT $EMAIL' --look 'node loyalty.mjs count $TENANT $SUBJECT $EMAIL' \\
           --change 'node loyalty.mjs earn $TENANT $SUBJECT 1'`,
  ).action(async (name: string, options: CheckOptions) => {
    const { key, tenant, patience, listen, start } = options;
    const verdicts = await checkParticipant({
      ...{ name, publicKey: keyIn(key), listen, hands: handsOf(options) },
      ...(start !== undefined && { start }),
      ...(tenant !== undefined && { tenantId: tenant }),
      patienceMs: patience * 1_000,
      ready: (privacy, ordersKey) =>
        context.output.note(`HEED_PRIVACY=${privacy} HEED_ORDERS_KEY=${ordersKey}: waiting for ${name}`),
    });
    const rows = verdicts.map((verdict) => ({ ...verdict, holds: verdict.fault === '' ? 'yes' : 'NO' }));
    context.output.table(rows, ['holds', 'check', 'fault']);
    if (verdicts.some(({ fault }) => fault !== '')) process.exitCode = EXIT.REFUSED;
  });
}

function keyIn(base64: string): Buffer {
  const key = Buffer.from(base64, 'base64');
  if (key.length === 32 && key.toString('base64') === base64) return key;
  throw new DomainError('KEY_MALFORMED', 'invalid-argument', {
    message: 'an Ed25519 public key is 32 bytes in base64: 44 characters',
  });
}

function rowOf(participant: privacyV1.Participant): object {
  const { name, keyId, manifestVersion: manifest, tenantIds, seenAt: seen, issued, handed } = participant;
  return {
    ...{ name, key: keyId, tenants: tenantIds.length === 0 ? 'all' : tenantIds.join(' ') },
    ...{ manifest: manifest.slice(0, 12), seen, issued, handed, unanswered: participant.unanswered },
    ...{ silent_since: participant.silentSince, retired: participant.retiredAt },
  };
}
