import { metrics } from '@heed/telemetry';

export const published = metrics.counter('heed_outbox_published', {
  description: 'Events that Kafka has acknowledged.',
  unit: '{event}',
});
export const handled = metrics.counter('heed_inbox_handled', {
  description: 'Events that a consumer has handled and committed.',
  unit: '{event}',
});
export const parked = metrics.counter('heed_inbox_parked', {
  description: 'Events that a consumer could not handle, and those queued behind them.',
  unit: '{event}',
});
export const refused = metrics.counter('heed_inbox_refused', {
  description: 'Events about someone erased, refused by the fence.',
  unit: '{event}',
});
export const retried = metrics.counter('heed_inbox_retried', {
  description: 'Batches put off because something they need was not to be had.',
  unit: '{batch}',
});
export const quarantined = metrics.counter('heed_inbox_quarantined', {
  description:
    'Consumers that stopped because their topic is not the one they left. Above zero: page somebody.',
  unit: '{consumer}',
});
