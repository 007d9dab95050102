import { Option, type Command } from 'commander';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { summary } from './requests-read.js';

const TOLD = ['letter', 'phone_call', 'in_person'];
const GROUNDS = [
  ...['identity_not_proved', 'manifestly_unfounded', 'excessive', 'not_controller', 'freedom_of_expression'],
  ...['legal_obligation', 'public_health', 'archiving_research', 'legal_claims', 'rights_of_others'],
];
const BECAUSE = ['complexity', 'number_of_requests'];

/** What a member decides about a request that is open. */
export function addRequestsDecide(requests: Command, context: Context): void {
  addInformed(requests, context);
  addExtend(requests, context);
  addClose(requests, context);
  addRefuse(requests, context);
  addCancel(requests, context);
}

function addInformed(requests: Command, context: Context): void {
  const command = requests
    .command('informed <request-id>')
    .description('Says how the person was told that their restriction ends; it is lifted then.')
    .addOption(new Option('--by <how>', 'how').choices(TOLD).makeOptionMandatory());
  withExample(command, 'heed requests informed 0199... --by letter').action(
    async (requestId: string, { by }: { by: string }) => {
      const { request } = await context.asMember((client) =>
        client.requests.noteInformed({ requestId, informed: by }),
      );
      context.output.record(summary(request!));
    },
  );
}

function addExtend(requests: Command, context: Context): void {
  const command = requests
    .command('extend <request-id>')
    .description(
      'Gives a request two months more, once, before it is due. Whoever asked is mailed, if they can be.',
    )
    .addOption(new Option('--because <ground>', 'why').choices(BECAUSE).makeOptionMandatory());
  withExample(command, 'heed requests extend 0199... --because complexity').action(
    async (requestId: string, { because }: { because: string }) => {
      const { request } = await context.asMember((client) =>
        client.requests.extendRequest({ requestId, because }),
      );
      context.output.record(summary(request!));
    },
  );
}

function addClose(requests: Command, context: Context): void {
  const command = requests
    .command('close-with-exceptions <request-id>')
    .description(
      'Closes a request although stores are silent or a probe has found something. Its certificate names them and the ' +
        'reason; the silent are asked on.',
    )
    .requiredOption('--reason <code>', 'why, as a code that names nobody: store_retired, processor_gone');
  withExample(command, 'heed requests close-with-exceptions 0199... --reason store_retired').action(
    async (requestId: string, { reason }: { reason: string }) => {
      const { request } = await context.asMember((client) =>
        client.requests.closeWithExceptions({ requestId, reason }),
      );
      context.output.record(summary(request!));
    },
  );
}

function addRefuse(requests: Command, context: Context): void {
  const command = requests
    .command('refuse <request-id>')
    .description(
      'Refuses a request on a ground of the law, before any order of it is out. Whoever asked is mailed the ground; ' +
        'permits that it stopped are issued again.',
    )
    .addOption(new Option('--ground <ground>', 'why').choices(GROUNDS).makeOptionMandatory());
  withExample(command, 'heed requests refuse 0199... --ground legal_claims').action(
    async (requestId: string, { ground }: { ground: string }) => {
      const { request } = await context.asMember((client) =>
        client.requests.refuseRequest({ requestId, ground }),
      );
      context.output.record(summary(request!));
    },
  );
}

function addCancel(requests: Command, context: Context): void {
  const command = requests
    .command('cancel <request-id>')
    .description(
      'Ends a request that whoever asked has taken back, before any order of it is out. They are mailed that; permits ' +
        'that it stopped are issued again.',
    );
  withExample(command, 'heed requests cancel 0199...').action(async (requestId: string) => {
    const { request } = await context.asMember((client) => client.requests.cancelRequest({ requestId }));
    context.output.record(summary(request!));
  });
}
