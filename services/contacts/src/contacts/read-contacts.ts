import { Injectable } from '@nestjs/common';
import { type contactsV1 } from '@heed/contracts';
import { invalidArgument, timeSpan, type Caller } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { readPage } from '@heed/rpc';
import { refusal } from '../errors.js';
import { existingLists } from '../lists/list.store.js';
import { newcomersAt } from '../sign-ups/sign-up.store.js';
import { AddressHashes } from './address-hashes.js';
import { readAddress, readEmail, readPhone } from './address.js';
import { contactMessage } from './contact-message.js';
import { type Contact } from './contact.js';
import { contactPage, contactsById } from './contact.store.js';
import { endpointsByHashes, endpointsOf } from './endpoint.store.js';

/** Looking at contacts without seeing their addresses. */
@Injectable()
export class ReadContacts {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly hashes: AddressHashes,
  ) {}

  async get(caller: Caller, contactId: string): Promise<contactsV1.Contact> {
    return this.uow.run(caller.tenantId, async (tx) => {
      const contact = (await contactsById(tx, [contactId])).get(contactId);
      if (!contact) throw refusal('CONTACT_NOT_FOUND');
      return contactMessage(contact, await endpointsOf(tx, [contactId]), 'masked');
    });
  }

  async list(
    caller: Caller,
    request: contactsV1.ListContactsRequest,
  ): Promise<contactsV1.ListContactsResponse> {
    const listId = request.listId || undefined;
    const filter = {
      country: request.country || undefined,
      created: timeSpan('created', request.createdAfter, request.createdBefore),
    };
    const owners = request.address === '' ? undefined : await this.ownersOf(caller.tenantId, request.address);
    return this.uow.run(caller.tenantId, async (tx) => {
      if (listId && !(await existingLists(tx, [listId])).has(listId)) throw refusal('LIST_NOT_FOUND');
      const { rows, nextPageToken } = await readPage(
        request,
        { of: (contact: Contact) => contact.contactId },
        (after, limit) => contactPage(tx, { ...filter, listId, owners, after, limit }),
      );
      return { contacts: await this.masked(tx, rows), nextPageToken };
    });
  }

  /**
   * Ids of those who have one of these addresses, and of those who would have it if they confirmed what was typed into a
   * form; what is no address leads to nobody.
   */
  async find(
    caller: Caller,
    { emails, phones }: contactsV1.FindSubjectsRequest,
  ): Promise<contactsV1.FindSubjectsResponse> {
    const addresses = [...emails.map(readEmail), ...phones.map((phone) => readPhone(phone, undefined))];
    const hashes = await this.hashes.candidates(
      caller.tenantId,
      addresses.filter((address) => address !== undefined),
    );
    return this.uow.run(caller.tenantId, async (tx) => {
      const owners = (await endpointsByHashes(tx, hashes)).map(({ contactId }) => contactId);
      return { contactIds: [...new Set([...owners, ...(await newcomersAt(tx, hashes))])] };
    });
  }

  private async ownersOf(tenantId: string, text: string): Promise<string[]> {
    const address = readAddress(text);
    if (!address) throw invalidArgument({ field: 'address', reason: 'NOT_AN_ADDRESS' });
    const hashes = await this.hashes.candidates(tenantId, [address]);
    const endpoints = await this.uow.run(tenantId, (tx) => endpointsByHashes(tx, hashes));
    return endpoints.map(({ contactId }) => contactId);
  }

  private async masked(tx: Tx, contacts: readonly Contact[]): Promise<contactsV1.Contact[]> {
    const endpoints = await endpointsOf(
      tx,
      contacts.map(({ contactId }) => contactId),
    );
    const byContact = Map.groupBy(endpoints, ({ contactId }) => contactId);
    return contacts.map((contact) =>
      contactMessage(contact, byContact.get(contact.contactId) ?? [], 'masked'),
    );
  }
}
