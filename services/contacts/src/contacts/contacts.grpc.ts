import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { contactsV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { FromCaller } from '@heed/rpc';
import { CheckCorrections } from './check-corrections.js';
import { CreateContact } from './create-contact.js';
import { ReadContacts } from './read-contacts.js';
import { RevealContact } from './reveal-contact.js';

@Controller()
@contactsV1.ContactsServiceControllerMethods()
export class ContactsGrpc implements contactsV1.ContactsServiceController {
  constructor(
    private readonly creating: CreateContact,
    private readonly reading: ReadContacts,
    private readonly revealing: RevealContact,
    private readonly checking: CheckCorrections,
  ) {}

  createContact(
    @Payload() request: contactsV1.CreateContactRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.CreateContactResponse> {
    return this.creating.create(caller, request);
  }

  async getContact(
    @Payload() request: contactsV1.GetContactRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.GetContactResponse> {
    return { contact: await this.reading.get(caller, request.contactId) };
  }

  async revealContact(
    @Payload() request: contactsV1.RevealContactRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.RevealContactResponse> {
    return { contact: await this.revealing.reveal(caller, request.contactId) };
  }

  listContacts(
    @Payload() request: contactsV1.ListContactsRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.ListContactsResponse> {
    return this.reading.list(caller, request);
  }

  findSubjects(
    @Payload() request: contactsV1.FindSubjectsRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.FindSubjectsResponse> {
    return this.reading.find(caller, request);
  }

  checkCorrections(
    @Payload() request: contactsV1.CheckCorrectionsRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.CheckCorrectionsResponse> {
    return this.checking.check(caller, request);
  }
}
