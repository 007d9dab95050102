import { Inject, Injectable } from '@nestjs/common';
import { ownPurpose, type contactsV1 } from '@heed/contracts';
import { CLOCK, invalidArgument, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { lastConfirmation } from '../consent/confirmation.store.js';
import { senderOf } from '../consent/sender.js';
import { longestPeriodMs } from '../contact-rules/frequency.js';
import { contactRules } from '../contact-rules/contact-rules.store.js';
import { channelOf } from '../contacts/channel-message.js';
import { capsOn, hoursFor, ruleOfCap, ruleOfHours, refusalByCap } from './own-rules.js';
import { allowing, forbidding, notApplicable, settled, type RuleSaid } from './permit-message.js';
import { refusalFor, type Ask, type DenialReason } from './permit.js';
import { judgeByRule, type Explained } from './permit.store.js';
import { takenFor } from './places.js';
import { Quarantine } from './quarantine.js';
import { termsOf } from './terms.js';

/**
 * What would be answered to an ask now, and why. What decides is read by the conditions of the statement that issues;
 * no address leaves, no row is written, no place under a cap is taken.
 */
@Injectable()
export class ExplainPermit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly quarantine: Quarantine,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async explain(
    caller: Caller,
    { contactId, purpose, channel: number, sender }: contactsV1.ExplainPermitRequest,
  ): Promise<contactsV1.ExplainPermitResponse> {
    const channel = channelOf(number);
    if (channel === '') throw invalidArgument({ field: 'channel', reason: 'REQUIRED' });
    const ask = {
      ...{ attemptId: contactId, contactId, channel, purpose, sender: senderOf(sender) },
      ...{ nonce: Buffer.alloc(16), fields: [], tracking: false },
    };
    return this.uow.run(caller.tenantId, async (tx) => {
      // Its attempt is bound to the opt-out.
      const attemptId = termsOf(purpose) === 'confirmation' && (await lastConfirmation(tx, contactId));
      const at = this.clock.now();
      const explained = await judgeByRule(tx, attemptId ? { ...ask, attemptId } : ask, at);
      const rules = [
        ...this.safetyRules(),
        ...lawfulRules(purpose, explained, at),
        ...(await this.ownRules(tx, ask, explained)),
      ];
      const first = rules.find(({ denial }) => denial !== undefined);
      return {
        allowed: first === undefined,
        denial: first?.denial,
        consentEntryId: explained.consentEntryId ?? '',
        rules: rules.map(({ result }) => result),
      };
    });
  }

  private safetyRules(): RuleSaid[] {
    return [said('quarantine', this.quarantine.isOn(), this.clock.now())];
  }

  private async ownRules(tx: Tx, ask: Ask, explained: Explained): Promise<RuleSaid[]> {
    const at = this.clock.now();
    const rules = await contactRules(tx);
    const hours = ruleOfHours(rules, ask);
    const closed = hoursFor(rules, at)(ask).refusal;
    const caps = capsOn(rules, ask);
    const since = new Date(at.getTime() - longestPeriodMs(caps));
    const taken = caps.length > 0 ? await takenFor(tx, ask, explained, since) : [];
    return [
      ...(hours === undefined ? [] : [closed ? forbidding(closed) : allowing('outside_hours', hours)]),
      ...caps.map((cap) => {
        const full = refusalByCap([cap], ask, taken, at);
        if (full) return forbidding(full);
        return explained.hasEndpoint
          ? allowing('frequency_cap', ruleOfCap(cap))
          : notApplicable('frequency_cap', ruleOfCap(cap));
      }),
    ];
  }
}

function said(reason: DenialReason, forbids: boolean, at: Date, applies = true): RuleSaid {
  if (!applies) return notApplicable(reason);
  return forbids ? forbidding(refusalFor(reason, at)) : allowing(reason);
}

/** In the order in which they decide (deciding.ts). */
function lawfulRules(
  purpose: string,
  {
    isKnown,
    isStopped,
    isRestricted,
    hasEndpoint,
    consent,
    isOutOfSender,
    isSuppressed,
    isUndeliverable,
    ...due
  }: Explained,
  at: Date,
): RuleSaid[] {
  const terms = termsOf(purpose);
  const saysLaw = (reason: DenialReason, forbids: boolean, applies: boolean, bySettled: boolean): RuleSaid =>
    bySettled && applies
      ? settled(reason, ownPurpose(purpose)!.citation)
      : said(reason, forbids, at, applies);
  const isConfirmation = terms === 'confirmation';
  const isBeyondNo = terms === 'required' || isConfirmation;
  return [
    said('unknown_contact', !isKnown, at),
    said('stopped', isStopped, at, isKnown),
    said('restricted', isRestricted, at, isKnown),
    said('no_endpoint', !hasEndpoint, at, isKnown),
    ...(isConfirmation
      ? [
          said('confirmation_not_due', !due.isDue, at, isKnown),
          said('confirmation_too_late', due.isOver, at, due.isDue),
        ]
      : []),
    saysLaw('opted_out_of_sender', isOutOfSender, isKnown, isBeyondNo),
    saysLaw('opted_out', consent === 'opted_out' && !isOutOfSender, isKnown, isBeyondNo),
    saysLaw('suppressed', isSuppressed, hasEndpoint, isBeyondNo),
    saysLaw('no_consent', consent === undefined, isKnown, terms !== 'consent'),
    said('undeliverable', isUndeliverable, at, hasEndpoint),
  ];
}
