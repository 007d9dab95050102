import { Inject, Injectable } from '@nestjs/common';
import { type contactsV1 } from '@heed/contracts';
import { CLOCK, invalidArgument, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { channelOf } from '../contacts/channel-message.js';
import { denialMessage } from './permit-message.js';
import { type DenialReason } from './permit.js';
import { judge } from './permit.store.js';
import { Quarantine } from './quarantine.js';

/** What would be answered to an ask now, and why. Judged by the very statement that issues. */
@Injectable()
export class ExplainPermit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly quarantine: Quarantine,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async explain(
    caller: Caller,
    { contactId, purpose, channel: number }: contactsV1.ExplainPermitRequest,
  ): Promise<contactsV1.ExplainPermitResponse> {
    const channel = channelOf(number);
    if (channel === '') throw invalidArgument({ field: 'channel', reason: 'REQUIRED' });
    const ask = { attemptId: contactId, contactId, channel, purpose, nonce: Buffer.alloc(16), fields: [] };
    const { denied, consentEntryId } = await this.uow.run(caller.tenantId, (tx) => judge(tx, ask));
    const reason: DenialReason | undefined = this.quarantine.isOn() ? 'quarantine' : denied;
    return {
      allowed: reason === undefined,
      denial: reason && denialMessage(reason, this.clock.now()),
      consentEntryId: consentEntryId ?? '',
    };
  }
}
