/** Purposes that stand without a consent, written a second time: from the laws, not from the list of the services. */

/** What a law demands: no opt-out stops it. */
const REQUIRED = ['contract_confirmation', 'terms_change', 'safety_recall', 'breach_notice'];
/** What rests on a contract: an opt-out of it, of its channel or of everything stops it. */
const OF_A_CONTRACT = ['receipt', 'security_code', 'account_notice', 'service_notice'];

const list = (purposes: readonly string[]): string => purposes.map((purpose) => `'${purpose}'`).join(', ');

/** What answers an opt-out, and what asks whether somebody signs up: no opt-out stops it. */
const CONFIRMATIONS = ['opt_out_confirmation', 'sign_up_confirmation'];

/**
 * Whether what an opt-out named is about a purpose: it, all of them, or all that a person may refuse.
 */
export const coversInSql = (said: string, purpose: string): string =>
  `(${said} in ('', ${purpose}) or (${said} = 'all_outreach' and ${purpose} not in (${WITHOUT_CONSENT})))`;

/** For `purpose in (...)`. */
export const BEYOND_OPT_OUT = list([...REQUIRED, ...CONFIRMATIONS]);
export const WITHOUT_CONSENT = list([...REQUIRED, ...OF_A_CONTRACT, ...CONFIRMATIONS]);
