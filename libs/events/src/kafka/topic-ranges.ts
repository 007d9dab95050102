import { logger } from '@heed/telemetry';
import { BrokerAdmin, isMissingTopic, type Range } from './broker-admin.js';
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
      const ranges = await admin.ranges([prefix + topic]).catch((error: unknown) => {
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
