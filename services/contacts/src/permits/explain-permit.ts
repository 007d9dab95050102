import { Inject, Injectable } from '@nestjs/common';
import { type contactsV1 } from '@heed/contracts';
import { CLOCK, invalidArgument, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { longestPeriodMs } from '../contact-rules/frequency.js';
import { contactRules } from '../contact-rules/contact-rules.store.js';
import { channelOf } from '../contacts/channel-message.js';
import { hoursFor, refusalByCap } from './own-rules.js';
import { denialMessage } from './permit-message.js';
import { denied, type Ask, type Refusal } from './permit.js';
import { judge, type Judgement } from './permit.store.js';
import { takenFor } from './places.js';
import { Quarantine } from './quarantine.js';

/** What would be answered to an ask now, and why. Judged by the very statement that issues; takes no place. */
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
    return this.uow.run(caller.tenantId, async (tx) => {
      const [judgement] = await judge(tx, [ask]);
      const refusal = await this.refusalOf(tx, ask, judgement!);
      return {
        allowed: refusal === undefined,
        denial: refusal && denialMessage(refusal),
        consentEntryId: judgement!.consentEntryId ?? '',
      };
    });
  }

  private async refusalOf(tx: Tx, ask: Ask, judgement: Judgement): Promise<Refusal | undefined> {
    const at = this.clock.now();
    if (this.quarantine.isOn()) return denied(ask, 'quarantine', at) as Refusal;
    if (judgement.denied) return denied(ask, judgement.denied, at) as Refusal;
    const rules = await contactRules(tx);
    const { refusal } = hoursFor(rules, at)(ask);
    if (refusal) return refusal;
    const since = new Date(at.getTime() - longestPeriodMs(rules.caps));
    return refusalByCap(rules, ask, await takenFor(tx, ask, judgement, since), at);
  }
}
