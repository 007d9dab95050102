import { metrics } from '@heed/telemetry';

/** The share of `used` says whether senders ask for no more than they can send (ATTACKS 2.13). */
export const ended = metrics.counter('heed_permits_ended_total', {
  description:
    'Permits that senders are done with: used in time, or expired, voided, clock, not_needed. Alarm on a low share of used',
});

export const misused = metrics.counter('heed_permits_misused_total', {
  description:
    'Permits put to a second use, to another attempt or to one after their release: refused. Alarm on any',
});

export const notReturned = metrics.counter('heed_permits_not_returned_total', {
  description: 'Permits whose place under a cap could not be given back: it is free when its period is over',
});
