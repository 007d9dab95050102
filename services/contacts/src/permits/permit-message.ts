import { contactsV1 } from '@heed/contracts';
import { type DenialReason, type Refusal } from './permit.js';

const { DenialReason: Reason, RuleVerdict } = contactsV1;

interface Words {
  number: contactsV1.DenialReason;
  rule: string;
  citation: string;
}

const CONSENT = 'GDPR 6(1); ePrivacy directive 13(1)';
const OBJECTION = 'GDPR 7(3) and 21(3); CAN-SPAM, 15 U.S.C. 7704(a)(4); TCPA, 47 CFR 64.1200(a)(10)';
const CONFIRMING = 'GDPR 12(3); 47 CFR 64.1200(a)(12)';
const SAFETY = 'Heed: in doubt nobody is contacted';

/** Number and rule of each denial, in the words of the contract, and what the rule rests on. */
const DENIALS: Record<DenialReason, Words> = {
  no_consent: { number: Reason.DENIAL_REASON_NO_CONSENT, rule: 'consent', citation: CONSENT },
  opted_out: { number: Reason.DENIAL_REASON_OPTED_OUT, rule: 'consent', citation: OBJECTION },
  opted_out_of_sender: { number: Reason.DENIAL_REASON_OPTED_OUT, rule: 'sender', citation: OBJECTION },
  suppressed: { number: Reason.DENIAL_REASON_SUPPRESSED, rule: 'suppression', citation: OBJECTION },
  no_endpoint: {
    number: Reason.DENIAL_REASON_NO_ENDPOINT,
    rule: 'endpoint',
    citation: 'Heed: there is no address on this channel',
  },
  undeliverable: {
    number: Reason.DENIAL_REASON_UNDELIVERABLE,
    rule: 'endpoint',
    citation: 'Heed: mail to the address comes back',
  },
  unknown_contact: {
    number: Reason.DENIAL_REASON_UNKNOWN_CONTACT,
    rule: 'contact',
    citation: 'Heed: there is no such contact',
  },
  stopped: { number: Reason.DENIAL_REASON_STOPPED, rule: 'request', citation: 'GDPR 17(1) and 21(1)' },
  restricted: {
    number: Reason.DENIAL_REASON_RESTRICTED,
    rule: 'restriction',
    citation: 'GDPR 18(2)',
  },
  already_issued: {
    number: Reason.DENIAL_REASON_ALREADY_ISSUED,
    rule: 'single_use',
    citation: 'Heed: a permit serves once',
  },
  quarantine: { number: Reason.DENIAL_REASON_QUARANTINE, rule: 'quarantine', citation: SAFETY },
  too_late: { number: Reason.DENIAL_REASON_TOO_LATE, rule: 'deadline', citation: SAFETY },
  confirmation_not_due: {
    number: Reason.DENIAL_REASON_CONFIRMATION_NOT_DUE,
    rule: 'confirmation',
    citation: CONFIRMING,
  },
  confirmation_too_late: {
    number: Reason.DENIAL_REASON_CONFIRMATION_TOO_LATE,
    rule: 'confirmation',
    citation: CONFIRMING,
  },
  not_asked: { number: Reason.DENIAL_REASON_NOT_ASKED, rule: 'sign_up', citation: 'GDPR 6(1)(b)' },
  frequency_cap: { number: Reason.DENIAL_REASON_FREQUENCY_CAP, rule: 'frequency_cap', citation: '' },
  outside_hours: { number: Reason.DENIAL_REASON_OUTSIDE_HOURS, rule: 'contact_hours', citation: '' },
};

export function denialMessage({ denied, retryAfter, ownRule }: Refusal): contactsV1.Denial {
  const { number, rule } = DENIALS[denied];
  return {
    ...{ reason: number, rule, citation: citationOf(denied, ownRule) },
    retryAfter: retryAfter?.toISOString() ?? '',
  };
}

/** What a rule says, and the denial that it makes where it forbids. */
export interface RuleSaid {
  result: contactsV1.RuleResult;
  denial?: contactsV1.Denial;
}

export function allowing(reason: DenialReason, ownRule?: string): RuleSaid {
  return { result: resultOf(reason, RuleVerdict.RULE_VERDICT_ALLOWS, ownRule) };
}

/** What the purpose itself settles, by what it rests on instead of consent. */
export function settled(reason: DenialReason, citation: string): RuleSaid {
  return { result: { ...resultOf(reason, RuleVerdict.RULE_VERDICT_ALLOWS, undefined), citation } };
}

export function notApplicable(reason: DenialReason, ownRule?: string): RuleSaid {
  return { result: resultOf(reason, RuleVerdict.RULE_VERDICT_NOT_APPLICABLE, ownRule) };
}

export function forbidding(refusal: Refusal): RuleSaid {
  const denial = denialMessage(refusal);
  return { denial, result: { ...denial, verdict: RuleVerdict.RULE_VERDICT_FORBIDS } };
}

function resultOf(
  reason: DenialReason,
  verdict: contactsV1.RuleVerdict,
  ownRule: string | undefined,
): contactsV1.RuleResult {
  const { number, rule } = DENIALS[reason];
  return { rule, verdict, reason: number, citation: citationOf(reason, ownRule), retryAfter: '' };
}

function citationOf(reason: DenialReason, ownRule: string | undefined): string {
  return ownRule === undefined ? DENIALS[reason].citation : `rule of the tenant: ${ownRule}`;
}
