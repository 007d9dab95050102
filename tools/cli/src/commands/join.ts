import { Option, type Command } from 'commander';
import { privacyV1 } from '@heed/contracts';
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
  addEnds(join, context);
  addCheckOf(join, context);
}

function addEnds(join: Command, context: Context): void {
  const show = join
    .command('show <name>')
    .description('One of them; of one that has retired, what it said last remains. For the operator.');
  withExample(show, 'heed join show loyalty').action(async (name: string) => {
    const all = await context.asMember((client) =>
      upTo(Infinity, async (ask) => {
        const { participants, nextPageToken: next } = await client.participants.listParticipants(ask);
        return { rows: participants, next };
      }),
    );
    const found = all.rows.find((participant) => participant.name === name);
    if (!found) {
      throw new DomainError('PARTICIPANT_UNKNOWN', 'not-found', {
        message: 'no participant of this name is enrolled: heed join list',
      });
    }
    print(context, found);
  });
  const rekey = join
    .command('rekey <name>')
    .description(
      'Puts another key in the place of one that was lost or stolen. The log keeps that you said so. For the operator.',
    )
    .requiredOption('--key <base64>', 'its new public key, 32 bytes')
    .addOption(new Option('--because <reason>', 'why').choices(['lost', 'stolen']).makeOptionMandatory());
  withExample(rekey, 'heed join rekey loyalty --key 6NsZ...= --because lost').action(
    async (name: string, { key, because: reason }: { key: string; because: string }) => {
      const { participant } = await context.asMember((client) =>
        client.participants.replaceParticipantKey({ name, publicKey: keyIn(key), reason }),
      );
      print(context, participant!);
    },
  );
  const retire = join
    .command('retire-lost <name>')
    .description(
      'Takes out a participant that cannot say any more what remains of its data. The log keeps that, and why. For the operator.',
    )
    .requiredOption('--because <code>', 'why, as a code that names nobody: company_gone, store_lost');
  withExample(retire, 'heed join retire-lost loyalty --because company_gone').action(
    async (name: string, { because: reason }: { because: string }) => {
      const { participant } = await context.asMember((client) =>
        client.participants.retireLostParticipant({ name, reason }),
      );
      print(context, participant!);
    },
  );
}

function print({ output }: Context, participant: privacyV1.Participant): void {
  if (output.isJson) return output.record(privacyV1.Participant.toJSON(participant) as object);
  const { withoutReceipt } = participant;
  output.record({ ...rowOf(participant), ...(withoutReceipt && { without_receipt: withoutReceipt }) });
  if (participant.remains.length === 0) return;
  output.note('what it said last remains:');
  output.table(
    participant.remains.map(({ what, ...rest }) => ({
      what: what.toLowerCase().replaceAll('_', ' '),
      ...rest,
    })),
    ['store', 'what', 'count', 'to', 'ground', 'until'],
  );
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
