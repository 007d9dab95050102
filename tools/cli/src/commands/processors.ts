import { Option, type Command } from 'commander';
import { readFileSync } from 'node:fs';
import { privacyV1 } from '@heed/contracts';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { LIMIT, upTo } from '../paging.js';
import { moment } from '../span.js';
import { choicesOf, time, word } from '../words.js';

const SAID = choicesOf('PROCESSOR_STATE', privacyV1.ProcessorState);
SAID.delete('not_told');

interface AddOptions {
  name: string;
  tenant?: string;
  url?: string;
  domain?: string;
  certificate?: string;
  regulation: string;
  contact?: string;
}

export function addProcessors(heed: Command, context: Context): void {
  const processors = heed
    .command('processors')
    .description('Who else gets data about people (HEED_PROCESSORS), and what they were told of erasures');
  withExample(processors, 'heed processors orders --needs-person');
  addAdd(processors, context);
  addList(processors, context);
  addOrders(processors, context);
  addAnswer(processors, context);
}

function addAdd(processors: Command, context: Context): void {
  const add = processors
    .command('add <store>')
    .description(
      'Puts down who stands behind a store and how they are told of erasures, in the place of what was put down before. ' +
        'With --url by their deletion API (OpenDSR 2.0), else by a person. For the operator.',
    )
    .requiredOption('--name <name>', 'their name, as certificates show it')
    .option('--tenant <id>', 'the tenant that it is for (default: all that have no other)')
    .option('--url <url>', 'where their deletion API is, with its version')
    .option('--domain <domain>', 'the domain by which they sign')
    .option('--certificate <file>', 'the certificate by which they sign, PEM: got from them by another way')
    .addOption(
      new Option('--regulation <law>', 'by which law they are asked')
        .choices(['gdpr', 'ccpa'])
        .default('gdpr'),
    )
    .option('--contact <text>', 'where a person reaches them');
  withExample(
    add,
    `heed processors add messaging.relay --name 'Relay Ltd' --url https://dsr.relay.example/2.0 \\
           --domain dsr.relay.example --certificate relay.pem`,
  ).action(async (store: string, options: AddOptions) => {
    const { name, tenant, url = '', domain = '', certificate, regulation, contact = '' } = options;
    const { processor } = await context.asMember((client) =>
      client.processors.setProcessor({
        ...{ store, name, tenantId: tenant ?? '', url, domain, regulation, contact },
        certificate: certificate === undefined ? '' : readFileSync(certificate, 'utf8'),
      }),
    );
    context.output.record(rowOf(processor!));
  });
}

function addList(processors: Command, context: Context): void {
  const list = processors
    .command('list')
    .description('All that was put down, by store. For the operator.')
    .option(...LIMIT);
  withExample(list, 'heed processors list').action(async ({ limit }: { limit: number }) => {
    const listed = await context.asMember((client) =>
      upTo(limit, async (ask) => {
        const { processors: rows, nextPageToken: next } = await client.processors.listProcessors(ask);
        return { rows, next };
      }),
    );
    const columns = ['store', 'tenant', 'name', 'told', 'contact'];
    context.output.list(listed, { json: privacyV1.Processor.toJSON, row: rowOf, columns });
  });
}

function addOrders(processors: Command, context: Context): void {
  const orders = processors
    .command('orders')
    .description('Erasures that were to be passed on, and what became of each.')
    .option('--request <request-id>', 'only those of this request')
    .option('--needs-person', 'only those where a person must go on')
    .option(...LIMIT);
  withExample(orders, 'heed processors orders --needs-person').action(
    async ({ request, needsPerson, limit }: { request?: string; needsPerson?: boolean; limit: number }) => {
      const filter = { requestId: request ?? '', needsPerson: needsPerson ?? false };
      const listed = await context.asMember((client) =>
        upTo(limit, async (page) => {
          const asked = privacyV1.ListProcessorOrdersRequest.fromPartial({ ...page, ...filter });
          const { orders: rows, nextPageToken: next } = await client.processors.listProcessorOrders(asked);
          return { rows, next };
        }),
      );
      const columns = ['order', 'request', 'store', 'state', 'told', 'expected', 'reference', 'problem'];
      context.output.list(listed, { json: privacyV1.ProcessorOrder.toJSON, row: orderRow, columns });
    },
  );
  const one = processors
    .command('show <order-id>')
    .description(
      'One of them with the addresses that the processor knows the person by, to tell it by hand. That it was read is recorded.',
    );
  withExample(one, 'heed processors show 5f0c...').action(async (processorOrderId: string) => {
    const { order, contact, emails, phones } = await context.asMember((client) =>
      client.processors.revealProcessorOrder({ processorOrderId }),
    );
    const known = { contact, emails: emails.join(' '), phones: phones.join(' ') };
    context.output.record({ ...orderRow(order!), name: order!.name, ...known });
  });
}

function addAnswer(processors: Command, context: Context): void {
  const answer = processors
    .command('answer <order-id>')
    .description('Writes down that a processor was told by hand (pending), or what it has said since.')
    .addOption(new Option('--state <state>', 'what it said').choices([...SAID.keys()]).makeOptionMandatory())
    .option('--reference <text>', 'its number for it, which names nobody', '')
    .option('--expected <time>', 'when it expects to be done', moment);
  withExample(answer, 'heed processors answer 5f0c... --state pending --reference 2026-4711').action(
    async (
      processorOrderId: string,
      { state, reference, expected }: { state: string; reference: string; expected?: string },
    ) => {
      const { order } = await context.asMember((client) =>
        client.processors.recordProcessorAnswer({
          ...{ processorOrderId, reference, state: SAID.get(state)!, expectedBy: expected ?? '' },
        }),
      );
      context.output.record(orderRow(order!));
    },
  );
}

function rowOf({ store, tenantId, name, url, contact }: privacyV1.Processor): object {
  return { store, tenant: tenantId || 'all', name, told: url || '(by a person)', contact };
}

function orderRow(order: privacyV1.ProcessorOrder): object {
  const said = word('PROCESSOR_STATE', privacyV1.processorStateToJSON(order.state)).replaceAll('_', ' ');
  return {
    ...{ order: order.processorOrderId, request: order.requestId, store: order.store },
    ...{ state: order.byHand ? `${said} (by hand)` : said, told: time(order.toldAt) },
    ...{ expected: time(order.expectedBy), reference: order.reference },
    problem: order.problem.toLowerCase().replaceAll('_', ' '),
  };
}
