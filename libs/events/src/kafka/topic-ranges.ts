import { systemClock } from '@heed/kernel';
import { logger } from '@heed/telemetry';
import { BrokerAdmin, isLeaderless, isMissingTopic, type Range } from './broker-admin.js';
import { kafkaClient } from './kafka-client.js';
import { type KafkaSettings } from './kafka-settings.js';

/** What each partition of these topics holds now; without a topic that is not there. */
export async function topicRanges(
  settings: KafkaSettings,
  topics: readonly string[],
): Promise<Map<string, Map<number, Range>>> {
  const { prefix = '' } = settings;
  const admin = new BrokerAdmin(kafkaClient(settings, 'heed-ranges', logger({ component: 'topics' })));
  const found = new Map<string, Map<number, Range>>();
  try {
    for (const topic of topics) {
      const ranges = await onceLed(() => admin.ranges([prefix + topic])).catch((error: unknown) => {
        if (isMissingTopic(error)) return new Map<string, Map<number, Range>>();
        throw error;
      });
      for (const held of ranges.values()) found.set(topic, held);
    }
    return found;
  } finally {
    await admin.close();
  }
}

const LED_WITHIN_MS = 60_000;

/** A broker that has just started, as for a restore, answers before it leads its partitions. */
async function onceLed<T>(work: () => Promise<T>): Promise<T> {
  const until = systemClock.monotonicMs() + LED_WITHIN_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isLeaderless(error) || systemClock.monotonicMs() > until) throw error;
    }
    await systemClock.wait(100);
  }
}
