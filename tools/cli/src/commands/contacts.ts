import { type Command } from 'commander';
import { contactsV1, typesV1 } from '@heed/contracts';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { LIMIT, upTo } from '../paging.js';
import { withSpan, type Span } from '../span.js';
import { time, word } from '../words.js';
import { addContactsImport } from './contacts-import.js';

interface SearchOptions extends Span {
  list?: string;
  address?: string;
  country?: string;
  limit: number;
}

export function addContacts(heed: Command, context: Context): void {
  const contacts = heed.command('contacts').description('Contacts and lists');
  withExample(contacts, 'heed contacts search --list 0199...');
  addContactsImport(contacts, context);
  addShow(contacts, context);
  addSearch(contacts, context);
  addLists(contacts, context);
}

function addShow(contacts: Command, context: Context): void {
  const show = contacts
    .command('show <contact-id>')
    .description('One contact with what holds for them. Addresses are masked.')
    .option('--reveal', 'addresses in clear; needs contacts.reveal, and the read is recorded');
  withExample(show, 'heed contacts show 0199...', 'heed contacts show 0199... --reveal').action(
    async (contactId: string, { reveal }: { reveal?: boolean }) => {
      const [{ contact }, consent] = await context.asMember((client) =>
        Promise.all([
          reveal ? client.contacts.revealContact({ contactId }) : client.contacts.getContact({ contactId }),
          client.consent.getConsent({ contactId }),
        ]),
      );
      const { output } = context;
      const { endpoints, ...person } = contactsV1.Contact.toJSON(contact!) as { endpoints?: object[] };
      if (output.isJson) {
        const statuses = consent.statuses.map((status) => contactsV1.ConsentStatus.toJSON(status));
        output.record({ ...person, endpoints: endpoints ?? [], consent: statuses, stopped: consent.stopped });
        return;
      }
      output.record({ ...person, stopped: consent.stopped ? 'all contact, by a request' : '' });
      output.gap();
      output.table(contact!.endpoints.map(endpointRow), ['endpoint', 'channel', 'address']);
      output.gap();
      output.table(consent.statuses.map(statusRow), ['channel', 'purpose', 'state', 'since', 'entry']);
    },
  );
}

function addSearch(contacts: Command, context: Context): void {
  const search = contacts
    .command('search')
    .description('Contacts of a list, or who have an address. Addresses are masked.')
    .option('--list <list-id>', 'only contacts on this list')
    .option('--address <address>', 'only who have exactly this email address or phone number')
    .option('--country <code>', 'only from this country, as ISO 3166-1 has it (DE)')
    .option(...LIMIT);
  withExample(
    withSpan(search, 'those made'),
    'heed contacts search --address a@example.org',
    'heed contacts search --list 0199... --limit 1000 --json',
    'heed contacts search --country DE --since 2026-11-01',
  ).action(async ({ limit, ...asked }: SearchOptions) => {
    const filter = {
      ...{ listId: asked.list, address: asked.address, country: asked.country },
      ...{ createdAfter: asked.since, createdBefore: asked.until },
    };
    const found = await context.asMember((client) =>
      upTo(limit, async (page) => {
        const answer = await client.contacts.listContacts(
          contactsV1.ListContactsRequest.fromPartial({ ...page, ...filter }),
        );
        return { rows: answer.contacts, next: answer.nextPageToken };
      }),
    );
    context.output.list(found, {
      json: contactsV1.Contact.toJSON,
      row: (contact) => ({
        contact: contact.contactId,
        name: `${contact.firstName} ${contact.lastName}`.trim(),
        country: contact.country,
        addresses: contact.endpoints.map((endpoint) => endpoint.address).join(' '),
        since: time(contact.createdAt),
      }),
      columns: ['contact', 'name', 'country', 'addresses', 'since'],
    });
  });
}

function addLists(contacts: Command, context: Context): void {
  const lists = contacts
    .command('lists')
    .description('The lists of the tenant.')
    .option('--name <text>', 'only those whose name holds this, without case', '')
    .option(...LIMIT);
  withExample(lists, 'heed contacts lists', 'heed contacts lists --name customers').action(
    async ({ name, limit }: { name: string; limit: number }) => {
      const found = await context.asMember((client) =>
        upTo(limit, async (page) => {
          const answer = await client.lists.listLists({ ...page, nameContains: name });
          return { rows: answer.lists, next: answer.nextPageToken };
        }),
      );
      context.output.list(found, {
        json: contactsV1.List.toJSON,
        row: (list) => ({ list: list.listId, name: list.name, size: list.size, since: time(list.createdAt) }),
        columns: ['list', 'name', 'size', 'since'],
      });
    },
  );
}

function endpointRow({ endpointId, channel, address }: contactsV1.Endpoint): object {
  return { endpoint: endpointId, channel: channelWord(channel), address };
}

function statusRow(status: contactsV1.ConsentStatus): object {
  return {
    channel: channelWord(status.channel),
    purpose: status.purpose || '(all)',
    state: word('CONSENT_STATE', contactsV1.consentStateToJSON(status.state)),
    since: time(status.since),
    entry: status.entryId,
  };
}

export function channelWord(channel: typesV1.Channel): string {
  return word('CHANNEL', typesV1.channelToJSON(channel)) || '(all)';
}
