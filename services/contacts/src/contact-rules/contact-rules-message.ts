import { ownPurpose, type contactsV1 } from '@heed/contracts';
import { invalidArgument, type FieldViolation } from '@heed/kernel';
import { sourceNumber, sourceOf } from '../consent/consent-message.js';
import { channelOf, numberOf } from '../contacts/channel-message.js';
import {
  CONFIRMED_SOURCES,
  NO_CONFIRMATION,
  type Confirmation,
  type ContactHours,
  type ContactRules,
  type FrequencyCap,
} from './contact-rules.js';
import { isTimeZone } from './zoned-time.js';

export function rulesMessage({
  version,
  caps,
  hours,
  confirmation,
  updatedAt,
}: ContactRules): contactsV1.ContactRules {
  return {
    etag: String(version),
    frequencyCaps: caps.map(({ channel, purpose, most, periodHours }) => {
      return { channel: numberOf(channel), purpose, most, periodHours };
    }),
    contactHours: hours.map(({ channel, purpose, days, opensMinute, closesMinute, timeZone }) => ({
      ...{ channel: numberOf(channel), purpose, days: [...days], timeZone },
      ...{ opens: timeOfDay(opensMinute), closes: timeOfDay(closesMinute) },
    })),
    optOutConfirmation: {
      sources: confirmation.sources.map(sourceNumber),
      ...{ withinMinutes: confirmation.withinMinutes, language: confirmation.language },
    },
    updatedAt: updatedAt?.toISOString() ?? '',
  };
}

/** What the contract's field rules cannot say is said here. */
export function rulesIn(
  message: contactsV1.ContactRules,
): Pick<ContactRules, 'caps' | 'hours' | 'confirmation'> {
  const violations: FieldViolation[] = [];
  const caps = message.frequencyCaps.map(({ channel, purpose, most, periodHours }): FrequencyCap => {
    return { channel: channelOf(channel), purpose, most, periodHours };
  });
  const seen = new Set<string>();
  caps.forEach(({ channel, purpose, periodHours }, index) => {
    const key = `${channel}/${purpose}/${periodHours}`;
    if (seen.has(key)) violations.push(violation('frequency_caps', index, '', 'TWICE'));
    seen.add(key);
    if (isOnceAndAtOnce(purpose))
      violations.push(violation('frequency_caps', index, '.purpose', BOUND_BY_MINUTES));
  });
  const hours = message.contactHours.map((rule, index): ContactHours => {
    const [opensMinute, closesMinute] = [minuteIn(rule.opens), minuteIn(rule.closes)];
    if (opensMinute >= closesMinute)
      violations.push(violation('contact_hours', index, '.closes', 'NOT_AFTER_OPENS'));
    if (!isTimeZone(rule.timeZone))
      violations.push(violation('contact_hours', index, '.time_zone', 'UNKNOWN_ZONE'));
    const { channel, purpose, timeZone } = rule;
    if (isOnceAndAtOnce(purpose))
      violations.push(violation('contact_hours', index, '.purpose', BOUND_BY_MINUTES));
    const days = [...new Set(rule.days)].sort((one, other) => one - other);
    return { channel: channelOf(channel), purpose, days, opensMinute, closesMinute, timeZone };
  });
  const confirmation = confirmationIn(message.optOutConfirmation, violations);
  if (violations.length > 0) throw invalidArgument(...violations);
  return { caps, hours, confirmation };
}

/** What answers somebody waits for no hours. */
function isOnceAndAtOnce(purpose: string): boolean {
  const basis = ownPurpose(purpose)?.basis;
  return basis === 'confirmation' || basis === 'sign_up';
}

/** A rule that names it would keep back what has minutes. */
const BOUND_BY_MINUTES = 'BOUND_BY_ITS_MINUTES';

function confirmationIn(
  message: contactsV1.OptOutConfirmation | undefined,
  violations: FieldViolation[],
): Confirmation {
  if (!message) return NO_CONFIRMATION;
  const sources = message.sources.map((number, index) => {
    const source = sourceOf(number);
    if (source && CONFIRMED_SOURCES.includes(source)) return source;
    violations.push(violation('opt_out_confirmation.sources', index, '', 'NOT_CONFIRMED'));
    return undefined;
  });
  return {
    // Each once, in one order: the same rule again is the same rule.
    sources: CONFIRMED_SOURCES.filter((source) => sources.includes(source)),
    withinMinutes: message.withinMinutes || NO_CONFIRMATION.withinMinutes,
    language: message.language,
  };
}

function violation(list: string, index: number, field: string, reason: string): FieldViolation {
  return { field: `contact_rules.${list}[${index}]${field}`, reason };
}

function minuteIn(text: string): number {
  const [hour, minute] = text.split(':').map(Number) as [number, number];
  return hour * 60 + minute;
}

function timeOfDay(minute: number): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
