import { Inject, Injectable } from '@nestjs/common';
import { privacyV1, type messagingV1 } from '@heed/contracts';
import { CLOCK, isDomainError, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RpcClients, type Client } from '@heed/rpc';
import { Sealing } from '@heed/sealing';
import { type RenderedEmail } from '@heed/templates';
import { refusal } from '../errors.js';
import { MessageStore } from '../sending/message.store.js';
import { placeOf } from '../sending/prepare-messages.js';
import { AttemptPageStore } from './attempt-page.store.js';

/**
 * Shows what was written to somebody. privacy has it in its audit log before it is shown: where privacy cannot be
 * reached nobody reads, since a read that was not recorded could not be told to the person later.
 */
@Injectable()
export class RevealMessage {
  private readonly audit: Client<privacyV1.AuditServiceService>;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly attempts: AttemptPageStore,
    private readonly messages: MessageStore,
    private readonly sealing: Sealing,
    rpc: RpcClients,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.audit = rpc.of(privacyV1.AuditServiceService, 'privacy');
  }

  async reveal(caller: Caller, attemptId: string): Promise<messagingV1.MessageContent> {
    const { attempt, message } = await this.uow.run(caller.tenantId, async (tx) => ({
      attempt: await this.attempts.find(tx, attemptId),
      message: await this.messages.find(tx, attemptId),
    }));
    if (!attempt) throw refusal('ATTEMPT_NOT_FOUND');
    if (!message) throw refusal('MESSAGE_NOT_FOUND');
    const opened = await this.open(caller.tenantId, message);
    await this.record(caller, message.contactId);
    const { subject, text, html } = JSON.parse(opened.toString('utf8')) as RenderedEmail;
    return { subject, textBody: text, htmlBody: html ?? '' };
  }

  private async open(
    tenantId: string,
    { attemptId, contactId, content }: { attemptId: string; contactId: string; content: Buffer },
  ): Promise<Buffer> {
    try {
      return await this.sealing.open(tenantId, contactId, placeOf(attemptId), content);
    } catch (error) {
      // Its key died a moment ago; the row will follow.
      if (isDomainError(error, 'KEY_DESTROYED')) throw refusal('MESSAGE_NOT_FOUND');
      throw error;
    }
  }

  private async record({ tenantId, actorId, method: action }: Caller, subjectId: string): Promise<void> {
    const at = this.clock.now().toISOString();
    const entry = { entryId: newId(), at, actorId, action, subjectId, service: 'messaging' };
    await this.audit.recordAccess({ entries: [entry] }, { tenantId });
  }
}
