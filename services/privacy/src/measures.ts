import { metrics } from '@heed/telemetry';

/** From the receipt of a request to its completion: the law says a month, the target is seconds. */
export const requestMs = metrics.histogram('heed_request_ms', {
  description: 'Time from the receipt of a request to its completion',
  unit: 'ms',
});

export const needAttention = metrics.counter('heed_requests_need_attention_total', {
  description: 'Requests whose probe has found what should be gone: a person must look at once',
});

export const receiptsVerified = metrics.counter('heed_receipts_verified_total', {
  description: 'Receipts that were verified with all their openings',
});

export const halfTime = metrics.counter('heed_requests_half_time_total', {
  description:
    'Requests of which half of the time allowed is over while a store is silent: a person must look',
});

export const probeHits = metrics.counter('heed_probe_hits_total', {
  description: 'Places where a sweep has found something of somebody who was erased: a person must look',
});
