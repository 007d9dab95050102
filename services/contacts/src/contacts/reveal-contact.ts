import { Injectable } from '@nestjs/common';
import { type contactsV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { AuditTrail } from '../audit/audit-trail.js';
import { refusal } from '../errors.js';
import { contactMessage } from './contact-message.js';
import { contactsById } from './contact.store.js';
import { endpointsOf } from './endpoint.store.js';

/** Shows somebody's addresses in clear. That it was seen, and by whom, is committed before it is shown. */
@Injectable()
export class RevealContact {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly audit: AuditTrail,
  ) {}

  async reveal(caller: Caller, contactId: string): Promise<contactsV1.Contact> {
    return this.uow.run(caller.tenantId, async (tx) => {
      const contact = (await contactsById(tx, [contactId])).get(contactId);
      if (!contact) throw refusal('CONTACT_NOT_FOUND');
      await this.audit.tell(tx, caller, contactId);
      return contactMessage(contact, await endpointsOf(tx, [contactId]), 'clear');
    });
  }
}
