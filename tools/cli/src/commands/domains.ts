import { Option, type Command } from 'commander';
import { messagingV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { withExample } from '../help.js';
import { LIMIT, upTo } from '../paging.js';
import { choicesOf, time, word } from '../words.js';

const STATES = choicesOf('SENDER_DOMAIN_STATE', messagingV1.SenderDomainState);

export function addDomains(heed: Command, context: Context): void {
  const domains = heed
    .command('domains')
    .description('Domains that mails are sent from, with the records that DNS must hold');
  withExample(domains, 'heed domains create news.example.org');
  addCreate(domains, context);
  addList(domains, context);
  addShow(domains, context);
  addVerify(domains, context);
  addRotate(domains, context);
  addDelete(domains, context);
}

function addCreate(domains: Command, context: Context): void {
  const create = domains
    .command('create <domain>')
    .description('Makes a domain with its keys, and prints the records to be put into DNS.');
  withExample(create, 'heed domains create news.example.org').action(async (domain: string) => {
    const { senderDomain } = await context.asMember((client) =>
      client.senderDomains.createSenderDomain({ requestId: newId(), domain }),
    );
    print(context, senderDomain!);
  });
}

function addList(domains: Command, context: Context): void {
  const list = domains
    .command('list')
    .description('Domains by time of creation.')
    .addOption(new Option('--state <state>', 'only those in this state').choices([...STATES.keys()]))
    .option(...LIMIT);
  withExample(list, 'heed domains list --state failing').action(
    async ({ limit, state }: { limit: number; state?: string }) => {
      const found = await context.asMember((client) =>
        upTo(limit, async (page) => {
          const answer = await client.senderDomains.listSenderDomains(
            messagingV1.ListSenderDomainsRequest.fromPartial({ ...page, state: STATES.get(state ?? '') }),
          );
          return { rows: answer.senderDomains, next: answer.nextPageToken };
        }),
      );
      context.output.list(found, {
        json: messagingV1.SenderDomain.toJSON,
        row: shortOf,
        columns: ['id', 'domain', 'state', 'spf', 'dkim', 'dmarc', 'checked'],
      });
    },
  );
}

function addShow(domains: Command, context: Context): void {
  const show = domains.command('show <domain-id>').description('One domain, with its records.');
  withExample(show, 'heed domains show 0199...').action(async (senderDomainId: string) => {
    const { senderDomain } = await context.asMember((client) =>
      client.senderDomains.getSenderDomain({ senderDomainId }),
    );
    print(context, senderDomain!);
  });
}

function addVerify(domains: Command, context: Context): void {
  const verify = domains
    .command('verify <domain-id>')
    .description('Looks at DNS now. Exit code 1 where something is not there yet.');
  withExample(verify, 'heed domains verify 0199...').action(async (senderDomainId: string) => {
    const { senderDomain } = await context.asMember((client) =>
      client.senderDomains.verifySenderDomain({ senderDomainId }, { timeoutMs: 30_000 }),
    );
    const verified = messagingV1.SenderDomainState.SENDER_DOMAIN_STATE_VERIFIED;
    if (senderDomain!.state !== verified) process.exitCode = EXIT.REFUSED;
    print(context, senderDomain!);
  });
}

function addRotate(domains: Command, context: Context): void {
  const rotate = domains
    .command('rotate <domain-id>')
    .description('Makes new keys. The old ones sign until the new records are seen in DNS.');
  withExample(rotate, 'heed domains rotate 0199...').action(async (senderDomainId: string) => {
    const { senderDomain } = await context.asMember((client) =>
      client.senderDomains.rotateSenderDomainKey({ requestId: newId(), senderDomainId }),
    );
    print(context, senderDomain!);
  });
}

function addDelete(domains: Command, context: Context): void {
  const remove = domains
    .command('delete <domain-id>')
    .description('Deletes a domain and its keys, for good.');
  withExample(remove, 'heed domains delete 0199...').action(async (senderDomainId: string) => {
    await context.asMember((client) => client.senderDomains.deleteSenderDomain({ senderDomainId }));
    context.output.record({ deleted: senderDomainId });
  });
}

function print({ output }: Context, domain: messagingV1.SenderDomain): void {
  if (output.isJson) {
    output.record(messagingV1.SenderDomain.toJSON(domain) as object);
    return;
  }
  output.record({ ...shortOf(domain), made: time(domain.createdAt), verified: time(domain.verifiedAt) });
  for (const { type, name, value, isPublished } of domain.records) {
    output.gap();
    output.text(`${type}  ${name}  (${isPublished ? 'is there' : 'put it into DNS'})`);
    // A line of its own, with nothing before it: to be copied.
    output.text(value);
  }
}

function shortOf(domain: messagingV1.SenderDomain): object {
  const { DomainCheckKind } = messagingV1;
  const resultOf = (kind: messagingV1.DomainCheckKind): string =>
    domain.checks.find((check) => check.kind === kind)?.result ?? '';
  return {
    id: domain.senderDomainId,
    domain: domain.domain,
    state: word('SENDER_DOMAIN_STATE', messagingV1.senderDomainStateToJSON(domain.state)),
    spf: resultOf(DomainCheckKind.DOMAIN_CHECK_KIND_SPF),
    dkim: resultOf(DomainCheckKind.DOMAIN_CHECK_KIND_DKIM),
    dmarc: resultOf(DomainCheckKind.DOMAIN_CHECK_KIND_DMARC),
    checked: time(domain.checkedAt),
  };
}
