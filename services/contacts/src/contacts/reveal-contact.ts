import { Inject, Injectable } from '@nestjs/common';
import { privacyV1, type contactsV1 } from '@heed/contracts';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RpcClients } from '@heed/rpc';
import { LOGGER, type Logger } from '@heed/telemetry';
import { refusal } from '../errors.js';
import { forgetAccess, recordAccess, waitingAccess } from './access-entry.store.js';
import { contactMessage } from './contact-message.js';
import { contactsById } from './contact.store.js';
import { endpointsOf } from './endpoint.store.js';

const MOST_ENTRIES = 500;

/**
 * Shows somebody's addresses in clear. That it was seen, and by whom, is committed before it is shown. privacy is told
 * at once; what it could not take waits here and goes with the next reveal of the tenant.
 */
@Injectable()
export class RevealContact {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clients: RpcClients,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async reveal(caller: Caller, contactId: string): Promise<contactsV1.Contact> {
    const { tenantId, actorId, method: action } = caller;
    return this.uow.run(tenantId, async (tx) => {
      const contact = (await contactsById(tx, [contactId])).get(contactId);
      if (!contact) throw refusal('CONTACT_NOT_FOUND');
      await recordAccess(tx, { entryId: newId(), contactId, actorId, action, at: this.clock.now() });
      tx.afterCommit(() => this.tellPrivacy(tenantId));
      return contactMessage(contact, await endpointsOf(tx, [contactId]), 'clear');
    });
  }

  private async tellPrivacy(tenantId: string): Promise<void> {
    try {
      const waiting = await this.uow.run(tenantId, (tx) => waitingAccess(tx, MOST_ENTRIES));
      const entries = waiting.map(({ entryId, contactId, actorId, action, at }) => {
        return { entryId, at: at.toISOString(), actorId, action, subjectId: contactId, service: 'contacts' };
      });
      if (entries.length === 0) return;
      const audit = this.clients.of(privacyV1.AuditServiceService, 'privacy');
      // Absorbing: entries that two of us send at once are taken once.
      await audit.recordAccess({ entries }, { tenantId });
      await this.uow.run(tenantId, (tx) =>
        forgetAccess(
          tx,
          entries.map(({ entryId }) => entryId),
        ),
      );
    } catch (error) {
      this.log.warn('privacy did not take who saw whom: the entries wait', { tenantId, error });
    }
  }
}
