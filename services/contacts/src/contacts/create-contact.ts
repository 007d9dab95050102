import { Inject, Injectable } from '@nestjs/common';
import { contactsV1 } from '@heed/contracts';
import { CLOCK, invalidArgument, newId, type Caller, type Clock, type FieldViolation } from '@heed/kernel';
import { addSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { refusal } from '../errors.js';
import { addMembers, existingLists } from '../lists/list.store.js';
import { erasedAmong } from '../suppression/suppression.store.js';
import { AddressHashes } from './address-hashes.js';
import { readEmail, readPhone, type Address } from './address.js';
import { contactMessage } from './contact-message.js';
import { type Contact } from './contact.js';
import { insertContacts } from './contact.store.js';
import { endpointsByHashes, insertEndpoints, lockNewAddresses, type NewEndpoint } from './endpoint.store.js';

@Injectable()
export class CreateContact {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly hashes: AddressHashes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(
    caller: Caller,
    request: contactsV1.CreateContactRequest,
  ): Promise<contactsV1.CreateContactResponse> {
    const { tenantId } = caller;
    const addresses = addressesOf(request);
    const [written, candidates, forms] = await Promise.all([
      this.hashes.of(tenantId, addresses),
      this.hashes.candidates(tenantId, addresses),
      this.hashes.forms(tenantId, addresses),
    ]);
    const content = contactsV1.CreateContactRequest.encode(request).finish();
    return this.uow.run(tenantId, (tx) =>
      this.replay.once(tx, caller, request.requestId, content, contactsV1.CreateContactResponse, async () => {
        await lockNewAddresses(tx, candidates);
        if (
          (
            await erasedAmong(
              tx,
              forms.flatMap(({ hashes }) => hashes),
            )
          ).size > 0
        )
          throw refusal('SUPPRESSED');
        if ((await endpointsByHashes(tx, candidates)).length > 0) throw refusal('ENDPOINT_TAKEN');
        const contact = contactOf(request, this.clock.now());
        const endpoints = addresses.map(({ channel, address }, index): NewEndpoint => {
          return {
            endpointId: newId(),
            contactId: contact.contactId,
            channel,
            address,
            endpointHash: written[index]!,
            forms: forms[index]!,
          };
        });
        await addSubjects(tx, [contact.contactId]);
        await insertContacts(tx, [contact], contact.createdAt);
        await insertEndpoints(tx, endpoints, contact.createdAt);
        await putOnLists(tx, contact, request.listIds);
        return { contact: contactMessage(contact, endpoints, 'masked') };
      }),
    );
  }
}

function addressesOf(request: contactsV1.CreateContactRequest): Address[] {
  const violations: FieldViolation[] = [];
  const read = (field: string, text: string, reader: (text: string) => Address | undefined): Address[] => {
    if (text.trim() === '') return [];
    const address = reader(text);
    if (!address) violations.push({ field, reason: 'NOT_AN_ADDRESS' });
    return address ? [address] : [];
  };
  const addresses = [
    ...read('email', request.email, readEmail),
    ...read('phone', request.phone, (text) => readPhone(text, request.country || undefined)),
  ];
  if (addresses.length === 0 && violations.length === 0)
    violations.push({ field: 'email', reason: 'REQUIRED' });
  for (const field of ['firstName', 'lastName'] as const) {
    if (/\p{Cc}/u.test(request[field])) violations.push({ field, reason: 'NOT_A_NAME' });
  }
  if (violations.length > 0) throw invalidArgument(...violations);
  return addresses;
}

function contactOf(request: contactsV1.CreateContactRequest, createdAt: Date): Contact {
  return {
    contactId: newId(),
    firstName: request.firstName.trim() || undefined,
    lastName: request.lastName.trim() || undefined,
    country: request.country || undefined,
    source: 'api',
    createdAt,
  };
}

async function putOnLists(
  tx: Tx,
  { contactId, createdAt }: Contact,
  listIds: readonly string[],
): Promise<void> {
  const lists = [...new Set(listIds)];
  if ((await existingLists(tx, lists)).size !== lists.length) throw refusal('LIST_NOT_FOUND');
  await addMembers(
    tx,
    lists.map((listId) => ({ listId, contactId })),
    createdAt,
  );
}
