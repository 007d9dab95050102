import { type contactsV1 } from '@heed/contracts';
import { invalidArgument, type FieldViolation } from '@heed/kernel';
import { channelOf, numberOf } from '../contacts/channel-message.js';
import { type ContactHours, type ContactRules, type FrequencyCap } from './contact-rules.js';
import { isTimeZone } from './zoned-time.js';

export function rulesMessage({ version, caps, hours, updatedAt }: ContactRules): contactsV1.ContactRules {
  return {
    etag: String(version),
    frequencyCaps: caps.map(({ channel, purpose, most, periodHours }) => {
      return { channel: numberOf(channel), purpose, most, periodHours };
    }),
    contactHours: hours.map(({ channel, purpose, days, opensMinute, closesMinute, timeZone }) => ({
      ...{ channel: numberOf(channel), purpose, days: [...days], timeZone },
      ...{ opens: timeOfDay(opensMinute), closes: timeOfDay(closesMinute) },
    })),
    updatedAt: updatedAt?.toISOString() ?? '',
  };
}

/** What the contract's field rules cannot say is said here. */
export function rulesIn(message: contactsV1.ContactRules): { caps: FrequencyCap[]; hours: ContactHours[] } {
  const violations: FieldViolation[] = [];
  const caps = message.frequencyCaps.map(({ channel, purpose, most, periodHours }): FrequencyCap => {
    return { channel: channelOf(channel), purpose, most, periodHours };
  });
  const seen = new Set<string>();
  caps.forEach(({ channel, purpose, periodHours }, index) => {
    const key = `${channel}/${purpose}/${periodHours}`;
    if (seen.has(key)) violations.push(violation('frequency_caps', index, '', 'TWICE'));
    seen.add(key);
  });
  const hours = message.contactHours.map((rule, index): ContactHours => {
    const [opensMinute, closesMinute] = [minuteIn(rule.opens), minuteIn(rule.closes)];
    if (opensMinute >= closesMinute)
      violations.push(violation('contact_hours', index, '.closes', 'NOT_AFTER_OPENS'));
    if (!isTimeZone(rule.timeZone))
      violations.push(violation('contact_hours', index, '.time_zone', 'UNKNOWN_ZONE'));
    const { channel, purpose, timeZone } = rule;
    const days = [...new Set(rule.days)].sort((one, other) => one - other);
    return { channel: channelOf(channel), purpose, days, opensMinute, closesMinute, timeZone };
  });
  if (violations.length > 0) throw invalidArgument(...violations);
  return { caps, hours };
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
