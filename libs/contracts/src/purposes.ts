/**
 * What a message rests on where it is not consent.
 * - `contract`: what the person bought or asked for cannot be done without it (GDPR 6(1)(b)).
 * - `legal_obligation`: a law makes the sender write it, whatever the person wishes (GDPR 6(1)(c)).
 * - `confirmation`: the answer to an opt-out, once and within minutes. Nobody can ask for it; contacts says when it is due.
 * - `sign_up`: whoever owns the address that a form was filled in with is asked whether it was them. Nobody can ask for it.
 */
export type PurposeBasis = 'contract' | 'legal_obligation' | 'confirmation' | 'sign_up';

/** A purpose that no consent is asked for. Every other purpose needs one. */
export interface OwnPurpose {
  basis: PurposeBasis;
  /** The law that allows it, or demands it. */
  citation: string;
}

/** The purpose of the one message that says that an opt-out was heard. */
export const OPT_OUT_CONFIRMATION = 'opt_out_confirmation';

/** The purpose of the one mail that asks whether a form was filled in by the owner of the address. */
export const SIGN_UP_CONFIRMATION = 'sign_up_confirmation';

const CAN_SPAM = '15 U.S.C. 7702(17)(A)';

/**
 * Purposes of single messages, as data. Their names are reserved: no campaign has one. What rests on a contract is
 * stopped by an opt-out of its own purpose, of its channel, or of everything; an opt-out of marketing does not reach it.
 * What a law demands is stopped by none of them: there is no right to object to it (GDPR 21 speaks of 6(1)(e) and (f)
 * and of direct marketing alone).
 */
export const OWN_PURPOSES: Readonly<Record<string, OwnPurpose>> = {
  receipt: { basis: 'contract', citation: `GDPR 6(1)(b); ${CAN_SPAM}(i)` },
  security_code: { basis: 'contract', citation: `GDPR 6(1)(b) and 32(1); ${CAN_SPAM}(iii)` },
  account_notice: { basis: 'contract', citation: `GDPR 6(1)(b); ${CAN_SPAM}(iii)` },
  service_notice: { basis: 'contract', citation: `GDPR 6(1)(b); ${CAN_SPAM}(ii) and (iii)` },
  contract_confirmation: {
    basis: 'legal_obligation',
    citation: 'GDPR 6(1)(c); Directive 2011/83/EU, 8(7)',
  },
  terms_change: {
    basis: 'legal_obligation',
    citation: 'GDPR 6(1)(c); Directive (EU) 2019/770, 19(2)',
  },
  safety_recall: {
    basis: 'legal_obligation',
    citation: 'GDPR 6(1)(c); Regulation (EU) 2023/988, 35(1)',
  },
  breach_notice: { basis: 'legal_obligation', citation: 'GDPR 6(1)(c) and 34(1)' },
  // LAW: one message that confirms, without marketing, within five minutes; who says no to processing is told what was done.
  [OPT_OUT_CONFIRMATION]: { basis: 'confirmation', citation: 'GDPR 12(3); 47 CFR 64.1200(a)(12)' },
  // LAW: a step that the person asked for; and whoever says that they agreed must be able to show it.
  [SIGN_UP_CONFIRMATION]: { basis: 'sign_up', citation: 'GDPR 6(1)(b) and 7(1)' },
};

/**
 * What an opt-out names instead of a purpose when it is about all that the person may refuse: every purpose that is not
 * in the list above, and so rests on consent or on a legitimate interest. "Stop", said without another word, means it; a
 * receipt still comes. Nobody agrees to it, and nothing is sent for it: its name is reserved.
 * LAW: GDPR 7(3) and 21(2); 15 U.S.C. 7704(a)(3): what may be refused is processing that rests on consent, direct
 * marketing, commercial messages.
 */
export const ALL_OUTREACH = 'all_outreach';

/** Whether what was said about a purpose (empty: all; or all outreach) is about this one too. */
export function coversPurpose(said: string, purpose: string): boolean {
  if (said === '' || said === purpose) return true;
  return said === ALL_OUTREACH && purpose !== '' && ownPurpose(purpose) === undefined;
}

/** Names that no campaign and no consent may have. */
export function isReserved(purpose: string): boolean {
  return purpose === ALL_OUTREACH || ownPurpose(purpose) !== undefined;
}

/** Those that a member may ask for a single message for. */
export function isForSingleMessages(purpose: string): boolean {
  const own = ownPurpose(purpose);
  return own !== undefined && own.basis !== 'confirmation' && own.basis !== 'sign_up';
}

/** Undefined for what needs consent. */
export function ownPurpose(purpose: string): OwnPurpose | undefined {
  return Object.hasOwn(OWN_PURPOSES, purpose) ? OWN_PURPOSES[purpose] : undefined;
}
