import { Option, type Command } from 'commander';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { summary } from './requests-read.js';

const TOLD = ['letter', 'phone_call', 'in_person'];
const BECAUSE = ['complexity', 'number_of_requests'];

/** What a member decides about a request that is open. */
export function addRequestsDecide(requests: Command, context: Context): void {
  addInformed(requests, context);
  addExtend(requests, context);
  addClose(requests, context);
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
