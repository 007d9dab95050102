import { Inject, Injectable } from '@nestjs/common';
import { privacyV1, type messagingV1 } from '@heed/contracts';
import { CLOCK, isDomainError, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RpcClients, type Client } from '@heed/rpc';
import { Sealing } from '@heed/sealing';
import { refusal } from '../errors.js';
import { placeOfMail } from '../inbound/inbound-mail.js';
import { readMail } from '../inbound/read-mail.js';
import { ownWords } from './own-words.js';
import { ReplyStore } from './reply.store.js';

/** Shows what somebody answered, to whoever is to decide. As with messages: no record of the read, no read. */
@Injectable()
export class RevealReply {
  private readonly audit: Client<privacyV1.AuditServiceService>;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly replies: ReplyStore,
    private readonly sealing: Sealing,
    rpc: RpcClients,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.audit = rpc.of(privacyV1.AuditServiceService, 'privacy');
  }

  async reveal(caller: Caller, replyId: string): Promise<messagingV1.RevealReplyResponse> {
    const { tenantId, actorId, method: action } = caller;
    const reply = await this.uow.run(tenantId, (tx) => this.replies.find(tx, replyId));
    if (!reply?.raw) throw refusal('REPLY_NOT_FOUND');
    const raw = await this.opened(tenantId, reply.contactId, replyId, reply.raw);
    const at = this.clock.now().toISOString();
    const entry = { entryId: newId(), at, actorId, action, subjectId: reply.contactId, service: 'messaging' };
    await this.audit.recordAccess({ entries: [entry] }, { tenantId });
    const read = await readMail(raw, { nullSender: false });
    if (read?.kind !== 'written') return { subject: '', textBody: '' };
    return { subject: read.subject, textBody: ownWords(read.text) };
  }

  private async opened(tenantId: string, contactId: string, replyId: string, raw: Buffer): Promise<Buffer> {
    try {
      return await this.sealing.open(tenantId, contactId, placeOfMail(replyId), raw);
    } catch (error) {
      // Its key died a moment ago; the row will follow.
      if (isDomainError(error, 'KEY_DESTROYED')) throw refusal('REPLY_NOT_FOUND');
      throw error;
    }
  }
}
