import { ownPurpose } from '@heed/contracts';
import { type Source } from '../consent/consent.js';
import { type Channel } from '../contacts/address.js';

/** What a rule is about. Empty: all. */
export interface Scope {
  channel: Channel | '';
  purpose: string;
}

export interface FrequencyCap extends Scope {
  most: number;
  periodHours: number;
}

export interface ContactHours extends Scope {
  /** 1 (Monday) to 7; empty: every day. */
  days: readonly number[];
  /** Minutes since midnight. */
  opensMinute: number;
  /** The minute that is the first one outside; 1440 for the end of the day. */
  closesMinute: number;
  timeZone: string;
}

/** Which opt-outs are confirmed by one message, and in how many minutes. */
export interface Confirmation {
  sources: readonly Source[];
  withinMinutes: number;
  /** Of who never said theirs; empty: English. */
  language: string;
}

/** As 47 CFR 64.1200(a)(12) has it for texts. Of mails no law speaks. */
export const NO_CONFIRMATION: Confirmation = { sources: [], withinMinutes: 5, language: '' };

/**
 * Not of who complained: they are left alone. Not of what a carrier or a file says: nobody waits for an answer. A request
 * of the person is answered by privacy.
 */
export const CONFIRMED_SOURCES: readonly Source[] = [
  'one_click',
  'page',
  'agent',
  'api',
  'reply',
  'mailto',
  'key',
];

export interface ContactRules {
  /** 0 where the tenant never set any. */
  version: number;
  caps: readonly FrequencyCap[];
  hours: readonly ContactHours[];
  confirmation: Confirmation;
  updatedAt: Date | undefined;
}

export const NO_RULES: ContactRules = {
  ...{ version: 0, caps: [], hours: [] },
  confirmation: NO_CONFIRMATION,
  updatedAt: undefined,
};

/**
 * A rule of no purpose is about all that people agreed to. What rests on a contract or a law is bound by rules that name
 * its purpose: nobody means by "nothing before eight" that a code to sign in with comes in the morning.
 */
export function covers(rule: Scope, asked: Scope): boolean {
  return (
    (rule.channel === '' || rule.channel === asked.channel) &&
    (rule.purpose === asked.purpose || (rule.purpose === '' && !ownPurpose(asked.purpose)))
  );
}

/** For people to read: what a rule is about. */
export function scopeText({ channel, purpose }: Scope): string {
  return `${channel || 'any channel'}, ${purpose || 'any purpose'}`;
}
