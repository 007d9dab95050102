import { eventTypes } from './events.js';

export interface TopicSpec {
  name: string;
  /** Fixed for the topic's life: a key must never change its partition. Growth is a v2 topic. */
  partitions: number;
  retentionMs: number;
}

/**
 * The oldest restorable backup (35 days) and 14 days more, to notice a restore and to replay. By deletion, never
 * compaction: a compacted topic with several types on it loses facts.
 */
const RETENTION_MS = 49 * 24 * 3600 * 1000;

const PARTITIONS: Record<string, number> = {
  'heed.contacts.consent.v1': 6,
  'heed.contacts.subject.v1': 6,
  'heed.contacts.confirmation.v1': 3,
  'heed.campaigns.intent.v1': 6,
  'heed.messaging.attempt.v1': 6,
  'heed.messaging.delivery.v1': 6,
  'heed.messaging.engagement.v1': 6,
  'heed.telephony.attempt.v1': 6,
  'heed.identity.message.v1': 3,
  'heed.privacy.message.v1': 3,
  'heed.privacy.order.v1': 3,
  'heed.privacy.hold.v1': 1,
};

/** Receipts are few: one a batch of orders. */
const RECEIPT_PARTITIONS = 1;

/** Every topic of the installation, as `heed topics apply` makes them. */
export const topics: TopicSpec[] = [...new Set(eventTypes.map((event) => event.topic))]
  .sort()
  .map((name) => ({ name, partitions: PARTITIONS[name] ?? RECEIPT_PARTITIONS, retentionMs: RETENTION_MS }));
