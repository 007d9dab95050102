import { coversPurpose } from '@heed/contracts';
import { type Channel } from '../contacts/address.js';

/**
 * What a statement is about. Empty: every channel, every purpose, every sender. An opt-out may be about ALL_OUTREACH
 * instead of a purpose: all that the person may refuse.
 */
export interface Scope {
  channel: Channel | '';
  purpose: string;
  sender: string;
}

/**
 * The purpose under which a person agrees that it is recorded whether they open messages and follow their links. A
 * consent of its own: whoever agreed to a newsletter agreed to be written to, not to be watched while they read.
 * Nobody is reached for it; no permit is issued.
 */
export const TRACKING = 'tracking';

export const EVERYTHING: Scope = { channel: '', purpose: '', sender: '' };

export type ConsentValue = 'granted' | 'opted_out';

/** How a statement was heard. */
export type Source =
  | 'import'
  | 'one_click'
  | 'page'
  | 'agent'
  | 'api'
  | 'request'
  | 'reply'
  | 'mailto'
  | 'complaint'
  | 'key'
  | 'carrier'
  | 'sign_up';

export const BASES = ['consent', 'contract', 'legitimate_interest'] as const;
export type Basis = (typeof BASES)[number];

export function isBasis(text: string): text is Basis {
  return (BASES as readonly string[]).includes(text);
}

export const PURPOSE = /^[a-z][a-z0-9_-]{0,62}$/;

/** What the ledger says of one person and scope. */
export interface ConsentState extends Scope {
  state: ConsentValue;
  entryId: string;
  /** Number of the change about this person: a later change has a higher one, whatever the clocks say. */
  epoch: bigint;
  /** When the person said it. */
  saidAt: Date;
  /** When it was recorded. */
  since: Date;
}

export function covers(outer: Scope, inner: Scope): boolean {
  return (
    (outer.channel === '' || outer.channel === inner.channel) &&
    coversPurpose(outer.purpose, inner.purpose) &&
    (outer.sender === '' || outer.sender === inner.sender)
  );
}

/**
 * Of all that was said about a channel and purpose, or about more than them, the last word counts: "never write to me"
 * ends every consent before it, and "but do send the newsletter", said afterwards, is heard. "No more from them" is
 * answered by a consent to them alone: whoever subscribes to another brand of the same tenant has not asked for this one.
 * deciding.ts says the same in SQL; a spec compares the two.
 */
export function decisive(states: readonly ConsentState[], scope: Scope): ConsentState | undefined {
  const about = states.filter((state) => covers(state, scope));
  const ofSender = lastOf(about.filter(({ sender }) => sender !== ''));
  return ofSender?.state === 'opted_out' ? ofSender : lastOf(about);
}

function lastOf(states: readonly ConsentState[]): ConsentState | undefined {
  return states.reduce<ConsentState | undefined>(
    (last, state) => (last === undefined || state.epoch > last.epoch ? state : last),
    undefined,
  );
}

/** Nothing is left to withdraw in this scope: it is opted out, and nothing in it was agreed to since. */
export function isAlreadyOut(states: readonly ConsentState[], scope: Scope): boolean {
  const last = decisive(states, scope);
  if (last?.state !== 'opted_out') return false;
  return !states.some(
    (state) => state.state === 'granted' && covers(scope, state) && decisive(states, state) === state,
  );
}

/**
 * Whether a consent that somebody states on behalf of the person takes effect. One that is older than the opt-out was
 * withdrawn by it, on whatever day it is typed in.
 */
export function judgeConsent(
  states: readonly ConsentState[],
  scope: Scope,
  saidAt: Date,
): 'grant' | 'older_than_opt_out' {
  const last = decisive(states, scope);
  return last?.state === 'opted_out' && saidAt <= last.since ? 'older_than_opt_out' : 'grant';
}

/**
 * An import speaks for nobody: it fills a silence, and changes nothing that is known. Whoever is out stays out, however
 * new the file says the consent is; lists come back from agencies with yesterday's date on them.
 */
export function judgeImported(
  states: readonly ConsentState[],
  scope: Scope,
): 'grant' | 'known' | 'opted_out' {
  const last = decisive(states, scope);
  if (last === undefined) return 'grant';
  return last.state === 'granted' ? 'known' : 'opted_out';
}
